package io.troupe.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.troupe.broadcast.BroadcastSettings;
import io.troupe.election.ElectionSettings;
import io.troupe.heartbeat.HeartbeatSettings;
import io.troupe.log.LogSettings;
import io.troupe.node.NodeSettings.Seed;
import io.troupe.snapshot.SnapshotSettings;
import io.troupe.tree.TreeSettings;
import io.troupe.tree.local.TreeLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Turns a configuration into settings, once, before anything is started. */
public final class NodeSettingsReader {
    private static final Duration ONE_MILLI = Duration.ofMillis(1);
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(2);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final long LEAST_SESSIONS = 1_000;
    private static final String LIMITS = "troupe.limits.";
    private static final String AUTO = "auto";
    private static final String OFF = "off";
    private static final int KIB = 1024;
    private static final int MIB = 1024 * 1024;

    /** What a message between nodes may hold at least: a piece of a snapshot with its envelope. */
    private static final int LEAST_MESSAGE = 2 * MIB;

    /** What surrounds the bytes of a request on its way between nodes, its session's identities above all. */
    private static final int ENVELOPE = 512 * KIB;

    private final CheckedConfig config;
    private final TlsSettingsReader tls;

    private NodeSettingsReader(CheckedConfig config) {
        this.config = config;
        this.tls = new TlsSettingsReader(config);
    }

