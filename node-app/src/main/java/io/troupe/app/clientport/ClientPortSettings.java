package io.troupe.app.clientport;

import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.tls.TlsContext;
import io.troupe.node.ClientLoad;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the client port.
 *
 * @param host the address to listen on
 * @param port the port to listen on without TLS; 0 for any free one, -1 for none
 * @param secure where and how TLS is spoken; null for nowhere
 * @param eventLoops threads that read and write; one serves tens of thousands of requests per second
 * @param minSessionTimeout least session timeout granted
 * @param maxSessionTimeout greatest session timeout granted
 * @param maxConnectionsPerAddress connections one address may hold; 0 for any number
 * @param fourLetterWords status words that are answered; {@code *} for all
 * @param ttlEnabled whether znodes with a time to live may be created
 * @param reconfigEnabled whether clients may ask for other members of the ensemble
 * @param localSessionsUpgrade whether a session that only this node knows is made known to the whole ensemble when its client
 *     creates an ephemeral
 * @param authenticators what clients can prove of themselves, and what they must
 * @param dataDir the node's data directory, for status words
 * @param limits what one connection may hold of the server's memory
 * @param load how much of all clients together is taken on
 * @param shownConfiguration what the word {@code conf} shows besides the settings of this port
 */
public record ClientPortSettings(
        String host,
        int port,
        @Nullable Secure secure,
        int eventLoops,
        Duration minSessionTimeout,
        Duration maxSessionTimeout,
        int maxConnectionsPerAddress,
        Set<String> fourLetterWords,
        boolean ttlEnabled,
        boolean reconfigEnabled,
        boolean localSessionsUpgrade,
        Authenticators authenticators,
        String dataDir,
        Limits limits,
        ClientLoad load,
        ShownConfiguration shownConfiguration) {

    /** Connections one address may hold unless configured otherwise. */
    public static final int DEFAULT_CONNECTIONS_PER_ADDRESS = 60;

    /** The one word ZooKeeper answers by default. */
    public static final Set<String> DEFAULT_FOUR_LETTER_WORDS = Set.of("srvr");

    /**
     * Bounds of one connection.
     *
     * @param maxFrameBytes greatest frame read; a longer one ends the connection
     * @param maxOutstandingRequests unanswered requests beyond which nothing more is read
     * @param maxOutstandingBytes bytes of unanswered requests beyond which nothing more is read
     * @param maxUnsentBytes about what replies and events that the client does not take may hold; more ends the
     *     connection. Too small drops slow clients that pipeline large reads
     */
    public record Limits(int maxFrameBytes, int maxOutstandingRequests, long maxOutstandingBytes, long maxUnsentBytes) {
        /** ZooKeeper's frame length, 1,000 requests, 4 MiB of requests, 128 MiB of replies. */
        public static final Limits DEFAULT = new Limits(0xfffff, 1_000, 4L << 20, 128L << 20);
    }

    /**
     * TLS of this port.
     *
     * @param host the address to listen on
     * @param port the port for TLS alone; 0 for any free one, -1 for none
     * @param context keys and certificates, and whether the port without TLS understands it too
     */
    public record Secure(String host, int port, TlsContext context) {}

    /**
     * Settings of the node behind the port, under ZooKeeper's names and in its units.
     *
     * @param tickMillis length of a tick
     * @param initLimit ticks that a follower may take to synchronize
     * @param syncLimit ticks that a proposal may take
     * @param quorumPort where the other nodes reach this one
     */
    public record ShownConfiguration(long tickMillis, long initLimit, long syncLimit, int quorumPort) {}

    public ClientPortSettings {
        if (port < 0 && (secure == null || secure.port() < 0)) {
            throw new IllegalArgumentException("there is no port to listen on");
        }
        if (eventLoops < 1) {
            throw new IllegalArgumentException("the client port needs at least one event loop");
        }
        if (minSessionTimeout.compareTo(maxSessionTimeout) > 0) {
            throw new IllegalArgumentException("the least session timeout, " + minSessionTimeout
                    + ", is longer than the greatest, " + maxSessionTimeout);
        }
        fourLetterWords = Set.copyOf(fourLetterWords);
    }

    /** Sensible settings for {@code host} and {@code port}: session timeouts of 2 to 20 ticks of two seconds. */
    public static ClientPortSettings of(String host, int port) {
        return new ClientPortSettings(
                host,
                port,
                null,
                1,
                Duration.ofSeconds(4),
                Duration.ofSeconds(40),
                DEFAULT_CONNECTIONS_PER_ADDRESS,
                DEFAULT_FOUR_LETTER_WORDS,
                false,
                false,
                false,
                Authenticators.usual(),
                ".",
                Limits.DEFAULT,
                ClientLoad.DEFAULT,
                new ShownConfiguration(2000, 5, 5, 0));
    }

    /** The port for TLS alone, -1 for none. */
    int securePort() {
        return secure == null ? -1 : secure.port();
    }

    /** The session timeout granted to a client that asks for {@code millis}. */
    int clampTimeout(int millis) {
        return (int) Math.max(minSessionTimeout.toMillis(), Math.min(maxSessionTimeout.toMillis(), millis));
    }

    /** Whether a status word is answered. */
    boolean answers(String word) {
        return fourLetterWords.contains("*") || fourLetterWords.contains(word);
    }
}
