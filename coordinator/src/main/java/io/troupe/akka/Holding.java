package io.troupe.akka;

import io.troupe.client.Session;

/**
 * That a lease is held.
 *
 * @param token czxid of its znode
 */
record Holding(Session session, long token) {
    /** Whether nobody else can hold it at this moment. */
    boolean isCertain() {
        return session.isValid();
    }
}
