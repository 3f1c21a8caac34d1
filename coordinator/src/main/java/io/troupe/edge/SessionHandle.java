package io.troupe.edge;

/**
 * One attachment of a session to a connection.
 *
 * @param attach the zxid of the request that attached it, see {@link io.troupe.request.Request#attach()}; below 0 for a session
 *     that only one node knows, another number for each of its connections
 */
public record SessionHandle(long sessionId, long attach) {
    /** Of the {@code connection}-th connection, counted from 1, to sessions that only this node knows. */
    public static SessionHandle unreplicated(long sessionId, long connection) {
        return new SessionHandle(sessionId, -connection);
    }

    /** Whether the whole ensemble knows the session. */
    public boolean replicated() {
        return attach > 0;
    }
}
