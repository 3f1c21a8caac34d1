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
import io.troupe.edge.SessionSink;
import io.troupe.node.ClientLoad;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client, from its handshake to its end. What the node delivers comes by {@link ConnectionSink}. One event loop only. */
final class ClientConnection extends ChannelInboundHandlerAdapter implements AuthFrames.Connection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** What a client may send ahead while its session is being opened, in bytes, before it is no longer read. */
    private static final int EARLY_BYTES = 64 << 10;

    private final PortContext context;
    private final LoopConnections siblings;
    private final Channel channel;
    private final InetSocketAddress peer;
    private final FrameCodec codec;
    private final Outstanding outstanding;
    private final Unsent unsent;
    private final Outbox outbox;
    private final Turn turn;
    private final ConnectionStatistics statistics;
    private final Authentication authentication;
    private final ClientSession session;
    private final Patience patience;
    private final AuthFrames proofs;

    private ConnectionPhase phase = ConnectionPhase.GREETING;

    ClientConnection(PortContext context, LoopConnections siblings, Channel channel, InetSocketAddress peer) {
        this.context = context;
        this.siblings = siblings;
        this.channel = channel;
        this.peer = peer;
        this.codec = new FrameCodec(
                this, context.words(), context.settings().limits().maxFrameBytes());
        this.outstanding = new Outstanding(context.settings().limits(), context.load());
        this.turn = new Turn(context.load(), context.clock(), channel.eventLoop(), this::resume);
        this.statistics = new ConnectionStatistics(context.clock().wallMillis());
        this.authentication = context.settings().authenticators().of(peer.getAddress());
        ConnectionSink sink = new ConnectionSink(context, channel.eventLoop(), peer, this::take);
        this.unsent = sink.unsent();
        this.outbox = new Outbox(channel, context.statistics(), unsent, this::taken);
        this.session =
                new ClientSession(context.frontend(), context.settings().localSessionsUpgrade(), authentication, sink);
        this.proofs = new AuthFrames(context, authentication, channel.eventLoop(), this);
        this.patience = new Patience(
                context.clock(),
                context.settings().load().connections().handshakeDeadline().toMillis());
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
        return phase == ConnectionPhase.GREETING
                || (phase == ConnectionPhase.OPEN
                        && !authentication.busy()
                        && outstanding.hasRoom()
                        && !outbox.blocked());
    }

    /** Whether a frame of so many bytes may be read. */
    boolean hasRoomFor(int bytes) {
        return phase != ConnectionPhase.OPEN || context.load().hasRoomFor(bytes);
    }

    /** There was no room for a frame. */
    void rejectedLarge() {
        context.load().rejectedLarge();
    }

    /** Whether the next request, which is here, may begin; otherwise it will once it is its turn. */
    boolean isTurn(int xid) {
        return phase != ConnectionPhase.OPEN || turn.hasCome(xid);
    }

    /** Whether whatever arrives is of no interest any more. */
    boolean discardsBytes() {
        return phase == ConnectionPhase.LEAVING;
    }

    /** Bytes have arrived. */
    void heard(int bytes) {
        context.statistics().bytesReceived(bytes);
        if (phase != ConnectionPhase.ENDING && phase != ConnectionPhase.GREETING) {
            patience.renew();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof StatusWord word) {
                answerWord(word);
            } else if (phase == ConnectionPhase.GREETING) {
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
        received();
        phase = ConnectionPhase.ENDING;
        patience.renew();
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

    private void received() {
        statistics.received();
        context.statistics().requestReceived();
    }

    private void greet(ByteBuf frame) throws MalformedFrameException {
        received();
        Handshake opening = Handshake.decode(frame);
        session.greeted(opening);
        if (!mayAsk(opening)) {
            drop("came when too many others had");
            return;
        }
        phase = ConnectionPhase.OPENING;
        patience.sessionTimeout(context.settings().clampTimeout(opening.timeoutMillis()));
        patience.renew();
        context.statistics().sessionRequested(opening.sessionId() != 0);
        session.ask(patience.sessionTimeoutMillis());
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
        received();
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
        ClientFrame frame = session.allowed(asked);
        if (session.mustUpgradeFor(frame)) {
            phase = ConnectionPhase.UPGRADING;
            session.upgrade(patience.sessionTimeoutMillis(), () -> submit(asked, length));
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
        siblings.submit(session.request(frame));
        leaveAfter(asked.body());
        if (!known) {
            LOG.info("client {}: sent a request of unknown type {}; its connection is closed", peer, frame.type());
            phase = ConnectionPhase.LEAVING;
        }
    }

    private void leaveAfter(ClientFrame.Body body) {
        if (body instanceof ClientFrame.Write write && write.operation() instanceof Operation.CloseSession) {
            phase = ConnectionPhase.LEAVING;
        }
    }

    @Override
    public boolean isOpen() {
        return phase == ConnectionPhase.OPEN;
    }

    @Override
    public void proven(ServerFrame answer) {
        session.identified();
        send(answer);
    }

    @Override
    public void refuse(ServerFrame answer, String reason) {
        LOG.info("client {}: {}; its connection is closed", peer, reason);
        send(answer);
        finish();
    }

    private void send(ServerFrame frame) {
        addUnasked(frame);
        outbox.drain();
    }

    /** Adds a frame that answers no outstanding request. */
    private void addUnasked(ServerFrame frame) {
        statistics.sent();
        context.statistics().frameSent();
        outbox.add(frame);
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
            if (phase == ConnectionPhase.ENDING || phase == ConnectionPhase.CLOSED) {
                unsent.remove(delivery.heldBytes());
            } else {
                apply(delivery);
            }
        }
        outbox.drain();
        resume();
    }

    private void apply(Delivery delivery) {
        if (delivery instanceof Delivery.Reply reply) {
            answered(reply);
        } else if (delivery instanceof Delivery.Event fired) {
            statistics.sent();
            context.statistics().frameSent();
            outbox.addCounted(new ServerFrame.Event(fired.event(), fired.zxid()));
        } else if (delivery instanceof Delivery.Connected connected) {
            unsent.remove(connected.heldBytes());
            opened(connected);
        } else if (delivery instanceof Delivery.End end) {
            unsent.remove(end.heldBytes());
            ended(end);
        }
    }

    private void opened(Delivery.Connected connected) {
        if (phase == ConnectionPhase.UPGRADING) {
            phase = ConnectionPhase.OPEN;
            session.upgraded(connected.handle());
            return;
        }
        if (phase != ConnectionPhase.OPENING) {
            throw new IllegalStateException("a session for a connection in phase " + phase);
        }
        patience.sessionTimeout(connected.timeoutMillis());
        patience.renew();
        phase = ConnectionPhase.OPEN;
        addUnasked(session.opened(connected));
        if (session.isNew()) {
            statistics.opened(connected.zxid(), context.clock().wallMillis());
        }
    }

    private void answered(Delivery.Reply reply) {
        Outstanding.Pending request = outstanding.next();
        if (request == null || request.shape().xid() != reply.xid()) {
            throw new IllegalStateException("a reply to request " + reply.xid() + " where one to "
                    + (request == null ? "none" : request.shape().xid()) + " is due");
        }
        long latency = context.clock().monotonicMillis() - request.receivedMillis();
        context.statistics().requestAnswered(request.write(), latency);
        if (reply.saysMoved()) {
            unsent.remove(reply.heldBytes());
            ended(new Delivery.End(SessionSink.End.MOVED));
            return;
        }
        if (request.known()) {
            boolean failed = reply.result().error() != ErrorCode.OK;
            statistics.answered(
                    request.shape(),
                    reply.zxid(),
                    failed,
                    latency,
                    context.clock().wallMillis());
            Result result = reply.result() instanceof Result.Who who
                    ? new Result.Who(authentication.shown(who.identities()))
                    : reply.result();
            outbox.addCounted(new ServerFrame.Reply(request.shape(), reply.zxid(), result));
        } else {
            statistics.sent();
            outbox.addCounted(new ServerFrame.Header(reply.xid(), -1, ErrorCode.UNIMPLEMENTED.code()));
        }
        if (phase == ConnectionPhase.LEAVING && outstanding.size() == 0) {
            finish();
        }
    }

    private void ended(Delivery.End end) {
        SessionSink.End reason = end.reason();
        if (reason == SessionSink.End.EXPIRED && phase == ConnectionPhase.OPENING) {
            outbox.add(session.refused());
        }
        if (reason == SessionSink.End.NOT_SERVING) {
            context.statistics().clientTurnedAway();
        }
        if (reason == SessionSink.End.UNREAD) {
            drop("leaves " + unsent.bytes() + " bytes of replies and events unread, "
                    + context.allUnsent().bytes() + " are so of all clients");
            return;
        }
        if (reason != SessionSink.End.CLOSED) {
            LOG.info("client {}: {}; its connection is closed", peer, end.inWords());
        }
        finish();
    }

    private void finish() {
        phase = ConnectionPhase.ENDING;
        patience.renew();
        outbox.closeAfterThis();
        outbox.drain();
    }

    // The connection itself.

    /**
     * Reads while something can come of it. While the node opens or closes the session nothing can, except that a
     * client that gives up is noticed only by reading.
     */
    void adjustReading() {
        boolean wanted =
                takesFrames() || discardsBytes() || (phase.waitsForSession() && codec.heldBytes() < EARLY_BYTES);
        wanted &= !turn.waits() || discardsBytes();
        if (phase == ConnectionPhase.CLOSED || wanted == channel.config().isAutoRead()) {
            return;
        }
        if (wanted) {
            patience.renew();
        }
        channel.config().setAutoRead(wanted);
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

    /** The socket takes again what the client is due. */
    private void taken() {
        if (phase != ConnectionPhase.CLOSED) {
            patience.renew();
            // Not now: others have their turn between two windows of a client that is due much, and this may be in the
            // middle of
            // decoding.
            channel.eventLoop().execute(this::goOn);
        }
    }

    private void goOn() {
        outbox.drain();
        resume();
    }

    /** Ends the connection when its time is up. */
    void tick() {
        // While the node is behind with its answers the client's silence is the node's own doing.
        boolean awaited = phase != ConnectionPhase.OPEN || channel.config().isAutoRead() || outbox.blocked();
        if (awaited && patience.isOver(phase)) {
            if (phase == ConnectionPhase.GREETING) {
                context.statistics().connectionNeverOpened();
            }
            drop(patience.reproach(phase));
        } else if (outbox.isStuck(context.clock().monotonicMillis())
                && context.allUnsent().crowded()) {
            drop("takes nothing while what is due to all clients holds "
                    + context.allUnsent().bytes() + " bytes");
        }
    }

    /** Closes at once, because the port stops. */
    void stop() {
        phase = ConnectionPhase.CLOSED;
        closeChannel();
    }

    /** Closes at once; {@code reason} completes the sentence "the client …". */
    @Override
    public void drop(String reason) {
        if (phase != ConnectionPhase.CLOSED) {
            LOG.info("client {}: {}; its connection is closed", peer, reason);
            context.statistics().connectionDropped();
            phase = ConnectionPhase.CLOSED;
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
        } else if (phase != ConnectionPhase.CLOSED) {
            LOG.error("client {}: its connection is closed because of a fault in this server", peer, cause);
            phase = ConnectionPhase.CLOSED;
            closeChannel();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (phase == ConnectionPhase.OPEN || phase == ConnectionPhase.LEAVING || phase.waitsForSession()) {
            LOG.info("client {}: hung up without closing its session", peer);
            context.statistics().connectionDropped();
        }
        phase = ConnectionPhase.CLOSED;
        siblings.remove(this);
        context.addresses().release(peer.getAddress());
        context.statistics().connectionClosed();
        context.statistics().requestsAbandoned(outstanding.size());
        outstanding.abandon();
        outbox.clear();
        if (session.isKnownToNode()) {
            // The node must not see a request of this connection, a watch say, after it was told that it is gone.
            siblings.handOver();
            session.disconnected();
        }
    }

    ConnectionReport report() {
        return new ConnectionReport(
                peer,
                session.id(),
                patience.sessionTimeoutMillis(),
                patience.endsAtMillis(phase),
                channel.config().isAutoRead(),
                outstanding.size(),
                statistics.traffic(),
                statistics.latency());
    }

    void resetStatistics() {
        statistics.reset();
    }
}
