package io.troupe.node;

import java.util.List;

/**
 * What a configuration says: the node and, beyond what the node itself needs to know, its clients.
 *
 * @param node the node
 * @param ttlNodes whether znodes with a time to live may be created
 * @param superDigest the digest identity that passes every access check, {@code user:base64}; empty for none
 * @param requiredSchemes a client must have proven an identity of one of these before it may ask for anything; empty for no
 *     such requirement
 * @param clientThreads threads that read and write connections
 * @param maxRequestBytes greatest request read
 * @param load how much of all clients together is taken on
 */
public record ProcessSettings(
        NodeSettings node,
        boolean ttlNodes,
        String superDigest,
        List<String> requiredSchemes,
        int clientThreads,
        int maxRequestBytes,
        ClientLoad load) {
    public ProcessSettings {
        requiredSchemes = List.copyOf(requiredSchemes);
    }
}
