package io.troupe.node;

/**
 * What a configuration says: the node and, beyond what the node itself needs to know, its clients.
 *
 * @param node the node
 * @param ttlNodes whether znodes with a time to live may be created
 * @param reconfig whether clients may ask for other members of the ensemble
 * @param localSessionsUpgrade whether a session that only one node knows becomes known to the whole ensemble when its client
 *     creates an ephemeral
 * @param auth how clients prove who they are
 * @param tls how connections with clients are encrypted, where they are
 * @param peers how connections between nodes are protected
 * @param clientThreads threads that read and write connections
 * @param maxRequestBytes greatest request read
 * @param actorClients whether actor systems may be clients
 * @param load how much of all clients together is taken on
 * @param http where operators and tools reach the node
 * @param audit what is written to the audit log
 */
public record ProcessSettings(
        NodeSettings node,
        boolean ttlNodes,
        boolean reconfig,
        boolean localSessionsUpgrade,
        AuthSettings auth,
        TlsSettings tls,
        PeerSecurity peers,
        int clientThreads,
        int maxRequestBytes,
        boolean actorClients,
        ClientLoad load,
        HttpSettings http,
        AuditSettings audit) {
    /** Whether any port speaks TLS. */
    public boolean encrypts() {
        return node.secureClientPort() > 0 || tls.onClientPort();
    }
}
