package io.troupe.node;

/**
 * What a configuration says: the node and, beyond what the node itself needs to know, its clients.
 *
 * @param node the node
 * @param ttlNodes whether znodes with a time to live may be created
 * @param reconfig whether clients may ask for other members of the ensemble
 * @param auth how clients prove who they are
 * @param clientThreads threads that read and write connections
 * @param maxRequestBytes greatest request read
 */
public record ProcessSettings(
        NodeSettings node,
        boolean ttlNodes,
        boolean reconfig,
        AuthSettings auth,
        int clientThreads,
        int maxRequestBytes) {}
