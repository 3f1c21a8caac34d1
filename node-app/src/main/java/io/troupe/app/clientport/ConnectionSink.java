package io.troupe.app.clientport;

import io.netty.channel.EventLoop;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Result;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a connection that the node's thread sees. It only gathers what is delivered; {@link #flush} hands all of
 * it to the connection's event loop in one task. The node's thread only.
 */
final class ConnectionSink implements SessionSink {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSink.class);

    private final EventLoop loop;
    private final InetSocketAddress peer;
    private final Consumer<List<Delivery>> receiver;
    private final Unsent unsent;
    private List<Delivery> gathered = new ArrayList<>();
    private boolean overrun;

    /** {@code receiver} is called in {@code loop}. */
    ConnectionSink(PortContext context, EventLoop loop, InetSocketAddress peer, Consumer<List<Delivery>> receiver) {
        this.unsent = new Unsent(
                context.allUnsent(),
                Math.min(
                        context.settings().limits().maxUnsentBytes(),
                        context.allUnsent().limit()),
                () -> context.frontend().resume(this));
        this.loop = loop;
        this.peer = peer;
        this.receiver = receiver;
    }

    /** What was delivered and is not written. Thread-safe. */
    Unsent unsent() {
        return unsent;
    }

    @Override
    public boolean takesMore() {
        return unsent.takesMore();
    }

    /** What follows on something that is left out would be out of place. */
    private void gather(Delivery delivery) {
        if (overrun) {
            return;
        }
        overrun = !unsent.add(delivery.heldBytes());
        gathered.add(overrun ? new Delivery.End(End.UNREAD) : delivery);
    }

    @Override
    public void connected(SessionHandle handle, int timeoutMillis, boolean readOnly) {
        gather(new Delivery.Connected(handle, timeoutMillis, readOnly));
    }

    @Override
    public void reply(int xid, long zxid, Result result) {
        gather(new Delivery.Reply(xid, zxid, result));
    }

    @Override
    public void event(WatchEvent event, long zxid) {
        gather(new Delivery.Event(event, zxid));
    }

    @Override
    public void end(End reason) {
        gather(new Delivery.End(reason));
    }

    @Override
    public void flush() {
        if (gathered.isEmpty()) {
            return;
        }
        List<Delivery> burst = gathered;
        gathered = new ArrayList<>();
        try {
            loop.execute(() -> receiver.accept(burst));
        } catch (RejectedExecutionException stopped) {
            LOG.debug("client {}: the port has stopped, {} deliveries are dropped", peer, burst.size(), stopped);
        }
    }
}
