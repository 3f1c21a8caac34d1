package io.troupe.app.clientport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.ssl.SslHandler;
import io.troupe.app.clientport.auth.Authentication;
import io.troupe.app.clientport.jute.ClientFrame;
import io.troupe.app.clientport.jute.MalformedFrameException;
import io.troupe.app.clientport.jute.ServerFrame;
import io.troupe.edge.SessionSink;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client, from its handshake to its end. What the node delivers comes by {@link ConnectionSink}. One event loop only. */
final class ClientConnection implements AuthFrames.Connection, ConnectionSink.Receiver, Outbox.Progress {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** What a client may send ahead while its session is being opened, in bytes, before it is no longer read. */
    private static final int EARLY_BYTES = 64 << 10;

    private final PortContext context;
    private final LoopConnections siblings;
    private final Channel channel;
    private final InetSocketAddress peer;
    private final FrameCodec codec;
    private final ResponseWriter responses;
    private final Authentication authentication;
    private final ClientSession session;
    private final Patience patience;
    private final RequestPace pace;
    /** Null until a request has had to wait. */
    private @Nullable Turn turn;

    private ConnectionPhase phase = ConnectionPhase.GREETING;
    private int place = LoopConnections.NOWHERE;

    ClientConnection(PortContext context, LoopConnections siblings, Channel channel, InetSocketAddress peer) {
        this.context = context;
        this.siblings = siblings;
        this.channel = channel;
        this.peer = peer;
        this.codec = new FrameCodec(this);
        this.authentication = context.settings()
                .authenticators()
                .of(peer.getAddress(), context.limits().addresses().identities(peer.getAddress()));
        ConnectionSink sink = new ConnectionSink(context, channel.eventLoop(), this, authentication);
        this.responses = new ResponseWriter(context, authentication, channel, sink, siblings.writeTurns(), this);
        this.session = new ClientSession(context, authentication, sink);
        this.pace = new RequestPace(context);
        this.patience = new Patience(
                context.clock(),
                context.settings().load().connections().handshakeDeadline().toMillis());
    }

    FrameCodec codec() {
        return codec;
    }

    /** How many bytes behind a status word belong to it. */
    int argumentBytes(int word) {
        return context.words().argumentBytes(word);
    }

    /** How many bytes a frame may have. */
    int maxFrameBytes() {
        return context.settings().limits().maxFrameBytes();
    }

    /** What the client proves of itself. */
    AuthFrames proofs() {
        return new AuthFrames(context, authentication, channel.eventLoop(), this);
    }

    /** Among the connections of its event loop. */
    int place() {
        return place;
    }

    void place(int among) {
        place = among;
    }

    // What the client sends.

    /** Whether the next frame may be decoded. */
    boolean takesFrames() {
        return phase == ConnectionPhase.GREETING
                || (phase == ConnectionPhase.OPEN && !authentication.busy() && responses.hasRoom() && pace.permits());
    }

    /** Whether a frame of so many bytes may be read. */
    boolean hasRoomFor(int bytes) {
        return phase != ConnectionPhase.OPEN || context.load().hasRoomFor(bytes);
    }

    /** What all connections ask of the node. */
    PortLoad load() {
        return context.load();
    }

