package io.troupe.sim;

import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client with one session at a time: pings when idle, gives up a connection that is silent for two thirds of the
 * session timeout, goes to another node with the same session, and opens a new session when the old one has expired.
 * It checks what no client may ever see: replies out of order, time going backwards, events too late.
 */
final class SimClient implements SimConnection.Listener {
    /** What happens to a client besides the answers to its calls. */
    interface Listener {
        /** A session is open; {@code fresh} when it is a new one. */
        default void connected(boolean fresh) {}

        /** The session has expired; what was waiting for it has been abandoned. */
        default void expired(long sessionId) {}

        default void event(WatchEvent event, long zxid) {}
    }

    private record Outstanding(int xid, Call call) {}

    private static final int UNHEARD_MILLIS = 3_000;

    private final SimWorld world;
    private final String name;
    private final List<SimNode> nodes;
    private final int timeoutMillis;
    private final List<Identity> identities;
    private final Listener listener;
    private final SplittableRandom random;
    private final ArrayDeque<Outstanding> outstanding = new ArrayDeque<>();
    private final List<Call> unsent = new ArrayList<>();

    private @Nullable SimConnection connection;
    private @Nullable SessionHandle handle;
    private @Nullable SimNode pinned;
    private long sessionId;
    private int xid;
    private long writes;
    private long lastZxidSeen;
    private long lastReplyZxid;
    private long connectedSinceNanos;
    private long lastSentNanos;
    private long lastHeardNanos;
    private long lastProvenNanos;
    private long silentUntilNanos;
    private int nextNode;
    private boolean stopped;
    private int expirations;
    private long answered;

    SimClient(SimWorld world, String name, List<SimNode> nodes, int timeoutMillis, Listener listener) {
        this(world, name, nodes, timeoutMillis, List.of(Identity.ANYONE), listener);
    }

    SimClient(
            SimWorld world,
            String name,
            List<SimNode> nodes,
            int timeoutMillis,
            List<Identity> identities,
            Listener listener) {
        this.identities = identities;
        this.world = world;
        this.name = name;
        this.nodes = nodes;
        this.timeoutMillis = timeoutMillis;
        this.listener = listener;
        this.random = world.random("client " + name);
        this.nextNode = random.nextInt(nodes.size());
    }

    String name() {
        return name;
    }

    long sessionId() {
        return sessionId;
    }

    /** Of the last reply; what the client tells a node it connects to. */
    long lastZxidSeen() {
        return lastZxidSeen;
    }

    boolean connected() {
        return handle != null && connection != null;
    }

    /** Where the client is connected or tries to connect. */
    @Nullable
    SimNode at() {
        return connection == null ? null : connection.node();
    }

    int timeoutMillis() {
        return timeoutMillis;
    }

    int expirations() {
        return expirations;
    }

    /** Requests answered, pings apart. */
    long answered() {
        return answered;
    }

    int waiting() {
        return outstanding.size() + unsent.size();
    }

    // ---- what a scenario or a workload asks for ----

    /** Connects, and from then on stays connected as well as it can. */
    void start() {
        connect();
        tick();
    }

    /** Only ever connects to this node. */
    void pin(SimNode node) {
        pinned = node;
        if (connection != null && connection.node() != node) {
            hangUp();
        }
    }

    /** Sends nothing more and forgets everything, as a client whose machine is gone. */
    void stop() {
        stopped = true;
        if (connection != null) {
            connection.goSilent();
            connection = null;
        }
        handle = null;
        abandonAll();
    }

    /** Neither sends nor hears anything for a while, as a client in a long pause. */
    void fallSilent(Duration span) {
        world.trace().event(name + " falls silent for " + span.toMillis() + " ms");
        silentUntilNanos = world.nowNanos() + span.toNanos();
        hangUpSilently();
    }

    /** The connection breaks without either side being told. */
    void cutConnection() {
        if (connection != null) {
            connection.goSilent();
        }
    }

    /** Leaves the node for another one. */
    void hangUp() {
        if (connection != null) {
            connection.close();
            disconnected();
        }
    }

    private void hangUpSilently() {
        if (connection != null) {
            connection.goSilent();
            disconnected();
        }
    }

    Call write(Operation operation, Consumer<Call> whenDone) {
        return call(new Call(operation, null, world.nowNanos(), whenDone));
    }

    Call read(ReadOperation operation, Consumer<Call> whenDone) {
        return call(new Call(null, operation, world.nowNanos(), whenDone));
    }

    private Call call(Call call) {
        if (connected()) {
            send(call);
        } else {
            unsent.add(call);
        }
        return call;
    }

    private void send(Call call) {
        SessionHandle session = handle;
        SimConnection to = connection;
        if (session == null || to == null) {
            throw new IllegalStateException(name + " is not connected");
        }
        call.sent(sessionId, world.nowNanos());
        lastSentNanos = world.nowNanos();
        xid++;
        outstanding.add(new Outstanding(xid, call));
        Operation write = call.write();
        ReadOperation read = call.read();
        if (write != null) {
            to.request(new ClientRequest.Write(session, xid, identities, write));
            writes++;
        } else if (read != null) {
            to.request(new ClientRequest.Read(session, xid, writes, identities, read));
        }
    }

    // ---- connecting ----

