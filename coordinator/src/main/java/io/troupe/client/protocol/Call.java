package io.troupe.client.protocol;

/**
 * One request of a session; requests are answered in their order.
 *
 * @param xid the client's number, in the answer again
 */
public record Call(int xid, Ask ask) {}
