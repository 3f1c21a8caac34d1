package io.troupe.node;

import java.util.List;

/**
 * What a configuration says: the node and, beyond what the node itself needs to know, its clients.
 *
 * @param node the node
 * @param ttlNodes whether znodes with a time to live may be created
 * @param reconfig whether clients may ask for other members of the ensemble
 * @param superDigest the digest identity that passes every access check, {@code user:base64}; empty for none
 * @param requiredSchemes a client must have proven an identity of one of these before it may ask for anything; empty for no
 *     such requirement
 * @param clientThreads threads that read and write connections
 * @param maxRequestBytes greatest request read
 */
public record ProcessSettings(
        NodeSettings node,
        boolean ttlNodes,
        boolean reconfig,
        String superDigest,
        List<String> requiredSchemes,
        int clientThreads,
        int maxRequestBytes) {
    public ProcessSettings {
        requiredSchemes = List.copyOf(requiredSchemes);
    }
}