    private void connect() {
        if (stopped || connection != null) {
            return;
        }
        if (world.nowNanos() < silentUntilNanos) {
            world.schedule(null, silentUntilNanos - world.nowNanos(), this::connect);
            return;
        }
        SimNode node = pinned != null ? pinned : nodes.get(nextNode++ % nodes.size());
        connection = new SimConnection(world, node, random, name, this);
        connectedSinceNanos = world.nowNanos();
        lastHeardNanos = world.nowNanos();
        connection.open(new Connect(sessionId, password(), timeoutMillis, lastZxidSeen, identities, false));
    }

    private byte[] password() {
        byte[] password = new byte[16];
        if (sessionId != 0) {
            new Random(sessionId ^ 0xB3415C00L).nextBytes(password);
        }
        return password;
    }

    private void disconnected() {
        connection = null;
        handle = null;
        List<Outstanding> lost = new ArrayList<>(outstanding);
        outstanding.clear();
        lost.forEach(each -> each.call().abandoned(world.nowNanos()));
        world.schedule(null, random.nextLong(20, 200) * 1_000_000, this::connect);
    }

    private void abandonAll() {
        List<Outstanding> lost = new ArrayList<>(outstanding);
        outstanding.clear();
        lost.forEach(each -> each.call().abandoned(world.nowNanos()));
        List<Call> never = new ArrayList<>(unsent);
        unsent.clear();
        never.forEach(call -> call.abandoned(world.nowNanos()));
    }

    private void tick() {
        if (stopped) {
            return;
        }
        long now = world.nowNanos();
        long timeout = timeoutMillis * 1_000_000L;
        if (connection != null && handle == null && now - connectedSinceNanos > timeout / nodes.size()) {
            hangUp();
        } else if (handle != null && now - lastHeardNanos > timeout * 2 / 3) {
            hangUp();
        } else if (handle != null && now - lastSentNanos > timeout / 3 - timeout / 12) {
            send(new Call(null, new ReadOperation.Ping(), now, call -> {}));
        }
        world.schedule(null, timeout / 12, this::tick);
    }

    // ---- from the node ----

    @Override
    public void connected(SimConnection from, SessionHandle opened, int grantedMillis) {
        if (from != connection) {
            return;
        }
        boolean fresh = sessionId == 0;
        if (!fresh && opened.sessionId() != sessionId) {
            world.fail("%s asked for session %x and got %x".formatted(name, sessionId, opened.sessionId()));
        }
        sessionId = opened.sessionId();
        handle = opened;
        writes = 0;
        lastReplyZxid = 0;
        lastHeardNanos = world.nowNanos();
        lastProvenNanos = connectedSinceNanos;
        listener.connected(fresh);
        List<Call> queued = new ArrayList<>(unsent);
        unsent.clear();
        queued.forEach(this::call);
    }

    @Override
    public void reply(SimConnection from, int replyXid, long zxid, Result result) {
        if (from != connection) {
            return;
        }
        lastHeardNanos = world.nowNanos();
        Outstanding first = outstanding.poll();
        if (first == null || first.xid() != replyXid) {
            world.fail("%s: reply to %d, expected %s".formatted(from, replyXid, first == null ? "none" : first.xid()));
            return;
        }
        if (zxid < lastZxidSeen) {
            world.fail("%s went back from zxid %x to %x".formatted(from, lastZxidSeen, zxid));
        }
        lastProvenNanos = Math.max(lastProvenNanos, first.call().sentNanos());
        lastZxidSeen = zxid;
        lastReplyZxid = zxid;
        if (!(first.call().read() instanceof ReadOperation.Ping)) {
            answered++;
        }
        from.node().answered(zxid);
        first.call().answered(result, zxid, world.nowNanos());
    }

    @Override
    public void event(SimConnection from, WatchEvent event, long zxid) {
        if (from != connection) {
            return;
        }
        lastHeardNanos = world.nowNanos();
        if (zxid != -1 && zxid <= lastReplyZxid) {
            world.fail("%s: event %s of %x after a reply that reflects %x".formatted(from, event, zxid, lastReplyZxid));
        }
        listener.event(event, zxid);
    }

    @Override
    public void ended(SimConnection from, SessionSink.End reason) {
        if (from != connection) {
            return;
        }
        if (reason == SessionSink.End.EXPIRED) {
            long expired = sessionId;
            checkExpiry(from);
            expirations++;
            world.trace().event(name + "'s session expired");
            sessionId = 0;
            disconnected();
            abandonAll();
            listener.expired(expired);
        } else if (reason == SessionSink.End.CLOSED) {
            sessionId = 0;
            disconnected();
        } else {
            disconnected();
        }
    }

    /**
     * A session lives for its timeout after the last request that was answered (contract 1.6), less the time for which a
     * node may answer although its leader cannot hear it: until the dead link is noticed, what was touched is lost. The
     * leader measures it with a clock that may run too fast.
     */
    private void checkExpiry(SimConnection from) {
        long silentMillis = (world.nowNanos() - lastProvenNanos) / 1_000_000;
        if (sessionId != 0 && silentMillis < leastLifeMillis() - UNHEARD_MILLIS) {
            world.fail("%s: session expired %d ms after it was heard".formatted(from, silentMillis));
        }
    }

    private long leastLifeMillis() {
        return timeoutMillis * 1000L / (1000 + SimNode.MAX_SKEW_PER_MILLE);
    }

    @Override
    public void broken(SimConnection from) {
        if (from == connection) {
            disconnected();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
