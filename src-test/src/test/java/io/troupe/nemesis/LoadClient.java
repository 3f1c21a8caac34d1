package io.troupe.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.troupe.model.RegisterOperation;
import io.troupe.model.RegisterOperation.Kind;
import io.troupe.nemesis.Creation.Outcome;
import io.troupe.process.EventLog;
import io.troupe.process.OfficialClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * One client that does a bit of everything to the nodes of a window and records it: writes, writes on condition of a version,
 * reads, reads after sync, sequential creations, an ephemeral for each of its sessions, and watches. What got no
 * answer is never repeated. {@link #step} is called by one thread; answers come on the client's own, in order.
 */
final class LoadClient {
    private static final int IN_FLIGHT = 4;

    private final String name;
    private final String connectString;
    private final int timeoutMillis;
    private final Random random;
    private final Observer observer;
    private final Semaphore free = new Semaphore(IN_FLIGHT);
    private final Map<String, Integer> versions = new ConcurrentHashMap<>();
    private int sessions;
    private long values;
    private @Nullable Session session;

    LoadClient(String name, String connectString, int timeoutMillis, long seed, Observer observer) {
        this.name = name;
        this.connectString = connectString;
        this.timeoutMillis = timeoutMillis;
        this.random = new Random(seed);
        this.observer = observer;
    }

    /** Told of what all clients have in common. Thread safe. */
    interface Observer {
        /** A write was acknowledged, at this time. */
        void acknowledged(long nanos);

        /** An answer or an event that no fault explains. */
        void surprised(String kind, String details);

        /** Whether a server's disk is full, or was a moment ago. */
        boolean lacksRoom();

        /** The parent of ephemerals. */
        String live();
    }

    /** A session, the version at which it set each watch that has not fired, and whether its ephemeral was acknowledged. */
    private static final class Session {
        private final OfficialClient client;
        private final long number;
        private final AtomicBoolean ephemeral = new AtomicBoolean();
        private final Map<String, Integer> watched = new ConcurrentHashMap<>();

        private Session(OfficialClient client, long number) {
            this.client = client;
            this.number = number;
        }
    }

    /** Begins one thing more, unless enough is under way. */
    void step(Window window) {
        if (!free.tryAcquire()) {
            return;
        }
        var current = session();
        var register = window.register(random.nextInt(16));
        var dice = random.nextInt(100);
        window.begins();
        if (dice < 25) {
            write(current, window, register, -1);
        } else if (dice < 40) {
            write(current, window, register, versions.getOrDefault(register, 0));
        } else if (dice < 58) {
            readAfterSync(current, window, register);
        } else if (dice < 78) {
            read(current, window, register);
        } else {
            create(current, window);
        }
    }

    private Session session() {
        if (session != null && session.client.getState().isAlive()) {
            return session;
        }
        try {
            sessions++;
            var fresh = new Session(
                    OfficialClient.watched(connectString, timeoutMillis, new EventLog()),
                    name.hashCode() * 1_000_000L + sessions);
            session = fresh;
            fresh.client.create(
                    ephemeral(),
                    new byte[0],
                    OfficialClient.OPEN,
                    CreateMode.EPHEMERAL,
                    (code, path, context, created) -> {
                        fresh.ephemeral.set(code == Code.OK.intValue());
                        explain("create an ephemeral", code);
                    },
                    null);
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String ephemeral() {
        return observer.live() + "/" + name + "-" + sessions;
    }

    private String nextValue() {
        return name + " " + values++;
    }

    private void write(Session current, Window window, String register, int expected) {
        var value = nextValue();
        var invoked = System.nanoTime();
        current.client.setData(
                register,
                value.getBytes(UTF_8),
                expected,
                (int code, String path, Object context, Stat stat) -> {
                    var ended = System.nanoTime();
                    if (code == Code.OK.intValue()) {
                        observer.acknowledged(ended);
                        versions.put(register, stat.getVersion());
                        if (expected >= 0 && stat.getVersion() != expected + 1) {
                            observer.surprised(
                                    "compare-and-set", "of version " + expected + " made version " + stat.getVersion());
                        }
                        window.did(operation(current, Kind.WRITE, register, invoked, ended, value, stat));
                    } else {
                        var refused = explain("write", code);
                        versions.remove(register);
                        window.did(operation(
                                current,
                                refused ? Kind.REFUSED_WRITE : Kind.MAYBE_WRITE,
                                register,
                                invoked,
                                refused ? ended : Long.MAX_VALUE,
                                value,
                                null,
                                code == Code.BADVERSION.intValue() ? expected : -1));
                    }
                    free.release();
                },
                null);
    }

    private void readAfterSync(Session current, Window window, String register) {
        var synced = new AtomicBoolean();
        var invoked = System.nanoTime();
        current.client.sync(register, (code, path, context) -> synced.set(code == Code.OK.intValue()), null);
        current.client.getData(
                register,
                false,
                (code, path, context, data, stat) -> didRead(
                        current,
                        window,
                        register,
                        code,
                        data,
                        stat,
                        synced.get() ? Kind.SYNC_READ : Kind.READ,
                        invoked),
                null);
    }

    /** Reads, and now and then sets a watch. */
    private void read(Session current, Window window, String register) {
        var invoked = System.nanoTime();
        if (random.nextInt(4) > 0 || current.watched.containsKey(register)) {
            current.client.getData(
                    register,
                    false,
                    (code, path, same, data, stat) ->
                            didRead(current, window, register, code, data, stat, Kind.READ, invoked),
                    null);
            return;
        }
        current.client.getData(
                register,
                event -> {
                    if (event.getType() != EventType.None) {
                        current.watched.remove(register);
                    }
                },
                (code, path, same, data, stat) -> {
                    if (code == Code.OK.intValue()) {
                        current.watched.put(register, stat.getVersion());
                    }
                    didRead(current, window, register, code, data, stat, Kind.READ, invoked);
                },
                null);
    }

    private void didRead(
            Session current,
            Window window,
            String register,
            int code,
            byte @Nullable [] data,
            @Nullable Stat stat,
            Kind kind,
            long invoked) {
        var ended = System.nanoTime();
        if (code == Code.OK.intValue() && data != null && stat != null) {
            versions.put(register, stat.getVersion());
            var watched = current.watched.get(register);
            if (watched != null && stat.getVersion() > watched) {
                observer.surprised(
                        "missed watch",
                        name + " saw version " + stat.getVersion() + " of " + register
                                + " before the event of its watch at " + watched);
                current.watched.remove(register);
            }
            window.did(operation(current, kind, register, invoked, ended, new String(data, UTF_8), stat));
        } else {
            explain("read", code);
            window.cameToNothing();
        }
        free.release();
    }

    private void create(Session current, Window window) {
        var value = nextValue();
        var invoked = System.nanoTime();
        current.client.create(
                window.sequenceParent() + "/n-",
                value.getBytes(UTF_8),
                OfficialClient.OPEN,
                CreateMode.PERSISTENT_SEQUENTIAL,
                (code, path, context, created) -> {
                    var ended = System.nanoTime();
                    if (code == Code.OK.intValue()) {
                        observer.acknowledged(ended);
                        window.created(new Creation(name, Outcome.ACKNOWLEDGED, value, created, invoked, ended));
                    } else {
                        var refused = explain("create", code);
                        window.created(new Creation(
                                name,
                                refused ? Outcome.REFUSED : Outcome.UNKNOWN,
                                value,
                                null,
                                invoked,
                                refused ? ended : Long.MAX_VALUE));
                    }
                    free.release();
                },
                null);
    }

    private RegisterOperation operation(
            Session by, Kind kind, String path, long invoked, long ended, String value, @Nullable Stat stat) {
        return operation(by, kind, path, invoked, ended, value, stat, -1);
    }

    private RegisterOperation operation(
            Session by,
            Kind kind,
            String path,
            long invoked,
            long ended,
            String value,
            @Nullable Stat stat,
            int unmet) {
        return new RegisterOperation(
                name,
                by.number,
                kind,
                path,
                invoked,
                ended,
                value,
                stat == null ? -1 : stat.getVersion(),
                stat == null ? -1 : stat.getMzxid(),
                unmet);
    }

    /** Whether an error says that the request was refused; any that neither a fault nor the request explains is a surprise. */
    private boolean explain(String what, int code) {
        return switch (Code.get(code)) {
            case OK, CONNECTIONLOSS, SESSIONEXPIRED, OPERATIONTIMEOUT -> false;
            case BADVERSION -> true;
            case THROTTLEDOP -> {
                if (!observer.lacksRoom()) {
                    observer.surprised("refused for want of room", what + " by " + name);
                }
                yield true;
            }
            default -> {
                observer.surprised("unexpected answer", what + " by " + name + ": " + Code.get(code));
                yield false;
            }
        };
    }

    /** Whether nothing is under way. */
    boolean isQuiet() {
        return free.availablePermits() == IN_FLIGHT;
    }

    /** The ephemeral that must exist because this client's session lives, if there is one. */
    @Nullable
    String livingEphemeral() {
        return session != null && session.client.getState().isConnected() && session.ephemeral.get()
                ? name + "-" + sessions
                : null;
    }

    /** Whether a session is this client's and not known to be over. */
    boolean hasSession(long id) {
        return session != null && session.client.getState().isAlive() && session.client.getSessionId() == id;
    }

    /** Leaves its session behind, as a killed process does. */
    void vanish() {
        if (session != null) {
            session.client.vanish();
        }
    }

    void close() {
        if (session != null) {
            session.client.close();
        }
    }
}
