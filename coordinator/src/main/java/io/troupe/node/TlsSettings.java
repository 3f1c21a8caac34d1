package io.troupe.node;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * TLS between clients and a node (contract 6.2, 6.4), or between nodes. The files are not looked at yet.
 *
 * @param keyStore the node's private key and its certificate
 * @param trustStore the authorities whose clients are believed
 * @param protocols versions of TLS that are spoken, as Java names them
 * @param cipherSuites those that are used, the preferred one first; empty for Java's own choice
 * @param clientAuth whether clients show a certificate
 * @param verifyHost whether the other side's certificate must name its host: that of a client the address it comes from, that of a
 *     node the host it is listed under
 * @param handshakeTimeout a client that has not come to terms by then is cut off
 * @param handshakes that may be under way at a time; 0 for any number
 * @param reload whether files that change take effect on connections that come later
 * @param onClientPort whether the usual client port understands TLS too
 */
public record TlsSettings(
        Store keyStore,
        Store trustStore,
        List<String> protocols,
        List<String> cipherSuites,
        ClientAuth clientAuth,
        boolean verifyHost,
        Duration handshakeTimeout,
        int handshakes,
        boolean reload,
        boolean onClientPort) {

    /** What is asked of clients. */
    public enum ClientAuth {
        /** A client without a certificate that is believed is cut off. */
        NEED,
        /** A client may do without, but one that it shows must be believed. */
        WANT,
        /** No certificate is asked for. */
        NONE
    }

    /** How keys and certificates are kept in a file. */
    public enum StoreType {
        /** Java's own. */
        JKS,
        /** What most programs write. */
        PKCS12,
        /** Text: certificates and one private key. */
        PEM;

        /** That of a file with this name; empty where its ending does not tell. */
        public static Optional<StoreType> of(String file) {
            String name = file.toLowerCase(Locale.ROOT);
            if (name.endsWith(".p12") || name.endsWith(".pfx")) {
                return Optional.of(PKCS12);
            }
            return Arrays.stream(values())
                    .filter(type -> name.endsWith("." + type.name().toLowerCase(Locale.ROOT)))
                    .findFirst();
        }
    }

    /**
     * A file of keys and certificates.
     *
     * @param key the setting that names it, for messages
     * @param file its path; empty for none
     * @param password opens it; empty where {@code passwordFile} holds it or none is needed
     * @param passwordFile a file whose first line opens it; empty for none
     */
    public record Store(String key, String file, StoreType type, Secret password, String passwordFile) {}

    public TlsSettings {
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }

    /** Whether clients are asked for certificates. */
    public boolean asksForCertificates() {
        return clientAuth != ClientAuth.NONE;
    }
}
