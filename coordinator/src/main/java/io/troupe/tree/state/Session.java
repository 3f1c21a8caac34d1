package io.troupe.tree.state;

/**
 * A session the ensemble knows.
 *
 * @param attach the zxid of the request that opened or last re-attached it; requests of an earlier one are refused
 */
public record Session(long id, int timeoutMillis, long attach) {}