    /** Whether the next request, which is here, may begin; otherwise it will once it is its turn. */
    boolean isTurn(int xid) {
        if (phase != ConnectionPhase.OPEN || (turn == null && !context.load().full())) {
            return true;
        }
        if (turn == null) {
            turn = new Turn(context.load(), context.clock(), channel.eventLoop(), this::resume);
        }
        return turn.hasCome(xid);
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

    /** A frame has come. */
    void take(ByteBuf frame) {
        try {
            if (phase == ConnectionPhase.GREETING) {
                greet(frame);
            } else {
                request(frame);
            }
        } catch (MalformedFrameException e) {
            drop(String.valueOf(e.getMessage()));
        }
    }

    /** A status word has come. */
    void answer(StatusWord word) {
        responses.received();
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

    private void greet(ByteBuf frame) throws MalformedFrameException {
        responses.received();
        Handshake opening = Handshake.decode(frame);
        session.greeted(opening);
        String refusal = context.limits().refusal(peer.getAddress(), opening.sessionId() != 0, context.statistics());
        if (refusal != null) {
            drop(refusal);
            return;
        }
        phase = ConnectionPhase.OPENING;
        patience.sessionTimeout(context.settings().clampTimeout(opening.timeoutMillis()));
        patience.renew();
        context.statistics().sessionRequested(opening.sessionId() != 0);
        session.ask(patience.sessionTimeoutMillis());
    }

    private void request(ByteBuf bytes) throws MalformedFrameException {
        int length = bytes.readableBytes();
        pace.take(channel.eventLoop(), this::resume);
        ClientFrame frame = context.decoder().decode(bytes, authentication.identities());
        responses.received();
        ClientFrame.Body body =
                turn == null ? Turn.withoutWaiting(context.load(), frame.body()) : turn.begin(frame.body());
        if (AuthFrames.isOne(frame)) {
            proofs().take(frame);
            return;
        }
        if (authentication.suffices()) {
            submit(new ClientFrame(frame.xid(), frame.type(), body), length);
        } else {
            int error = ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH.code();
            session.denied(ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH);
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
        responses.begin(frame, length);
        siblings.submit(session.request(frame));
        leaveAfter(asked.body());
        if (frame.body() instanceof ClientFrame.Unknown) {
            tell(Episodes.Kind.DROPPED, "sent a request of unknown type " + frame.type());
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
        tell(Episodes.Kind.DROPPED, reason);
        send(answer);
        finish();
    }

    private void send(ServerFrame frame) {
        responses.add(frame);
        responses.outbox().drain();
    }

    // What the node delivers.

    @Override
    public void take(List<Delivery> burst) {
        try {
            applyAll(burst);
        } catch (RuntimeException e) {
            channel.pipeline().fireExceptionCaught(e);
        }
    }

    private void applyAll(List<Delivery> burst) {
        for (Delivery delivery : burst) {
            if (phase == ConnectionPhase.ENDING || phase == ConnectionPhase.CLOSED) {
                responses.discard(delivery);
            } else {
                apply(delivery);
            }
        }
        responses.outbox().drain();
        resume();
    }

    private void apply(Delivery delivery) {
        if (delivery instanceof Delivery.Reply reply) {
            answered(reply);
        } else if (delivery instanceof Delivery.Event fired) {
            responses.add(fired);
        } else if (delivery instanceof Delivery.Connected connected) {
            responses.discard(connected);
            opened(connected);
        } else if (delivery instanceof Delivery.End end) {
            responses.discard(end);
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
        boolean asNew = session.asksForNew();
        responses.add(session.opened(connected));
        if (asNew) {
            responses.statistics().opened(connected.zxid(), context.clock().wallMillis());
        }
    }

    private void answered(Delivery.Reply reply) {
        if (!responses.answer(reply)) {
            ended(new Delivery.End(SessionSink.End.MOVED));
            return;
        }
        if (phase == ConnectionPhase.LEAVING && responses.outstanding() == 0) {
            finish();
        }
    }

    private void ended(Delivery.End end) {
        SessionSink.End reason = end.reason();
        if (reason == SessionSink.End.EXPIRED && phase == ConnectionPhase.OPENING) {
            responses.outbox().add(session.refused());
        }
        if (reason == SessionSink.End.NOT_SERVING) {
            context.statistics().clientTurnedAway();
        }
        if (reason == SessionSink.End.UNREAD) {
            drop("leaves " + responses.unsentBytes() + " bytes of replies and events unread, "
                    + context.allUnsent().bytes() + " are so of all clients");
            return;
        }
        session.ended(reason);
        if (reason != SessionSink.End.CLOSED) {
            tell(Episodes.Kind.ENDED, end.inWords());
        }
        finish();
    }

    private void finish() {
        phase = ConnectionPhase.ENDING;
        patience.renew();
        responses.outbox().closeAfterThis();
        responses.outbox().drain();
    }

    @Override
    public void hasRoomAgain() {
        session.hasRoomAgain();
    }

    // The connection itself.

    /**
     * Reads while something can come of it. While the node opens or closes the session nothing can, except that a
     * client that gives up is noticed only by reading.
     */
    void adjustReading() {
        boolean wanted =
                takesFrames() || discardsBytes() || (phase.waitsForSession() && codec.heldBytes() < EARLY_BYTES);
        wanted &= !waitsForTurn() || discardsBytes();
        if (phase == ConnectionPhase.CLOSED || wanted == channel.config().isAutoRead()) {
            return;
        }
        if (wanted) {
            patience.renew();
        }
        channel.config().setAutoRead(wanted);
    }

    private boolean waitsForTurn() {
        return turn != null && turn.waits();
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

    /** The client is sent again what it is due. */
    @Override
    public void progressed() {
        if (phase != ConnectionPhase.CLOSED) {
            patience.renew();
            // Not now: this may be in the middle of decoding.
            channel.eventLoop().execute(this::goOn);
        }
    }

    private void goOn() {
        responses.outbox().drain();
        resume();
    }

    /** Ends the connection when its time is up. */
    void tick() {
        // While the node is behind with its answers the client's silence is the node's own doing.
        boolean blocked = responses.blocked();
        boolean awaited = blocked
                ? responses.outbox().awaitsSocket()
                : phase != ConnectionPhase.OPEN || channel.config().isAutoRead();
        if (awaited && patience.isOver(phase)) {
            if (phase == ConnectionPhase.GREETING) {
                context.statistics().connectionNeverOpened();
            }
            drop(patience.reproach(phase));
        } else if (blocked
                && responses.outbox().isStuck(context.clock().monotonicMillis())
                && context.allUnsent().crowded()) {
            drop("takes nothing while what is due to all clients holds "
                    + context.allUnsent().bytes() + " bytes");
        }
        responses.rest();
    }

    /** Closes at once, because the port stops. */
    void stop() {
        closeChannel();
    }

    /** Closes at once; {@code reason} completes the sentence "the client …". */
    @Override
    public void drop(String reason) {
        if (phase != ConnectionPhase.CLOSED) {
            tell(Episodes.Kind.DROPPED, reason);
            context.statistics().connectionDropped();
            closeChannel();
        }
    }

    private void tell(Episodes.Kind kind, String reason) {
        context.episodes().tell(kind, peer, reason + "; its connection is closed");
    }

    private void closeChannel() {
        phase = ConnectionPhase.CLOSED;
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    /** Something has gone wrong with it. */
    void failed(Throwable cause) {
        if (cause instanceof IOException) {
            drop("lost its connection (" + cause.getMessage() + ")");
        } else if (phase != ConnectionPhase.CLOSED) {
            LOG.error("client {}: its connection is closed because of a fault in this server", peer, cause);
            closeChannel();
        }
    }

    /** It is over. */
    void inactive() {
        if (phase == ConnectionPhase.OPEN || phase == ConnectionPhase.LEAVING || phase.waitsForSession()) {
            context.episodes().tell(Episodes.Kind.LEFT, peer, "hung up without closing its session");
            context.statistics().connectionDropped();
        }
        phase = ConnectionPhase.CLOSED;
        siblings.remove(this);
        context.limits()
                .over(peer.getAddress(), channel.eventLoop(), session.isLeft() ? patience.sessionTimeoutMillis() : 0);
        context.statistics().connectionClosed();
        responses.close();
        if (session.isKnownToNode()) {
            // The node must not see a request of this connection, a watch say, after it was told that it is gone.
            siblings.handOver();
            session.disconnected();
        }
    }

    ConnectionReport report() {
        return new ConnectionReport(
                peer,
                channel.pipeline().get(SslHandler.class) != null,
                session.id(),
                patience.sessionTimeoutMillis(),
                patience.endsAtMillis(phase),
                channel.config().isAutoRead(),
                responses.outstanding(),
                responses.statistics().traffic(),
                responses.statistics().latency());
    }

    void resetStatistics() {
        responses.statistics().reset();
    }
}
