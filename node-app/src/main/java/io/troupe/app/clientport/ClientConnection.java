package io.troupe.app.clientport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.troupe.app.clientport.auth.Authentication;
import io.troupe.app.clientport.jute.ClientFrame;
import io.troupe.app.clientport.jute.MalformedFrameException;
import io.troupe.app.clientport.jute.RequestShape;
import io.troupe.app.clientport.jute.ServerFrame;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.node.ClientLoad;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client, from its handshake to its end. What the node delivers comes by {@link ConnectionSink}. One event loop only. */
final class ClientConnection extends ChannelInboundHandlerAdapter implements AuthFrames.Connection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** How long a client may take to read the last bytes it is due. */
    private static final long FAREWELL_MILLIS = 5_000;

    /** What a client may send ahead while its session is being opened, in bytes, before it is no longer read. */
    private static final int EARLY_BYTES = 64 << 10;

    /** Where a connection stands. It only moves forward. */
    private enum Phase {
        /** The client has not sent its handshake. */
        GREETING,
        /** The node was asked for the session. */
        OPENING,
        /** Requests flow. */
        OPEN,
        /** The node was asked to make the session known to the whole ensemble; a request waits for that. */
        UPGRADING,
        /** The client sent its last request; what it sends after that is not read. */
        LEAVING,
        /** What is due to the client is being written; nothing more is accepted for it. */
        ENDING,
        /** Over. */
        CLOSED
    }

    private final PortContext context;
    private final LoopConnections siblings;
    private final Channel channel;
    private final InetSocketAddress peer;
    private final FrameCodec codec;
    private final Outstanding outstanding;
    private final Outbox outbox;
    private final Turn turn;
    private final ConnectionSink sink;
    private final ConnectionStatistics statistics;
    private final Authentication authentication;
    private final AuthFrames proofs;

    private Phase phase = Phase.GREETING;
    private @Nullable Handshake handshake;
    private @Nullable SessionHandle session;
    private boolean readOnly;
    private @Nullable Runnable postponed;
    private int timeoutMillis;
    private long writes;

    /** Monotonic milliseconds of the last sign of life, or of the farewell. */
    private long since;

    ClientConnection(PortContext context, LoopConnections siblings, Channel channel, InetSocketAddress peer) {
        this.context = context;
        this.siblings = siblings;
        this.channel = channel;
        this.peer = peer;
        this.codec = new FrameCodec(
                this, context.words(), context.settings().limits().maxFrameBytes());
        this.outstanding = new Outstanding(context.settings().limits(), context.load());
        this.outbox = new Outbox(channel, context.statistics());
        this.turn = new Turn(context.load(), context.clock(), channel.eventLoop(), this::resume);
        this.sink = new ConnectionSink(channel.eventLoop(), peer, this::take);
        this.statistics = new ConnectionStatistics(context.clock().wallMillis());
        this.authentication = context.settings().authenticators().of(peer.getAddress());
        this.proofs = new AuthFrames(context, authentication, channel.eventLoop(), this);
        this.since = context.clock().monotonicMillis();
    }

    FrameCodec codec() {
        return codec;
    }

    /** What the client proves of itself. */
    AuthFrames proofs() {
        return proofs;
    }

    // What the client sends.

    /** Whether the next frame may be decoded. */
    boolean takesFrames() {
        return phase == Phase.GREETING
                || (phase == Phase.OPEN && !authentication.busy() && outstanding.hasRoom() && !outbox.blocked());
    }

    /** Whether a frame of so many bytes may be read. */
    boolean hasRoomFor(int bytes) {
        return phase != Phase.OPEN || context.load().hasRoomFor(bytes);
    }

    /** There was no room for a frame. */
    void rejectedLarge() {
        context.load().rejectedLarge();
    }

    /** Whether the next request, which is here, may begin; otherwise it will once it is its turn. */
    boolean isTurn(int xid) {
        return phase != Phase.OPEN || turn.hasCome(xid);
    }

    /** Whether whatever arrives is of no interest any more. */
    boolean discardsBytes() {
        return phase == Phase.LEAVING;
    }

    /** Bytes have arrived. */
    void heard(int bytes) {
        context.statistics().bytesReceived(bytes);
        if (phase != Phase.ENDING && phase != Phase.GREETING) {
            since = context.clock().monotonicMillis();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof StatusWord word) {
                answerWord(word);
            } else if (phase == Phase.GREETING) {
                greet((ByteBuf) message);
            } else {
                request((ByteBuf) message);
            }
        } catch (MalformedFrameException e) {
            drop(String.valueOf(e.getMessage()));
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answerWord(StatusWord word) {
        phase = Phase.ENDING;
        since = context.clock().monotonicMillis();
        context.words()
                .answer(word)
                .whenComplete((text, failure) -> channel.eventLoop().execute(() -> {
                    if (failure != null) {
                        LOG.error("client {}: the status word {} failed", peer, word.text(), failure);
                    }
                    String answer = text == null ? "" : text;
                    channel.writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.UTF_8))
                            .addListener(ChannelFutureListener.CLOSE);
                }));
    }

    private void greet(ByteBuf frame) throws MalformedFrameException {
        Handshake opening = Handshake.decode(frame);
        handshake = opening;
        if (!mayAsk(opening)) {
            drop("came when too many others had");
            return;
        }
        phase = Phase.OPENING;
        timeoutMillis = context.settings().clampTimeout(opening.timeoutMillis());
        since = context.clock().monotonicMillis();
        context.statistics().requestReceived();
        context.statistics().sessionRequested(opening.sessionId() != 0);
        context.frontend()
                .connect(
                        new Connect(
                                opening.sessionId(),
                                opening.password(),
                                timeoutMillis,
                                opening.lastZxidSeen(),
                                authentication.identities(),
                                opening.readOnly()),
                        sink);
    }

    private boolean mayAsk(Handshake opening) {
        ClientLoad.Weights weights = context.settings().load().connectRate().weights();
        boolean may = context.connectRate().take(opening.sessionId() == 0 ? weights.opened() : weights.renewed());
        context.statistics().tokensShort(context.connectRate().deficit());
        return may;
    }

    private void request(ByteBuf bytes) throws MalformedFrameException {
        int length = bytes.readableBytes();
        ClientFrame frame = context.decoder().decode(bytes, authentication.identities());
        statistics.received(frame.xid(), frame.type());
        context.statistics().requestReceived();
        ClientFrame.Body body = turn.begin(frame.body());
        if (proofs.take(frame)) {
            return;
        }
        if (authentication.suffices()) {
            submit(new ClientFrame(frame.xid(), frame.type(), body), length);
        } else {
            int error = ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH.code();
            refuse(new ServerFrame.Header(frame.xid(), 0, error), "asks for something before it has proven who it is");
        }
    }

    private void submit(ClientFrame asked, int length) {
        SessionHandle handle = session;
        if (handle == null) {
            throw new IllegalStateException("a request before the session is open");
        }
        ClientFrame frame =
                new ClientFrame(asked.xid(), asked.type(), SessionRules.allowed(asked.body(), handle, readOnly));
        if (!handle.replicated()
                && context.settings().localSessionsUpgrade()
                && SessionRules.needsReplication(frame.body())) {
            phase = Phase.UPGRADING;
            postponed = () -> submit(asked, length);
            context.frontend().upgrade(handle, timeoutMillis);
            return;
        }
        boolean known = !(frame.body() instanceof ClientFrame.Unknown);
        outstanding.add(new Outstanding.Pending(
                RequestShape.of(frame),
                length,
                context.clock().monotonicMillis(),
                frame.body() instanceof ClientFrame.Write,
                known));
        context.statistics().requestOutstanding();
        if (frame.body() instanceof ClientFrame.Write write) {
            siblings.submit(
                    new ClientRequest.Write(handle, frame.xid(), authentication.identities(), write.operation()));
            writes++;
            leaveAfter(asked.body());
            return;
        }
        ReadOperation operation = frame.body() instanceof ClientFrame.Read read
                ? read.operation()
                : new ReadOperation.Refused(ErrorCode.UNIMPLEMENTED);
        siblings.submit(new ClientRequest.Read(handle, frame.xid(), writes, authentication.identities(), operation));
        leaveAfter(asked.body());
        if (!known) {
            LOG.info("client {}: sent a request of unknown type {}; its connection is closed", peer, frame.type());
            phase = Phase.LEAVING;
        }
    }

    private void leaveAfter(ClientFrame.Body body) {
        if (body instanceof ClientFrame.Write write && write.operation() instanceof Operation.CloseSession) {
            phase = Phase.LEAVING;
        }
    }

    @Override
    public boolean isOpen() {
        return phase == Phase.OPEN;
    }

    @Override
    public void proven(ServerFrame answer) {
        if (session != null) {
            context.frontend().identified(session, authentication.identities());
        }
        send(answer);
    }

    @Override
    public void refuse(ServerFrame answer, String reason) {
        LOG.info("client {}: {}; its connection is closed", peer, reason);
        send(answer);
        finish();
    }

    private void send(ServerFrame frame) {
        statistics.sent();
        context.statistics().frameSent();
        outbox.add(frame);
        outbox.drain();
    }

    // What the node delivers.

    private void take(List<Delivery> burst) {
        try {
            applyAll(burst);
        } catch (RuntimeException e) {
            channel.pipeline().fireExceptionCaught(e);
        }
    }

    private void applyAll(List<Delivery> burst) {
        for (Delivery delivery : burst) {
            if (phase == Phase.ENDING || phase == Phase.CLOSED) {
                return;
            }
            apply(delivery);
        }
        outbox.drain();
        long most = context.settings().limits().maxUnsentBytes();
        if (outbox.heldBytes() > most) {
            drop("leaves more than " + most + " bytes of replies unread");
            return;
        }
        resume();
    }

    private void apply(Delivery delivery) {
        if (delivery instanceof Delivery.Reply reply) {
            answered(reply);
        } else if (delivery instanceof Delivery.Event fired) {
            statistics.sent();
            context.statistics().frameSent();
            outbox.add(new ServerFrame.Event(fired.event(), fired.zxid()));
        } else if (delivery instanceof Delivery.Connected connected) {
            opened(connected);
        } else if (delivery instanceof Delivery.End end) {
            ended(end);
        }
    }

    private void opened(Delivery.Connected connected) {
        Handshake opening = handshake;
        Runnable next = postponed;
        if (phase == Phase.UPGRADING && next != null) {
            session = connected.handle();
            phase = Phase.OPEN;
            postponed = null;
            next.run();
            return;
        }
        if (opening == null || phase != Phase.OPENING) {
            throw new IllegalStateException("a session for a connection in phase " + phase);
        }
        session = connected.handle();
        timeoutMillis = connected.timeoutMillis();
        readOnly = connected.readOnly();
        phase = Phase.OPEN;
        since = context.clock().monotonicMillis();
        context.statistics().frameSent();
        statistics.sent();
        outbox.add(opening.accepted(connected.handle().sessionId(), connected.timeoutMillis(), connected.readOnly()));
    }

    private void answered(Delivery.Reply reply) {
        Outstanding.Pending request = outstanding.next();
        if (request == null || request.shape().xid() != reply.xid()) {
            throw new IllegalStateException("a reply to request " + reply.xid() + " where one to "
                    + (request == null ? "none" : request.shape().xid()) + " is due");
        }
        long latency = context.clock().monotonicMillis() - request.receivedMillis();
        context.statistics().requestAnswered(request.write(), latency);
        if (isMoved(reply.result())) {
            ended(new Delivery.End(SessionSink.End.MOVED));
            return;
        }
        statistics.answered(reply.zxid(), latency, context.clock().wallMillis());
        if (request.known()) {
            Result result = reply.result() instanceof Result.Who who
                    ? new Result.Who(authentication.shown(who.identities()))
                    : reply.result();
            outbox.add(new ServerFrame.Reply(request.shape(), reply.zxid(), result));
        } else {
            outbox.add(new ServerFrame.Header(reply.xid(), -1, ErrorCode.UNIMPLEMENTED.code()));
        }
        if (phase == Phase.LEAVING && outstanding.size() == 0) {
            finish();
        }
    }

    /** The client must learn of a move by losing the connection (contract 1.6). */
    private static boolean isMoved(Result result) {
        return result.error() == ErrorCode.SESSION_MOVED
                || (result instanceof Result.Many many
                        && many.results().stream().anyMatch(r -> r.error() == ErrorCode.SESSION_MOVED));
    }

    private void ended(Delivery.End end) {
        SessionSink.End reason = end.reason();
        if (reason == SessionSink.End.EXPIRED && phase == Phase.OPENING && handshake != null) {
            outbox.add(handshake.expired());
        }
        if (reason == SessionSink.End.NOT_SERVING) {
            context.statistics().clientTurnedAway();
        }
        if (reason != SessionSink.End.CLOSED) {
            LOG.info("client {}: {}; its connection is closed", peer, end.inWords());
        }
        finish();
    }

    private void finish() {
        phase = Phase.ENDING;
        since = context.clock().monotonicMillis();
        outbox.closeAfterThis();
        outbox.drain();
    }

    // The connection itself.

    /**
     * Reads while something can come of it. While the node opens or closes the session nothing can, except that a
     * client that gives up is noticed only by reading.
     */
    void adjustReading() {
        boolean wanted = takesFrames() || discardsBytes() || (waitsForSession() && codec.heldBytes() < EARLY_BYTES);
        wanted &= !turn.waits() || discardsBytes();
        if (phase == Phase.CLOSED || wanted == channel.config().isAutoRead()) {
            return;
        }
        if (wanted) {
            since = context.clock().monotonicMillis();
        }
        channel.config().setAutoRead(wanted);
    }

    /** Whether the node was asked for the session, or to make it known to the whole ensemble. */
    private boolean waitsForSession() {
        return phase == Phase.OPENING || phase == Phase.UPGRADING;
    }

    /** Goes on with frames that arrived while none were taken. */
    @Override
    public void resume() {
        adjustReading();
        if (takesFrames()) {
            try {
                codec.resume();
            } catch (Exception e) {
                channel.pipeline().fireExceptionCaught(e);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable() && phase != Phase.CLOSED) {
            since = context.clock().monotonicMillis();
            outbox.drain();
            // Not now: this may be called in the middle of decoding.
            channel.eventLoop().execute(this::resume);
        }
        adjustReading();
    }

    /** Ends the connection when its time is up. */
    void tick() {
        long silent = context.clock().monotonicMillis() - since;
        switch (phase) {
            case GREETING -> {
                long deadline = handshakeMillis();
                if (silent > deadline) {
                    context.statistics().connectionNeverOpened();
                    drop("sent no handshake within " + deadline + " ms");
                }
            }
            case OPENING, UPGRADING, LEAVING -> {
                // Nobody may be there any more to close the connection: without an end to this it would stay for good.
                if (silent > timeoutMillis) {
                    drop("was silent for " + silent + " ms while its session was being "
                            + (phase == Phase.LEAVING ? "closed" : "opened"));
                }
            }
            case OPEN -> {
                // While the node is behind with its answers the client's silence is the node's own doing.
                if (silent > timeoutMillis && (channel.config().isAutoRead() || outbox.blocked())) {
                    drop("was silent for " + silent + " ms, longer than its session timeout");
                }
            }
            case ENDING -> {
                if (silent > FAREWELL_MILLIS) {
                    drop("did not take its last bytes within " + FAREWELL_MILLIS + " ms");
                }
            }
            case CLOSED -> {}
        }
    }

    /** Closes at once, because the port stops. */
    void stop() {
        phase = Phase.CLOSED;
        closeChannel();
    }

    /** Closes at once; {@code reason} completes the sentence "the client …". */
    @Override
    public void drop(String reason) {
        if (phase != Phase.CLOSED) {
            LOG.info("client {}: {}; its connection is closed", peer, reason);
            context.statistics().connectionDropped();
            phase = Phase.CLOSED;
            closeChannel();
        }
    }

    private void closeChannel() {
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            drop("lost its connection (" + cause.getMessage() + ")");
        } else if (phase != Phase.CLOSED) {
            LOG.error("client {}: its connection is closed because of a fault in this server", peer, cause);
            phase = Phase.CLOSED;
            closeChannel();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (phase == Phase.OPEN || phase == Phase.LEAVING || waitsForSession()) {
            LOG.info("client {}: hung up without closing its session", peer);
            context.statistics().connectionDropped();
        }
        phase = Phase.CLOSED;
        siblings.remove(this);
        context.addresses().release(peer.getAddress());
        context.statistics().connectionClosed();
        context.statistics().requestsAbandoned(outstanding.size());
        outstanding.abandon();
        outbox.clear();
        if (handshake != null) {
            // The node must not see a request of this connection, a watch say, after it was told that it is gone.
            siblings.handOver();
            context.frontend().disconnected(sink);
        }
    }

    private long handshakeMillis() {
        return context.settings().load().connections().handshakeDeadline().toMillis();
    }

    /** When the connection is closed, in milliseconds since 1970, unless the client gives a sign of life. */
    private long deadlineMillis() {
        Handshake opening = handshake;
        long patience = switch (phase) {
            case GREETING -> handshakeMillis();
            case ENDING -> FAREWELL_MILLIS;
            default ->
                timeoutMillis > 0 || opening == null
                        ? timeoutMillis
                        : context.settings().clampTimeout(opening.timeoutMillis());
        };
        return context.clock().wallMillis() + patience - (context.clock().monotonicMillis() - since);
    }

    ConnectionReport report() {
        SessionHandle handle = session;
        return new ConnectionReport(
                peer,
                handle == null ? 0 : handle.sessionId(),
                timeoutMillis,
                deadlineMillis(),
                channel.config().isAutoRead(),
                outstanding.size(),
                statistics.traffic(),
                statistics.latency());
    }

    void resetStatistics() {
        statistics.reset();
    }
}
