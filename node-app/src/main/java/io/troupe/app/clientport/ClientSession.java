package io.troupe.app.clientport;

import io.troupe.app.clientport.auth.Authentication;
import io.troupe.app.clientport.jute.ClientFrame;
import io.troupe.app.clientport.jute.ServerFrame;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.request.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The session of one client as its connection knows it: asked of the node, given, perhaps made known to the whole ensemble
 * later, left; and what the client asks in it. One event loop only.
 */
final class ClientSession {
    private final Frontend frontend;
    /** Whether a session that only this node knows may become one that the whole ensemble knows. */
    private final boolean upgrades;

    private final Authentication authentication;
    private final SessionSink sink;

    /** Null before it has come, and once it has served. */
    private @Nullable Handshake handshake;

    private @Nullable SessionHandle handle;
    private boolean readOnly;
    private boolean closed;
    private @Nullable Runnable postponed;
    private long writes;

    /**
     * No session yet.
     *
     * @param sink where the node delivers what is for this session
     */
    ClientSession(PortContext context, Authentication authentication, SessionSink sink) {
        this.frontend = context.frontend();
        this.upgrades = context.settings().localSessionsUpgrade();
        this.authentication = authentication;
        this.sink = sink;
    }

    /** The client has said what it wants. */
    void greeted(Handshake opening) {
        handshake = opening;
    }

    /** Asks the node for what the client wants. */
    void ask(int timeoutMillis) {
        Handshake opening = greeting();
        frontend.connect(
                new Connect(
                        opening.sessionId(),
                        opening.password(),
                        timeoutMillis,
                        opening.lastZxidSeen(),
                        authentication.identities(),
                        opening.readOnly()),
                sink);
    }

    private Handshake greeting() {
        if (handshake == null) {
            throw new IllegalStateException("a session for a client that has not asked for one");
        }
        return handshake;
    }

    /** The node has given it; what to answer the client. */
    ServerFrame opened(Delivery.Connected given) {
        handle = given.handle();
        readOnly = given.readOnly();
        Handshake served = greeting();
        handshake = null;
        return served.accepted(given.handle().sessionId(), given.timeoutMillis(), given.readOnly());
    }

    /** Whether the client asks for a new session, not for its own again. */
    boolean asksForNew() {
        return greeting().sessionId() == 0;
    }

    /** The node knows of no such session; what to answer the client. */
    ServerFrame refused() {
        return greeting().expired();
    }

    private SessionHandle handle() {
        if (handle == null) {
            throw new IllegalStateException("a request before the session is open");
        }
        return handle;
    }

    /** 0 before it is open. */
    long id() {
        return handle == null ? 0 : handle.sessionId();
    }

    /** The node ends the connection, and the session too where that is why. */
    void ended(SessionSink.End reason) {
        closed = reason == SessionSink.End.CLOSED || reason == SessionSink.End.EXPIRED;
    }

    /** Whether it lives on without its connection. */
    boolean isLeft() {
        return handle != null && !closed;
    }

    /** The request as this session may make it. */
    ClientFrame allowed(ClientFrame asked) {
        return new ClientFrame(asked.xid(), asked.type(), SessionRules.allowed(asked.body(), handle(), readOnly));
    }

    /** Whether the whole ensemble must come to know the session before it may ask this. */
    boolean mustUpgradeFor(ClientFrame frame) {
        return upgrades && !handle().replicated() && SessionRules.needsReplication(frame.body());
    }

    /** Asks the node to make the session known to the whole ensemble; {@code request} is made after that. */
    void upgrade(int timeoutMillis, Runnable request) {
        postponed = request;
        frontend.upgrade(handle(), timeoutMillis);
    }

    /** The whole ensemble knows the session now: the request that waited for it is made. */
    void upgraded(SessionHandle replicated) {
        Runnable request = postponed;
        if (request == null) {
            throw new IllegalStateException("an upgrade that nobody asked for");
        }
        handle = replicated;
        postponed = null;
        request.run();
    }

    /** What to ask the node on behalf of the client. A request of unknown type takes its place among the replies. */
    ClientRequest request(ClientFrame frame) {
        if (frame.body() instanceof ClientFrame.Write write) {
            writes++;
            return new ClientRequest.Write(handle(), frame.xid(), authentication.identities(), write.operation());
        }
        ReadOperation operation = frame.body() instanceof ClientFrame.Read read
                ? read.operation()
                : new ReadOperation.Refused(ErrorCode.UNIMPLEMENTED);
        return new ClientRequest.Read(handle(), frame.xid(), writes, authentication.identities(), operation);
    }

    /** Something that the client asked for is not even looked at, for who it is. */
    void denied(ErrorCode error) {
        sink.denied(id(), new ReadOperation.Refused(error), authentication.identities(), error);
    }

    /** The client has proven who else it is. */
    void identified() {
        if (handle != null) {
            frontend.identified(handle, authentication.identities());
        }
    }

    /** Whether the node may know of this connection. */
    boolean isKnownToNode() {
        return handshake != null || handle != null;
    }

    /** There is room for replies again. */
    void hasRoomAgain() {
        frontend.resume(sink);
    }

    /** The connection is gone. */
    void disconnected() {
        frontend.disconnected(sink);
    }
}
