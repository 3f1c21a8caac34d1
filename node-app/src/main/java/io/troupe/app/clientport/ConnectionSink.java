package io.troupe.app.clientport;

import io.netty.channel.EventLoop;
import io.troupe.app.clientport.auth.Authentication;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Request;
import io.troupe.request.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a connection that the node's thread sees. It only gathers what is delivered; {@link #flush} hands all of
 * it to the connection's event loop in one task. The node's thread only, save what is inherited.
 */
final class ConnectionSink extends Unsent implements SessionSink {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSink.class);

    private final EventLoop loop;
    private final Receiver receiver;
    private final Authentication client;
    private @Nullable List<Delivery> gathered;
    private boolean overrun;

    /** Who is delivered to. */
    interface Receiver {
        /** What the node has delivered up to a flush; in the event loop. */
        void take(List<Delivery> burst);

        /** There is room for replies again that the node was told there was none for; in any thread. */
        void hasRoomAgain();
    }

    /** {@code receiver} is called in {@code loop}. */
    ConnectionSink(PortContext context, EventLoop loop, Receiver receiver, Authentication client) {
        super(context.allUnsent());
        this.loop = loop;
        this.receiver = receiver;
        this.client = client;
    }

    @Override
    void hasRoomAgain() {
        receiver.hasRoomAgain();
    }

    @Override
    public boolean overrun() {
        return overrun;
    }

    /** What follows on something that is left out would be out of place. */
    private void gather(Delivery delivery) {
        if (overrun) {
            return;
        }
        if (gathered == null) {
            gathered = new ArrayList<>();
        }
        overrun = !add(delivery.heldBytes());
        gathered.add(overrun ? new Delivery.End(End.UNREAD) : delivery);
    }

    @Override
    public void connected(SessionHandle handle, int timeoutMillis, boolean readOnly) {
        client.audit().connected(client, handle.sessionId());
        gather(new Delivery.Connected(handle, timeoutMillis, readOnly));
    }

    @Override
    public void reply(int xid, long zxid, Result result) {
        gather(new Delivery.Reply(xid, zxid, result));
    }

    @Override
    public void decided(Request request, Result result) {
        client.audit().decided(client, request, result);
    }

    @Override
    public void denied(long sessionId, ReadOperation operation, List<Identity> who, ErrorCode error) {
        client.audit().denied(client, sessionId, operation, who, error);
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
        List<Delivery> burst = gathered;
        if (burst == null) {
            return;
        }
        gathered = null;
        try {
            loop.execute(() -> receiver.take(burst));
        } catch (RejectedExecutionException stopped) {
            LOG.debug("the port has stopped, {} deliveries to a client are dropped", burst.size(), stopped);
        }
    }
}
