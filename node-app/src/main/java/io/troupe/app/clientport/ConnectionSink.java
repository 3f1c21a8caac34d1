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
    private List<Delivery> gathered = new ArrayList<>();

    /** {@code receiver} is called in {@code loop}. */
    ConnectionSink(EventLoop loop, InetSocketAddress peer, Consumer<List<Delivery>> receiver) {
        this.loop = loop;
        this.peer = peer;
        this.receiver = receiver;
    }

    @Override
    public void connected(SessionHandle handle, int timeoutMillis, boolean readOnly) {
        gathered.add(new Delivery.Connected(handle, timeoutMillis, readOnly));
    }

    @Override
    public void reply(int xid, long zxid, Result result) {
        gathered.add(new Delivery.Reply(xid, zxid, result));
    }

    @Override
    public void event(WatchEvent event, long zxid) {
        gathered.add(new Delivery.Event(event, zxid));
    }

    @Override
    public void end(End reason) {
        gathered.add(new Delivery.End(reason));
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