    /**
     * Reads what an operator wrote, over the defaults of {@code reference.conf}.
     *
     * @param operator file and system properties, not yet resolved
     * @throws ConfigurationException naming every mistake with key, value, place and remedy
     */
    public static ProcessSettings read(Config operator) {
        Config reference = ConfigFactory.parseResourcesAnySyntax(
                        NodeSettingsReader.class.getClassLoader(), "reference.conf")
                .withOnlyPath("troupe");
        Config merged;
        try {
            merged = operator.withFallback(reference).resolve();
            List<String> unknown = new KnownKeys(reference.resolve()).unknownIn(merged);
            if (!unknown.isEmpty()) {
                throw new ConfigurationException(unknown);
            }
        } catch (ConfigException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
        CheckedConfig checked = new CheckedConfig(merged);
        ProcessSettings settings = new NodeSettingsReader(checked).processSettings();
        checked.finish();
        return settings;
    }

    private NodeSettings settings() {
        List<Seed> seeds = SeedList.read(config);
        String host = config.nonEmptyText("troupe.host");
        int peerPort = config.whole("troupe.peer-port", 1, 65_535);
        int clientPort = clientPort("troupe.client-port", peerPort);
        int securePort = clientPort("troupe.secure-client-port", peerPort);
        if (clientPort == 0 && securePort == 0) {
            config.refuse("troupe.client-port", "there is no troupe.secure-client-port either; set one of the two");
        } else if (clientPort == securePort) {
            config.refuse(
                    "troupe.secure-client-port",
                    "is also troupe.client-port; use two ports, or one and troupe.tls.client-port-too = true");
        }
        Duration tick = config.duration("troupe.tick", Duration.ofMillis(10), MINUTE);
        Duration least = sessionTimeout("troupe.min-session-timeout", tick.multipliedBy(2));
        Duration most = sessionTimeout("troupe.max-session-timeout", tick.multipliedBy(20));
        if (least.compareTo(most) > 0) {
            config.refuse(
                    "troupe.min-session-timeout",
                    "is longer than troupe.max-session-timeout, " + most.toMillis() + " ms");
        }
        return new NodeSettings(
                nodeId(seeds, host, peerPort),
                seeds,
                host,
                config.nonEmptyText("troupe.bind-host"),
                config.nonEmptyText("troupe.client-bind-host"),
                config.nonEmptyText("troupe.secure-client-bind-host"),
                peerPort,
                clientPort,
                securePort,
                config.is("troupe.client-host", AUTO) ? host : config.nonEmptyText("troupe.client-host"),
                electionPort(peerPort),
                config.nonEmptyText("troupe.data-dir"),
                config.whole("troupe.connections-per-address", 0, Integer.MAX_VALUE),
                fourLetterWords(),
                least,
                most,
                config.flag("troupe.enforce-quota"),
                maxMessageBytes(),
                election(),
                heartbeat(tick),
                broadcast(),
                tree(),
                log(),
                snapshot());
    }

    /** Clients that read the configuration insist on a second port, though nothing listens there. */
    private int electionPort(int peerPort) {
        if (config.is("troupe.election-port", AUTO)) {
            return peerPort == 65_535 ? peerPort - 1 : peerPort + 1;
        }
        int port = config.whole("troupe.election-port", 1, 65_535);
        if (port == peerPort) {
            config.refuse("troupe.election-port", "is also troupe.peer-port; leave it out");
        }
        return port;
    }

    /** 0 for none. */
    private int clientPort(String key, int peerPort) {
        int port = config.whole(key, 0, 65_535);
        if (port == peerPort) {
            config.refuse(key, "is also troupe.peer-port; use two ports");
        }
        return port;
    }

    private int nodeId(List<Seed> seeds, String host, int peerPort) {
        int listed = SeedList.idOf(seeds, host, peerPort);
        String own = "akka://troupe@" + host + ":" + peerPort;
        if (config.is("troupe.id", AUTO)) {
            // A node that is not in the list joins through it, and is assigned one.
            return listed;
        }
        int id = config.whole("troupe.id", 1, 254);
        if (listed == 0 && seeds.stream().anyMatch(seed -> seed.id() == id)) {
            config.refuse(
                    "troupe.id",
                    "is that of another node in " + SeedList.KEY + "; give this node, " + own
                            + ", which is not in the list, an id of its own");
        }
        if (listed != 0 && id != listed) {
            config.refuse(
                    "troupe.id",
                    "this node, " + own + ", is number " + listed + " of " + SeedList.KEY
                            + "; correct one of the two, or leave troupe.id out");
        }
        return id;
    }

    private Duration sessionTimeout(String key, Duration otherwise) {
        return config.is(key, AUTO) ? otherwise : config.duration(key, ONE_MILLI, DAY);
    }

    private ProcessSettings processSettings() {
        return new ProcessSettings(
                settings(),
                config.flag("troupe.ttl-nodes"),
                config.flag("troupe.reconfig"),
                config.flag("troupe.local-sessions-upgrade"),
                auth(),
                tls.read(),
                tls.readPeers(config.nonEmptyText("troupe.bind-host")),
                config.whole("troupe.client-threads", 1, 64),
                maxRequestBytes(),
                config.flag("troupe.actor-clients"),
                clientLoad(),
                new HttpSettingsReader(config, tls).read(),
                new AuditSettings(
                        config.choice("troupe.audit", AuditSettings.Level.class),
                        config.text("troupe.audit-dir").strip()));
    }

    private ClientLoad clientLoad() {
        String prefix = "troupe.advanced.clients.";
        return new ClientLoad(
                new ClientLoad.Connections(
                        config.wholeOrAuto(prefix + "connections", HeapShare.connections()),
                        config.whole(prefix + "backlog", 1, 65_535),
                        config.flag(prefix + "keep-alive"),
                        config.duration(prefix + "handshake-deadline", ONE_MILLI, HOUR)),
                connectRate(prefix + "connect-"),
                new ClientLoad.Requests(
                        config.whole(prefix + "outstanding-requests", 0, Integer.MAX_VALUE),
                        config.whole(prefix + "requests-at-once", 0, Integer.MAX_VALUE),
                        config.duration(prefix + "refuse-after", Duration.ZERO, HOUR),
                        config.bytes(prefix + "large-request", 0, Integer.MAX_VALUE),
                        config.bytes(prefix + "large-requests", 1, Integer.MAX_VALUE)),
                new ClientLoad.Bounds(
                        config.wholeOrAuto(LIMITS + "sessions-per-address", sessionsPerAddress()),
                        config.whole(LIMITS + "requests-per-second", 0, Integer.MAX_VALUE),
                        config.bytesOrAuto(LIMITS + "bytes-in-flight", HeapShare.inFlight())));
    }

    /** Any number where an address may have any number of connections: it is a proxy's then, or a test's. */
    private int sessionsPerAddress() {
        long connections = config.whole("troupe.connections-per-address", 0, Integer.MAX_VALUE);
        return connections == 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST_SESSIONS, 16 * connections));
    }

    private ClientLoad.ConnectRate connectRate(String prefix) {
        int tokens = config.whole(prefix + "tokens", 0, Integer.MAX_VALUE);
        ClientLoad.Weights weights = connectWeights(prefix);
        if (tokens > 0 && tokens < Math.max(weights.opened(), weights.renewed())) {
            config.refuse(prefix + "tokens", "write at least the greatest weight; nobody could connect otherwise");
        }
        return new ClientLoad.ConnectRate(
                tokens,
                config.duration(prefix + "fill-every", ONE_MILLI, HOUR),
                config.whole(prefix + "fill-count", 1, Integer.MAX_VALUE),
                weights,
                new ClientLoad.Dropping(
                        config.is(prefix + "adjust-every", OFF)
                                ? ClientLoad.Dropping.NEVER.adjustEvery()
                                : config.duration(prefix + "adjust-every", Duration.ZERO, HOUR),
                        config.fraction(prefix + "drop-increase"),
                        config.fraction(prefix + "drop-decrease"),
                        config.fraction(prefix + "drop-ratio")));
    }

    private ClientLoad.Weights connectWeights(String prefix) {
        int global = config.whole(prefix + "weight-global", 1, Integer.MAX_VALUE);
        int renewed = config.whole(prefix + "weight-renew", 1, Integer.MAX_VALUE);
        int local = config.whole(prefix + "weight-local", 1, Integer.MAX_VALUE);
        boolean opensLocal = config.flag("troupe.local-sessions");
        return config.flag(prefix + "weighed")
                ? new ClientLoad.Weights(opensLocal ? local : global, renewed)
                : ClientLoad.Weights.EQUAL;
    }

    private int maxRequestBytes() {
        return config.bytes("troupe.max-request-size", KIB, 16 * MIB);
    }

    /** A batch ends with the request that fills it, which may be the greatest there is. */
    private int maxMessageBytes() {
        int batch = config.bytes("troupe.advanced.broadcast.batch-size", KIB, MIB);
        return Math.max(LEAST_MESSAGE, maxRequestBytes() + batch + ENVELOPE);
    }

    private AuthSettings auth() {
        String superDigest = config.text("troupe.super-digest");
        if (!superDigest.isEmpty() && superDigest.indexOf(':') < 1) {
            config.refuse("troupe.super-digest", "write \"user:base64 of the digest\", or \"\" for none");
        }
        return new AuthSettings(
                superDigest,
                config.words("troupe.required-auth-schemes"),
                providers(),
                config.flag("troupe.auth.digest-enabled"),
                config.nonEmptyText("troupe.auth.digest-algorithm"),
                config.flag("troupe.auth.skip-acl"),
                config.words("troupe.auth.ensemble-names"),
                config.text("troupe.auth.x509-super-user"),
                tls.certificateScheme(),
                new AuthSettings.Sasl(
                        config.nonEmptyText("troupe.auth.sasl.section"),
                        config.words("troupe.auth.sasl.super-users"),
                        config.flag("troupe.auth.sasl.allow-failed-clients"),
                        config.flag("troupe.auth.sasl.remove-host"),
                        config.flag("troupe.auth.sasl.remove-realm"),
                        config.nonEmptyText("troupe.auth.sasl.auth-to-local"),
                        config.text("troupe.auth.sasl.any-user").strip()));
    }

    /** Who shows certificates can be named in access control lists. */
    private List<String> providers() {
        TreeSet<String> providers = new TreeSet<>(config.words("troupe.auth.providers"));
        if (tls.wanted() || tls.httpAsksForCertificates()) {
            providers.add(AuthSettings.CERTIFICATES);
        }
        return List.copyOf(providers);
    }

    private List<String> fourLetterWords() {
        List<String> words = config.words("troupe.four-letter-words");
        if (words.stream().anyMatch(word -> !word.equals("*") && word.length() != 4)) {
            config.refuse("troupe.four-letter-words", "write words of four letters, such as \"srvr,ruok\", or \"*\"");
        }
        return words;
    }

    private ElectionSettings election() {
        return new ElectionSettings(
                config.duration("troupe.advanced.election.resend", ONE_MILLI, MINUTE),
                config.duration("troupe.advanced.election.settle", ONE_MILLI, MINUTE),
                config.duration("troupe.advanced.election.isolated-after", Duration.ofSeconds(1), HOUR));
    }

    private HeartbeatSettings heartbeat(Duration tick) {
        Duration suspectAfter = config.duration("troupe.advanced.heartbeat.suspect-after", ONE_MILLI, MINUTE);
        Duration suspectAtMost = config.duration("troupe.advanced.heartbeat.suspect-at-most", ONE_MILLI, HOUR);
        if (suspectAfter.compareTo(suspectAtMost) > 0) {
            config.refuse("troupe.advanced.heartbeat.suspect-after", "is longer than suspect-at-most");
        }
        return new HeartbeatSettings(
                config.duration("troupe.advanced.heartbeat.beat", ONE_MILLI, MINUTE),
                suspectAfter,
                suspectAtMost,
                config.duration("troupe.advanced.heartbeat.warm-up", Duration.ZERO, HOUR),
                tick,
                new HeartbeatSettings.Reaping(
                        config.duration("troupe.advanced.heartbeat.reap-every", ONE_MILLI, DAY),
                        config.whole("troupe.advanced.heartbeat.reap-per-minute", 1, 1_000_000),
                        config.duration("troupe.advanced.heartbeat.never-used-after", Duration.ZERO, DAY)));
    }

    /** More than the largest batch can hold. */
    private static final long LEAST_TRANSACTIONS_PER_EPOCH = 100_000;

    private BroadcastSettings broadcast() {
        return new BroadcastSettings(
                config.duration("troupe.advanced.broadcast.discovery-deadline", ONE_MILLI, HOUR),
                config.duration("troupe.advanced.broadcast.sync-deadline", ONE_MILLI, HOUR),
                config.duration("troupe.advanced.broadcast.proposal-deadline", ONE_MILLI, HOUR),
                config.duration("troupe.advanced.broadcast.commit-delay", Duration.ZERO, MINUTE),
                config.bytes("troupe.advanced.broadcast.batch-size", KIB, MIB),
                config.duration("troupe.advanced.broadcast.batch-patience", Duration.ZERO, MINUTE),
                config.whole("troupe.advanced.broadcast.batches-in-flight", 1, 1_000),
                config.bytes("troupe.advanced.broadcast.sync-window", 64 * KIB, 1024 * MIB),
                config.whole(
                        "troupe.advanced.broadcast.transactions-per-epoch",
                        LEAST_TRANSACTIONS_PER_EPOCH,
                        BroadcastSettings.MOST_TRANSACTIONS_PER_EPOCH));
    }

    private TreeSettings tree() {
        return new TreeSettings(
                config.whole("troupe.snapshot-every", 1, Integer.MAX_VALUE),
                config.duration("troupe.advanced.snapshot.slice", ONE_MILLI, MINUTE),
                config.duration("troupe.advanced.snapshot.pause", Duration.ZERO, MINUTE),
                config.flag("troupe.standalone"),
                config.flag("troupe.local-sessions"),
                config.flag("troupe.read-only-mode") ? Optional.of(readOnlyAfter()) : Optional.empty(),
                config.bytes("troupe.advanced.clients.watch-history", 0, 1024 * MIB),
                treeLimits());
    }

    private TreeLimits treeLimits() {
        TreeLimits shares = TreeLimits.DEFAULT;
        return new TreeLimits(
                config.wholeOrAuto(LIMITS + "sessions", shares.sessions()),
                config.wholeOrAuto(LIMITS + "watches", shares.watches()),
                config.wholeOrAuto(LIMITS + "watches-per-session", shares.watchesPerSession()),
                config.bytesOrAuto(LIMITS + "tree-bytes", shares.treeBytes()));
    }

    /** As ZooKeeper waits (contract 1.10). */
    private Duration readOnlyAfter() {
        Duration tick = config.duration("troupe.tick", Duration.ofMillis(10), MINUTE);
        return tick.compareTo(LEAST_PATIENCE) > 0 ? tick : LEAST_PATIENCE;
    }

    private LogSettings log() {
        return new LogSettings(
                config.bytes("troupe.advanced.log.segment-size", 64 * KIB, 1024 * MIB),
                config.bytes("troupe.advanced.log.preallocate", 4 * KIB, 1024 * MIB),
                config.bytes("troupe.advanced.log.room", 8 * KIB, 1024 * MIB));
    }

    private SnapshotSettings snapshot() {
        return new SnapshotSettings(
                config.whole("troupe.advanced.snapshot.keep", 2, 1_000),
                config.bytes("troupe.advanced.snapshot.chunk-size", KIB, MIB),
                config.whole("troupe.advanced.snapshot.chunks-in-flight", 1, 1_000));
    }
}
