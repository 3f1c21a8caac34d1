package io.troupe.edge;

/**
 * One attachment of a session to a connection.
 *
 * @param attach the zxid of the request that attached it; see {@link io.troupe.request.Request#attach()}
 */
public record SessionHandle(long sessionId, long attach) {}
