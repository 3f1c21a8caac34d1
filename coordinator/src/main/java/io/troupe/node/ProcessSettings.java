package io.troupe.node;

/**
 * What a configuration says: the node and, beyond what the node itself needs to know, its clients.
 *
 * @param node the node
 * @param ttlNodes whether znodes with a time to live may be created
 * @param auth how clients prove who they are
 * @param clientThreads threads that read and write connections
 * @param maxRequestBytes greatest request read
 */
public record ProcessSettings(
        NodeSettings node, boolean ttlNodes, AuthSettings auth, int clientThreads, int maxRequestBytes) {}
