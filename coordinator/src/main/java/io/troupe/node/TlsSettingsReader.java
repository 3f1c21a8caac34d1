package io.troupe.node;

import io.troupe.node.TlsSettings.ClientAuth;
import io.troupe.node.TlsSettings.Store;
import io.troupe.node.TlsSettings.StoreType;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code troupe.tls} and the ports it is for, {@code troupe.http.tls} and {@code troupe.peer-tls}. */
final class TlsSettingsReader {
    private static final String PREFIX = "troupe.tls.";
    private static final String PEERS = "troupe.peer-tls.";
    private static final String HTTP = "troupe.http.tls.";
    private static final String SECRET_FILE = PEERS + "secret-file";
    private static final String AUTO = "auto";

    private final CheckedConfig config;

    TlsSettingsReader(CheckedConfig config) {
        this.config = config;
    }

    /** Whether any port speaks TLS. */
    boolean wanted() {
        return config.whole("troupe.secure-client-port", 0, 65_535) > 0 || config.flag(PREFIX + "client-port-too");
    }

    /** The provider that judges certificates; empty where none are asked for. */
    String certificateScheme() {
        String scheme = config.nonEmptyText(PREFIX + "auth-provider");
        boolean asked = (wanted() && clientAuth(PREFIX) != ClientAuth.NONE) || httpAsksForCertificates();
        return asked ? scheme : "";
    }

    /** Whether who comes by HTTP may show a certificate. */
    boolean httpAsksForCertificates() {
        return !config.text(HTTP + "key-store").isBlank() && clientAuth(HTTP) != ClientAuth.NONE;
    }

    /** How the HTTP port encrypts; null where no key store is named for it. */
    @Nullable
    TlsSettings readHttp() {
        Store keyStore = store(HTTP + "key-store");
        TlsSettings settings = new TlsSettings(
                keyStore,
                store(HTTP + "trust-store"),
                config.list(HTTP + "protocols"),
                config.list(HTTP + "cipher-suites"),
                clientAuth(HTTP),
                false,
                Duration.ZERO,
                0,
                true,
                false);
        if (keyStore.file().isEmpty()) {
            return null;
        }
        check(HTTP, settings);
        return settings;
    }

    /** Refuses what lacks a part, but only where some port speaks TLS. */
    TlsSettings read() {
        TlsSettings settings = new TlsSettings(
                store(PREFIX + "key-store"),
                store(PREFIX + "trust-store"),
                config.list(PREFIX + "protocols"),
                config.list(PREFIX + "cipher-suites"),
                clientAuth(PREFIX),
                config.flag(PREFIX + "verify-client-host"),
                config.duration(PREFIX + "handshake-timeout", Duration.ofMillis(1), Duration.ofHours(1)),
                config.whole(PREFIX + "handshakes", 0, Integer.MAX_VALUE),
                config.flag(PREFIX + "reload"),
                config.flag(PREFIX + "client-port-too"));
        if (wanted()) {
            if (settings.keyStore().file().isEmpty()) {
                config.refuse(
                        PREFIX + "key-store",
                        "a port that speaks TLS needs the file with this node's private key and certificate");
            }
            check(PREFIX, settings);
            if (settings.onClientPort() && config.whole("troupe.client-port", 0, 65_535) == 0) {
                config.refuse(
                        PREFIX + "client-port-too", "there is no troupe.client-port; set one of the two otherwise");
            }
        }
        return settings;
    }

    private void check(String prefix, TlsSettings settings) {
        if (settings.asksForCertificates() && settings.trustStore().file().isEmpty()) {
            config.refuse(
                    prefix + "trust-store",
                    "name the file with the certificates of the authorities whose clients are believed, or set "
                            + prefix + "client-auth = none");
        }
        if (settings.protocols().isEmpty()) {
            config.refuse(prefix + "protocols", "name one at least, such as TLSv1.3");
        }
    }

    /**
     * What protects the connections between nodes.
     *
     * @param bindHost the address that the peer port listens on
     */
    PeerSecurity readPeers(String bindHost) {
        String secretFile = config.text(SECRET_FILE).strip();
        Store keyStore = store(PEERS + "key-store");
        Store trustStore = store(PEERS + "trust-store");
        boolean certificates = !keyStore.file().isEmpty();
        if (certificates && trustStore.file().isEmpty()) {
            config.refuse(
                    PEERS + "trust-store",
                    "name the file with the certificates of the authorities whose nodes are believed");
        }
        if (certificates && !secretFile.isEmpty()) {
            config.refuse(SECRET_FILE, "there is a " + PEERS + "key-store too; remove one of the two");
        }
        if (certificates) {
            return new PeerSecurity.Certificates(
                    new TlsSettings(
                            keyStore,
                            trustStore,
                            config.list(PEERS + "protocols"),
                            config.list(PEERS + "cipher-suites"),
                            ClientAuth.NEED,
                            config.flag(PEERS + "verify-host"),
                            Duration.ZERO,
                            0,
                            true,
                            false),
                    config.list(PEERS + "names"));
        }
        if (!secretFile.isEmpty()) {
            return new PeerSecurity.SharedSecret(secretFile);
        }
        boolean beyondLoopback = !isLoopback(bindHost);
        if (beyondLoopback && !config.flag("troupe.peer-open")) {
            config.refuse(
                    "troupe.bind-host",
                    "whoever reaches the peer port there could speak as a node; name a file in " + SECRET_FILE
                            + " that all nodes have (head -c 32 /dev/urandom | base64 makes one) or certificates in "
                            + PEERS
                            + "key-store, or, where a firewall admits nodes only, set troupe.peer-open = true");
        }
        return new PeerSecurity.None(beyondLoopback);
    }

    /** By its spelling: a name may mean another address tomorrow. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
    }

    private Store store(String key) {
        String file = config.text(key).strip();
        Secret password = config.secret(key + "-password");
        String passwordFile = config.text(key + "-password-file").strip();
        if (!password.text().isEmpty() && !passwordFile.isEmpty()) {
            config.refuse(key + "-password-file", "there is a " + key + "-password too; remove one of the two");
        }
        return new Store(key, file, type(key, file), password, passwordFile);
    }

    private StoreType type(String key, String file) {
        String typeKey = key + "-type";
        if (!config.is(typeKey, AUTO) && !config.is(typeKey, "")) {
            return config.choice(typeKey, StoreType.class);
        }
        Optional<StoreType> byName = StoreType.of(file);
        if (byName.isEmpty() && !file.isEmpty()) {
            config.refuse(key, "write a name that ends in .jks, .p12, .pfx or .pem, or set " + typeKey);
        }
        return byName.orElse(StoreType.PEM);
    }

    private ClientAuth clientAuth(String prefix) {
        return config.choice(prefix + "client-auth", ClientAuth.class);
    }
}
