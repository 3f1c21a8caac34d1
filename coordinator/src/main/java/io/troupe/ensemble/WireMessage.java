package io.troupe.ensemble;

/**
 * Marks what may cross the network between nodes. Bound to Jackson CBOR in {@code reference.conf}; a message without
 * this mark that is sent to another node by mistake fails loudly in serialization.
 */
public interface WireMessage {}
