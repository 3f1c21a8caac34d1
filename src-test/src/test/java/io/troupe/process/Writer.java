package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * One client that writes through whatever happens to the servers: sequential nodes under a parent of its own, a register
 * that only it changes, and an ephemeral for each of its sessions. A write whose answer was lost is never repeated. When
 * its session expires it goes on with a new one. {@link #step} is called by one thread; answers come on the client's.
 */
final class Writer {
    private static final int IN_FLIGHT = 4;

    private final String name;
    private final String base;
    private final String connectString;
    private final int timeoutMillis;
    private final WriteHistory history;
    private final Semaphore window = new Semaphore(IN_FLIGHT);
    private @Nullable OfficialClient client;
    private int next;
    private int registered;

    Writer(String name, String base, String connectString, int timeoutMillis, WriteHistory history) {
        this.name = name;
        this.base = base;
        this.connectString = connectString;
        this.timeoutMillis = timeoutMillis;
        this.history = history;
    }

    String parent() {
        return base + "/" + name;
    }

    String register() {
        return base + "/register-" + name;
    }

    /** Whether a value is one that this writer's register is changed to. */
    boolean changedRegisterTo(String value) {
        return value.startsWith(name + " register ");
    }

    /** Fills the window of unanswered writes, with a new session if the old one is over. */
    void step() {
        var current = session();
        while (window.tryAcquire()) {
            if (next % IN_FLIGHT == 0) {
                changeRegister(current);
            } else {
                createNode(current);
            }
            next++;
        }
    }

    /** Waits until every write has been answered or given up by the client. No step may follow. */
    void drain() {
        window.acquireUninterruptibly(IN_FLIGHT);
    }

    /** Whether this session is alive. */
    boolean hasSession(long sessionId) {
        return client != null && client.getState().isAlive() && client.getSessionId() == sessionId;
    }

    /** Leaves its session behind, as a killed process does. */
    void vanish() {
        if (client != null) {
            client.vanish();
        }
    }

    void close() {
        if (client != null) {
            client.close();
        }
    }

    private OfficialClient session() {
        if (client != null && client.getState().isAlive()) {
            return client;
        }
        try {
            var fresh = OfficialClient.watched(connectString, timeoutMillis, new EventLog());
            client = fresh;
            // Its fate does not matter: an ephemeral is either absent or owned by a living session.
            fresh.create(
                    base + "/live/" + name + "-",
                    new byte[0],
                    OfficialClient.OPEN,
                    CreateMode.EPHEMERAL_SEQUENTIAL,
                    (code, path, context, created) -> explain("create an ephemeral", code),
                    null);
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void createNode(OfficialClient current) {
        var value = name + " " + next;
        history.trying(value);
        current.create(
                parent() + "/n-",
                value.getBytes(UTF_8),
                OfficialClient.OPEN,
                CreateMode.PERSISTENT_SEQUENTIAL,
                (code, path, context, created) -> {
                    if (code == Code.OK.intValue()) {
                        history.created(value, created);
                    }
                    explain("create " + value, code);
                    window.release();
                },
                null);
    }

    private void changeRegister(OfficialClient current) {
        registered++;
        var value = name + " register " + registered;
        history.trying(value);
        current.setData(
                register(),
                value.getBytes(UTF_8),
                -1,
                (int code, String path, Object context, Stat stat) -> {
                    if (code == Code.OK.intValue()) {
                        history.changed(value, stat.getVersion());
                    }
                    explain("change " + value, code);
                    window.release();
                },
                null);
    }

    /** Lost connections and expired sessions are what faults lead to; any other error is the server's mistake. */
    private void explain(String what, int code) {
        switch (Code.get(code)) {
            case OK, CONNECTIONLOSS, SESSIONEXPIRED, OPERATIONTIMEOUT -> {}
            default -> history.surprised(what + ": " + Code.get(code));
        }
    }
}
