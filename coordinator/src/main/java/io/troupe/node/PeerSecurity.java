package io.troupe.node;

import java.util.List;

/** What protects the connections between nodes, and with them those of applications that speak to a node by message. */
public sealed interface PeerSecurity {
    /**
     * Nothing: whoever reaches the peer port can speak as a node.
     *
     * @param beyondLoopback whether other hosts may reach it
     */
    record None(boolean beyondLoopback) implements PeerSecurity {}

    /**
     * TLS with a key that follows from a secret all nodes share.
     *
     * @param file that holds the secret
     */
    record SharedSecret(String file) implements PeerSecurity {}

    /**
     * TLS with certificates on both sides.
     *
     * @param tls keys and authorities, and whether a node's certificate must name its host
     * @param names of which a certificate must bear one, where there are any; each may begin with {@code *.}
     */
    record Certificates(TlsSettings tls, List<String> names) implements PeerSecurity {
        public Certificates {
            names = List.copyOf(names);
        }
    }
}
