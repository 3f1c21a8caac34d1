package io.troupe.app.clientport;

import io.netty.channel.Channel;
import io.troupe.app.clientport.auth.Authentication;
import io.troupe.app.clientport.jute.ClientFrame;
import io.troupe.app.clientport.jute.RequestShape;
import io.troupe.app.clientport.jute.ServerFrame;
import io.troupe.request.ErrorCode;
import io.troupe.request.Result;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection that wait for their responses, and all that is written to its client, counted. One event loop only.
 */
final class ResponseWriter {
    private final PortContext context;
    private final Authentication authentication;
    private final Channel channel;
    private final Unsent unsent;
    private final WriteTurns turns;
    private final Outbox.Progress progress;
    private final ConnectionStatistics statistics;
    private @Nullable Exchange exchange;

    /** What a connection needs while its client asks and is answered. Most sessions do nothing most of the time. */
    private record Exchange(Outstanding outstanding, Outbox outbox) {}

    /** Nothing is outstanding. */
    ResponseWriter(
            PortContext context,
            Authentication authentication,
            Channel channel,
            Unsent unsent,
            WriteTurns turns,
            Outbox.Progress progress) {
        this.context = context;
        this.authentication = authentication;
        this.channel = channel;
        this.unsent = unsent;
        this.turns = turns;
        this.progress = progress;
        this.statistics = new ConnectionStatistics(context.clock().wallMillis());
    }

    private Exchange exchange() {
        Exchange current = exchange;
        if (current == null) {
            current = new Exchange(
                    new Outstanding(context.settings().limits(), context.load()),
                    new Outbox(channel, context.statistics(), unsent, turns, progress));
            exchange = current;
        }
        return current;
    }

    /** Lets go of what an idle connection does not need. */
    void rest() {
        Exchange current = exchange;
        if (current != null
                && current.outstanding().size() == 0
                && current.outbox().isIdle()) {
            exchange = null;
        }
    }

    /** What the connection counts. */
    ConnectionStatistics statistics() {
        return statistics;
    }

    /** Where the frames wait. */
    Outbox outbox() {
        return exchange().outbox();
    }

    /** Whether frames wait, as {@link Outbox#blocked} says. */
    boolean blocked() {
        return exchange != null && exchange.outbox().blocked();
    }

    /** Of so many requests the response is due. */
    int outstanding() {
        return exchange == null ? 0 : exchange.outstanding().size();
    }

    /** Whether another request may begin. */
    boolean hasRoom() {
        return exchange == null
                || (exchange.outstanding().hasRoom() && !exchange.outbox().blocked());
    }

    /** A frame has arrived. */
    void received() {
        statistics.received();
        context.statistics().requestReceived();
    }

    /** A request, in a frame of so many bytes, goes to the node. */
    void begin(ClientFrame frame, int bytes) {
        exchange()
                .outstanding()
                .add(new Outstanding.Pending(
                        RequestShape.of(frame),
                        bytes,
                        context.clock().monotonicMillis(),
                        frame.body() instanceof ClientFrame.Write,
                        !(frame.body() instanceof ClientFrame.Unknown)));
        context.statistics().requestOutstanding();
    }

    /** Adds the response to the oldest request; false, and it does not, if the session has moved. */
    boolean answer(Delivery.Reply reply) {
        Outstanding.Pending request = exchange().outstanding().next();
        if (request == null || request.shape().xid() != reply.xid()) {
            throw new IllegalStateException("a reply to request " + reply.xid() + " where one to "
                    + (request == null ? "none" : request.shape().xid()) + " is due");
        }
        long latency = context.clock().monotonicMillis() - request.receivedMillis();
        context.statistics().requestAnswered(request.write(), latency);
        if (reply.saysMoved()) {
            discard(reply);
            return false;
        }
        if (request.known()) {
            boolean failed = reply.result().error() != ErrorCode.OK;
            statistics.answered(
                    request.shape(),
                    reply.zxid(),
                    failed,
                    latency,
                    context.clock().wallMillis());
            outbox().addCounted(new ServerFrame.Reply(request.shape(), reply.zxid(), shown(reply.result())));
        } else {
            statistics.sent();
            outbox().addCounted(new ServerFrame.Header(reply.xid(), -1, ErrorCode.UNIMPLEMENTED.code()));
        }
        return true;
    }

    private Result shown(Result result) {
        return result instanceof Result.Who who ? new Result.Who(authentication.shown(who.identities())) : result;
    }

    /** Adds an event of a watch. */
    void add(Delivery.Event fired) {
        countUnasked();
        outbox().addCounted(new ServerFrame.Event(fired.event(), fired.zxid()));
    }

    /** Adds a frame of this port's own, which answers no outstanding request. */
    void add(ServerFrame frame) {
        countUnasked();
        outbox().add(frame);
    }

    private void countUnasked() {
        statistics.sent();
        context.statistics().frameSent();
    }

    /** What the node has delivered is not for the client. */
    void discard(Delivery delivery) {
        unsent.remove(delivery.heldBytes());
    }

    /** What the client leaves unread. */
    long unsentBytes() {
        return unsent.bytes();
    }

    /** The connection is gone, and its requests with it. */
    void close() {
        Exchange last = exchange;
        if (last != null) {
            context.statistics().requestsAbandoned(last.outstanding().size());
            last.outstanding().abandon();
            last.outbox().clear();
        }
        unsent.close();
    }
}
