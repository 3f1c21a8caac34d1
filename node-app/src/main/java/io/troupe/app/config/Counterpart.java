package io.troupe.app.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key of ZooKeeper's that means the same as one of ours (contract 6.2 to 6.4).
 *
 * @param ours the key of {@code reference.conf}
 * @param otherwise ZooKeeper's default where ours is another, null where they agree
 */
record Counterpart(
        Kind kind,
        String key,
        String ours,
        Unit unit,
        @Nullable String otherwise) {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final String TLS = "troupe.tls.";
    private static final String CLIENTS = "troupe.advanced.clients.";

    /** Snapshots that ZooKeeper keeps at least (contract 6.2). */
    static final int LEAST_KEPT = 3;

    /** All of them. Bounds are those of {@code NodeSettingsReader}, in ZooKeeper's units. */
    static final List<Counterpart> ALL = List.of(
            file("tickTime", "troupe.tick", Unit.millis(10, MINUTE), "3000"),
            file("clientPort", "troupe.client-port", Unit.whole(1, 65_535), null),
            file("clientPortAddress", "troupe.client-bind-host", Unit.TEXT, "0.0.0.0"),
            file("secureClientPort", "troupe.secure-client-port", Unit.whole(1, 65_535), null),
            file("secureClientPortAddress", "troupe.secure-client-bind-host", Unit.TEXT, "0.0.0.0"),
            property("client.portUnification", TLS + "client-port-too", Unit.FLAG, null),
            property("client.certReload", TLS + "reload", Unit.FLAG, "false"),
            property("ssl.keyStore.location", TLS + "key-store", Unit.TEXT, null),
            property("ssl.keyStore.type", TLS + "key-store-type", Unit.TEXT, null),
            property("ssl.trustStore.location", TLS + "trust-store", Unit.TEXT, null),
            property("ssl.trustStore.type", TLS + "trust-store-type", Unit.TEXT, null),
            property("ssl.ciphersuites", TLS + "cipher-suites", Unit.TEXT, null),
            property("ssl.clientAuth", TLS + "client-auth", Unit.TEXT, null),
            property("ssl.authProvider", TLS + "auth-provider", Unit.TEXT, null),
            property("ssl.handshakeDetectionTimeoutMillis", TLS + "handshake-timeout", Unit.millis(1, HOUR), null),
            property(
                    "netty.server.outstandingHandshake.limit",
                    TLS + "handshakes",
                    Unit.whole(0, Integer.MAX_VALUE).orDefault("-1"),
                    null),
            file(
                    "minSessionTimeout",
                    "troupe.min-session-timeout",
                    Unit.millis(1, DAY).orDefault("-1"),
                    null),
            file(
                    "maxSessionTimeout",
                    "troupe.max-session-timeout",
                    Unit.millis(1, DAY).orDefault("-1"),
                    null),
            file("maxClientCnxns", "troupe.connections-per-address", Unit.whole(0, Integer.MAX_VALUE), "60"),
            file("autopurge.snapRetainCount", "troupe.advanced.snapshot.keep", Unit.whole(LEAST_KEPT, 1_000), null),
            property("snapCount", "troupe.snapshot-every", Unit.whole(1, Integer.MAX_VALUE), "100000"),
            property("preAllocSize", "troupe.advanced.log.preallocate", Unit.kibibytes(4, 1 << 20), null),
            property("4lw.commands.whitelist", "troupe.four-letter-words", Unit.TEXT, "srvr"),
            property("extendedTypesEnabled", "troupe.ttl-nodes", Unit.FLAG, "false"),
            property("enforceQuota", "troupe.enforce-quota", Unit.FLAG, "false"),
            file("reconfigEnabled", "troupe.reconfig", Unit.FLAG, "false"),
            file("localSessionsEnabled", "troupe.local-sessions", Unit.FLAG, "false"),
            file("localSessionsUpgradingEnabled", "troupe.local-sessions-upgrade", Unit.FLAG, "false"),
            jvm("readonlymode.enabled", "troupe.read-only-mode", Unit.FLAG),
            file("standaloneEnabled", "troupe.standalone", Unit.FLAG, "true"),
            property("DigestAuthenticationProvider.superDigest", "troupe.super-digest", Unit.TEXT, null),
            property("DigestAuthenticationProvider.enabled", "troupe.auth.digest-enabled", Unit.FLAG, null),
            property("DigestAuthenticationProvider.digestAlg", "troupe.auth.digest-algorithm", Unit.TEXT, null),
            property("X509AuthenticationProvider.superUser", "troupe.auth.x509-super-user", Unit.TEXT, null),
            property("ensembleAuthName", "troupe.auth.ensemble-names", Unit.TEXT, null),
            property("admin.serverAddress", "troupe.http.host", Unit.TEXT, null),
            property("skipACL", "troupe.auth.skip-acl", Unit.FLAG, null),
            property("sasl.serverconfig", "troupe.auth.sasl.section", Unit.TEXT, null),
            property("allowSaslFailedClients", "troupe.auth.sasl.allow-failed-clients", Unit.FLAG, null),
            property("kerberos.removeHostFromPrincipal", "troupe.auth.sasl.remove-host", Unit.FLAG, null),
            property("kerberos.removeRealmFromPrincipal", "troupe.auth.sasl.remove-realm", Unit.FLAG, null),
            property("security.auth_to_local", "troupe.auth.sasl.auth-to-local", Unit.TEXT, null),
            property("letAnySaslUserDoX", "troupe.auth.sasl.any-user", Unit.TEXT, null),
            property("maxCnxns", CLIENTS + "connections", Unit.whole(0, Integer.MAX_VALUE), null),
            file(
                    "clientPortListenBacklog",
                    CLIENTS + "backlog",
                    Unit.whole(1, 65_535).orDefault("-1"),
                    null),
            property("clientTcpKeepAlive", CLIENTS + "keep-alive", Unit.FLAG, null),
            property("nio.sessionlessCnxnTimeout", CLIENTS + "handshake-deadline", Unit.millis(1, HOUR), null),
            property(
                    "globalOutstandingLimit",
                    CLIENTS + "outstanding-requests",
                    Unit.whole(1, Integer.MAX_VALUE),
                    "1000"),
            property(
                    "request_throttle_max_requests",
                    CLIENTS + "requests-at-once",
                    Unit.whole(0, Integer.MAX_VALUE),
                    null),
            property("throttled_op_wait_time", CLIENTS + "refuse-after", Unit.millis(0, HOUR), null),
            property(
                    "largeRequestThreshold",
                    CLIENTS + "large-request",
                    Unit.whole(0, Integer.MAX_VALUE).orDefault("-1"),
                    null),
            property("largeRequestMaxBytes", CLIENTS + "large-requests", Unit.whole(1, Integer.MAX_VALUE), null),
            property("connection_throttle_tokens", CLIENTS + "connect-tokens", Unit.whole(0, Integer.MAX_VALUE), null),
            property("connection_throttle_fill_time", CLIENTS + "connect-fill-every", Unit.millis(1, HOUR), null),
            property(
                    "connection_throttle_fill_count",
                    CLIENTS + "connect-fill-count",
                    Unit.whole(1, Integer.MAX_VALUE),
                    null),
            property("connection_throttle_weight_enabled", CLIENTS + "connect-weighed", Unit.FLAG, null),
            weight("global_session_weight", "connect-weight-global"),
            weight("renew_session_weight", "connect-weight-renew"),
            weight("local_session_weight", "connect-weight-local"),
            property(
                    "connection_throttle_freeze_time",
                    CLIENTS + "connect-adjust-every",
                    Unit.millis(0, HOUR).orDefault("-1"),
                    null),
            property("connection_throttle_drop_increase", CLIENTS + "connect-drop-increase", Unit.FRACTION, null),
            property("connection_throttle_drop_decrease", CLIENTS + "connect-drop-decrease", Unit.FRACTION, null),
            property("connection_throttle_decrease_ratio", CLIENTS + "connect-drop-ratio", Unit.FRACTION, null),
            jvm("jute.maxbuffer", "troupe.max-request-size", Unit.bytes(1_024, 16 << 20)),
            jvm("znode.container.maxPerMinute", "troupe.advanced.heartbeat.reap-per-minute", Unit.whole(1, 1_000_000)),
            jvm(
                    "znode.container.maxNeverUsedIntervalMs",
                    "troupe.advanced.heartbeat.never-used-after",
                    Unit.millis(0, DAY)),
            jvm("znode.container.checkIntervalMs", "troupe.advanced.heartbeat.reap-every", Unit.millis(1, DAY)));

    private static Counterpart file(String key, String ours, Unit unit, @Nullable String otherwise) {
        return new Counterpart(Kind.FILE, key, ours, unit, otherwise);
    }

    private static Counterpart property(String key, String ours, Unit unit, @Nullable String otherwise) {
        return new Counterpart(Kind.PROPERTY, key, ours, unit, otherwise);
    }

    private static Counterpart weight(String key, String ours) {
        return property("connection_throttle_" + key, CLIENTS + ours, Unit.whole(1, Integer.MAX_VALUE), null);
    }

    private static Counterpart jvm(String key, String ours, Unit unit) {
        return new Counterpart(Kind.JVM, key, ours, unit, null);
    }
}
