package io.troupe.sim;

import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One connection between a client and a node, with latency in both directions. What the node delivers reaches the
 * client in order, but only once it was flushed; when the connection breaks, the rest is lost.
 */
final class SimConnection implements SessionSink {
    /** The client's end. */
    interface Listener {
        void connected(SimConnection connection, SessionHandle handle, int timeoutMillis);

        void reply(SimConnection connection, int xid, long zxid, Result result);

        void event(SimConnection connection, WatchEvent event, long zxid);

        /** The node ended the connection; for a reason that the client learns (expired), or that it does not. */
        void ended(SimConnection connection, End reason);

        /** The connection broke. */
        void broken(SimConnection connection);
    }

    private final SimWorld world;
    private final SimNode node;
    private final SplittableRandom random;
    private final Listener listener;
    private final String label;
    private final List<Runnable> unflushed = new ArrayList<>();
    private final ArrayDeque<Runnable> toClient = new ArrayDeque<>();
    private final ArrayDeque<Runnable> toNode = new ArrayDeque<>();
    private final List<ClientRequest> burst = new ArrayList<>();
    private final @Nullable SimProcess process;
    private boolean open = true;
    private boolean silent;

    SimConnection(SimWorld world, SimNode node, SplittableRandom random, String client, Listener listener) {
        this.world = world;
        this.node = node;
        this.random = random;
        this.listener = listener;
        this.process = node.process();
        this.label = client + "@" + node;
    }

    SimNode node() {
        return node;
    }

    /** Asks for a session; a node that is not there refuses the connection. */
    void open(Connect connect) {
        if (node.frontend() == null) {
            world.schedule(null, latency(), () -> broke());
            return;
        }
        node.opened(this);
        trace("connect", connect);
        toNode(frontend -> frontend.connect(connect, this));
    }

    /** Requests made at one instant travel as one burst. */
    void request(ClientRequest request) {
        trace("request", request);
        burst.add(request);
        if (burst.size() == 1) {
            world.post(null, this::sendBurst);
        }
    }

    private void sendBurst() {
        List<ClientRequest> sent = List.copyOf(burst);
        burst.clear();
        toNode(frontend -> frontend.submit(sent));
    }

    /** The client hangs up. */
    void close() {
        if (open) {
            open = false;
            node.closed(this);
            toNode(frontend -> frontend.disconnected(this));
        }
    }

    /** From now on nothing arrives on either side, and neither side is told. */
    void goSilent() {
        silent = true;
    }

    /** The node's process is gone; its operating system, if that is left, says so. */
    void nodeDied(SimNode.Death how) {
        if (how == SimNode.Death.KILL) {
            world.schedule(null, latency(), this::broke);
        } else {
            silent = true;
        }
    }

    private void broke() {
        if (open && !silent) {
            open = false;
            listener.broken(this);
        }
    }

    private long latency() {
        return random.nextLong(1, 6) * 100_000;
    }

    private void toNode(java.util.function.Consumer<Frontend> call) {
        toNode.add(() -> {
            Frontend frontend = node.frontend();
            if (!silent && frontend != null && node.process() == process) {
                call.accept(frontend);
            }
        });
        world.schedule(process, latency(), () -> toNode.remove().run());
    }

    // ---- called by the node ----

    /** Keeps what the node says until it says that it may go. A process that died a moment ago says nothing. */
    private void say(Runnable delivery) {
        if (process == null || !process.dead()) {
            unflushed.add(delivery);
        }
    }

    @Override
    public void connected(SessionHandle handle, int timeoutMillis, boolean readOnly) {
        say(() -> listener.connected(this, handle, timeoutMillis));
        trace("connected", handle);
    }

    @Override
    public void reply(int xid, long zxid, Result result) {
        say(() -> listener.reply(this, xid, zxid, result));
        if (world.trace().shows(Trace.Level.NETWORK)) {
            trace("reply", xid + " at " + Describe.value(zxid) + " " + Describe.value(result));
        }
    }

    @Override
    public void event(WatchEvent event, long zxid) {
        say(() -> listener.event(this, event, zxid));
        trace("event", event);
    }

    @Override
    public void end(End reason) {
        say(() -> {
            node.closed(this);
            open = false;
            listener.ended(this, reason);
        });
        trace("end", reason);
        flush();
    }

    @Override
    public void flush() {
        if (unflushed.isEmpty()) {
            return;
        }
        List<Runnable> delivered = List.copyOf(unflushed);
        unflushed.clear();
        toClient.add(() -> delivered.forEach(this::deliver));
        world.schedule(null, latency(), () -> toClient.remove().run());
    }

    private void deliver(Runnable delivery) {
        if (open && !silent) {
            delivery.run();
        }
    }

    private void trace(String what, Object detail) {
        world.trace().network(what, label, 0, () -> "%s %s %s".formatted(label, what, Describe.value(detail)));
    }

    @Override
    public String toString() {
        return label;
    }
}
