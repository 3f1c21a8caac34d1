package io.troupe.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.troupe.nemesis.FinalState.Register;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.EventLog;
import io.troupe.process.OfficialClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.AsyncCallback.VoidCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** A client that makes, reads and removes windows, again and again until it succeeds. Not thread safe. */
final class Inspector implements AutoCloseable {
    private static final int ANSWER_SECONDS = 30;
    private static final int TRIES = 20;

    private final String connectString;
    private @Nullable OfficialClient client;

    Inspector(String connectString) {
        this.connectString = connectString;
    }

    private interface Task<T> {
        T run(OfficialClient client) throws KeeperException, InterruptedException, ExecutionException, TimeoutException;
    }

    /** Does something that may be done twice until it was done once without interruption. */
    private <T> T insist(String what, Task<T> task) throws InterruptedException {
        Exception last = null;
        for (var tried = 0; tried < TRIES; tried++) {
            try {
                return task.run(connected());
            } catch (KeeperException | ExecutionException | TimeoutException | IllegalStateException e) {
                last = e;
            }
        }
        throw new IllegalStateException("cannot " + what + ", tried " + TRIES + " times", last);
    }

    /** Waits for a connection, with a new session when the old one is over. */
    private OfficialClient connected() {
        await("a connection to " + connectString)
                .atMost(EnsembleProcesses.PATIENCE.multipliedBy(2))
                .until(() -> living().getState().isConnected());
        return living();
    }

    private OfficialClient living() {
        var current = client;
        if (current == null || !current.getState().isAlive()) {
            try {
                current = OfficialClient.watched(connectString, OfficialClient.PATIENT_TIMEOUT_MILLIS, new EventLog());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            client = current;
        }
        return current;
    }

    /** Makes a node where there is none. */
    void make(String path, String data) throws InterruptedException {
        insist("make " + path, connected -> {
            if (connected.exists(path, false) == null) {
                try {
                    connected.createText(path, data, CreateMode.PERSISTENT);
                } catch (KeeperException.NodeExistsException madeByAnEarlierTry) {
                    return path;
                }
            }
            return path;
        });
    }

    /** Makes the nodes of a window. */
    Window makeWindow(String path) throws InterruptedException {
        var window = new Window(path);
        make(path, "");
        make(window.sequenceParent(), "");
        for (var register : window.registers()) {
            make(register, "none");
        }
        return window;
    }

    /** What is there after a sync that begins now. */
    FinalState read(Window window) throws InterruptedException {
        return insist("read " + window.path(), connected -> {
            connected.syncAll();
            Map<String, Register> registers = new HashMap<>();
            for (var path : window.registers()) {
                var stat = new Stat();
                var value = new String(connected.getData(path, false, stat), UTF_8);
                registers.put(path, new Register(value, stat.getVersion(), stat.getMzxid()));
            }
            return new FinalState(registers, dataOfChildren(connected, window.sequenceParent()));
        });
    }

    private static Map<String, String> dataOfChildren(OfficialClient connected, String parent)
            throws KeeperException, InterruptedException, ExecutionException, TimeoutException {
        Map<String, String> data = new ConcurrentHashMap<>();
        var answers = connected.getChildren(parent, false).stream()
                .map(child -> parent + "/" + child)
                .map(path -> {
                    var answer = new CompletableFuture<Code>();
                    connected.getData(
                            path,
                            false,
                            (code, asked, context, bytes, stat) -> {
                                if (bytes != null) {
                                    data.put(path, new String(bytes, UTF_8));
                                }
                                succeedOrFail(answer, code, path);
                            },
                            null);
                    return answer;
                })
                .toList();
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        return data;
    }

    private static void succeedOrFail(CompletableFuture<Code> answer, int code, String path) {
        if (code == Code.OK.intValue() || code == Code.NONODE.intValue()) {
            answer.complete(Code.get(code));
        } else {
            answer.completeExceptionally(KeeperException.create(Code.get(code), path));
        }
    }

    /** Removes a window and all that is in it. */
    void remove(Window window) throws InterruptedException {
        insist("remove " + window.path(), connected -> {
            removeChildren(connected, window.sequenceParent());
            removeChildren(connected, window.path());
            return deleted(connected, window.path()).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        });
    }

    private static void removeChildren(OfficialClient connected, String parent)
            throws KeeperException, InterruptedException, ExecutionException, TimeoutException {
        if (connected.exists(parent, false) == null) {
            return;
        }
        var answers = connected.getChildren(parent, false).stream()
                .map(child -> deleted(connected, parent + "/" + child))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(answers).get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    private static CompletableFuture<Code> deleted(OfficialClient connected, String path) {
        var answer = new CompletableFuture<Code>();
        VoidCallback done = (code, asked, context) -> succeedOrFail(answer, code, path);
        connected.delete(path, -1, done, null);
        return answer;
    }

    /** The owners of the ephemerals below a node, by name, after a sync. */
    Map<String, Long> owners(String parent) throws InterruptedException {
        return insist("read " + parent, connected -> {
            connected.syncAll();
            Map<String, Long> owners = new HashMap<>();
            for (var child : connected.getChildren(parent, false)) {
                var stat = connected.exists(parent + "/" + child, false);
                if (stat != null) {
                    owners.put(child, stat.getEphemeralOwner());
                }
            }
            return owners;
        });
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
