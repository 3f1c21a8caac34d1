package io.troupe.edge;

/**
 * One attachment of a session to a connection.
 *
 * @param attach the zxid of the request that attached it; see {@link io.troupe.request.Request#attach()}; {@link #UNREPLICATED} for
 *     a session that only one node knows
 */
public record SessionHandle(long sessionId, long attach) {
    /** In place of an attach where only the node that gave the session knows it. */
    public static final long UNREPLICATED = 0;

    /** Whether the whole ensemble knows the session. */
    public boolean replicated() {
        return attach != UNREPLICATED;
    }
}
