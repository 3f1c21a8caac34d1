package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** Everything a client can see of a tree, read node by node through one server. */
final class TreeDump {
    private static final int PATIENCE_SECONDS = 60;

    private final OfficialClient client;
    private final Predicate<String> wanted;
    private final Map<String, Image> images = new ConcurrentSkipListMap<>();
    private final CompletableFuture<Map<String, Image>> result = new CompletableFuture<>();
    private final AtomicInteger unanswered = new AtomicInteger();

    private TreeDump(OfficialClient client, Predicate<String> wanted) {
        this.client = client;
        this.wanted = wanted;
    }

    /**
     * A node as clients see it.
     *
     * @param data as text
     * @param stat every field of the Stat
     */
    record Image(String data, Stat stat) {}

    /** The whole tree of the server that {@code server} names, as of all writes acknowledged before the call. */
    static Map<String, Image> of(ServerProcess server) throws InterruptedException {
        return of(server, path -> true);
    }

    /** As {@link #of(ServerProcess)}, of the wanted paths alone, which must stand still. */
    static Map<String, Image> of(ServerProcess server, Predicate<String> wanted) throws InterruptedException {
        try (var client = OfficialClient.connect(server.address().clientAddress(), 20_000)) {
            // Of lists that let nobody else read.
            client.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
            client.syncAll();
            var dump = new TreeDump(client, wanted);
            dump.read("/");
            return dump.result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("reading the tree of server " + server.id(), e);
        }
    }

    private void read(String path) {
        unanswered.incrementAndGet();
        client.getData(path, false, (code, asked, context, data, stat) -> onData(code, asked, data, stat), null);
    }

    private void onData(int code, String path, byte @Nullable [] data, Stat stat) {
        if (answered(code, path)) {
            images.put(path, new Image(data == null ? "(null)" : new String(data, UTF_8), stat));
            if (stat.getNumChildren() > 0) {
                unanswered.incrementAndGet();
                client.getChildren(
                        path,
                        false,
                        (childrenCode, parent, context, names) -> {
                            if (answered(childrenCode, parent)) {
                                names.stream()
                                        .map(name -> parent.equals("/") ? "/" + name : parent + "/" + name)
                                        .filter(wanted)
                                        .forEach(this::read);
                            }
                            oneAnswered();
                        },
                        null);
            }
        }
        oneAnswered();
    }

    /** Counted down after the requests that follow from an answer have been counted up. */
    private void oneAnswered() {
        if (unanswered.decrementAndGet() == 0) {
            result.complete(new TreeMap<>(images));
        }
    }

    private boolean answered(int code, String path) {
        if (code != Code.OK.intValue()) {
            result.completeExceptionally(new AssertionError(path + ": " + Code.get(code)));
        }
        return code == Code.OK.intValue();
    }
}
