package io.troupe.edge;

import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Request;
import io.troupe.request.Result;
import java.util.List;

/**
 * Where a node delivers what one connection is due. Called by one actor, one call at a time, in the order in which the
 * client must see things: events before the reply that reveals their change, replies in request order. Calls must not
 * block; {@link #flush()} ends a burst.
 */
public interface SessionSink {
    /** Why a connection ends. */
    enum End {
        /** This node serves nobody at the moment; the client should try another. */
        NOT_SERVING,
        /** The client has seen a later zxid than this node has executed. */
        CLIENT_AHEAD,
        /** The session does not exist (any more), or the password is wrong. */
        EXPIRED,
        /** The client closed its session; its reply has been delivered. */
        CLOSED,
        /** The session was attached to another connection. */
        MOVED,
        /** It leaves more of what it is due unread than the node can keep. */
        UNREAD,
        /** The node cannot tell what became of a request (its result was skipped over by a state transfer). */
        UNKNOWN_OUTCOME,
        /** The node stops. */
        STOPPING
    }

    /**
     * The session is open; requests may follow. Once more when a session that only this node knew is known to the whole
     * ensemble.
     *
     * @param timeoutMillis what was agreed
     * @param readOnly whether this node has no leader: it answers reads, and must not be given anything else
     */
    void connected(SessionHandle handle, int timeoutMillis, boolean readOnly);

    /** The answer to the request with this {@code xid}; {@code zxid} is the node's last executed one. */
    void reply(int xid, long zxid, Result result);

    /**
     * A request of the session was executed, or refused for lack of room; its reply follows. For those who keep books: a sink has
     * nothing to do then.
     */
    default void decided(Request request, Result result) {}

    /** A read of a session was refused for who its client is; its reply follows. For those who keep books. */
    default void denied(long sessionId, ReadOperation operation, List<Identity> who, ErrorCode error) {}

    /** A watch fired; {@code zxid} is that of the change, -1 when synthesized for a reconnected client. */
    void event(WatchEvent event, long zxid);

    /**
     * Whether there is room for another reply. While there is none the reads of the session wait, until {@link Frontend#resume}.
     */
    default boolean takesMore() {
        return true;
    }

    /** Whether its client has left too much unread to be told anything more: what was to follow need not be made. */
    default boolean overrun() {
        return false;
    }

    /** Nothing more will come; close the connection once what was delivered is written. */
    void end(End reason);

    /** What was delivered since the last flush may be written. */
    void flush();
}
