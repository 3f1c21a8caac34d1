package io.troupe.node;

import java.time.Duration;

/** How much of all clients together a node takes on (contract 1.2, 1.5, 1.12). */
public record ClientLoad(Connections connections, ConnectRate connectRate, Requests requests, Bounds bounds) {
    public static final ClientLoad DEFAULT = new ClientLoad(
            new Connections(HeapShare.connections(), 1_024, false, Duration.ofSeconds(10)),
            new ConnectRate(0, Duration.ofMillis(1), 1, Weights.EQUAL, Dropping.NEVER),
            new Requests(10_000, 0, Duration.ZERO, 0, 100 << 20),
            new Bounds(1_000, 200_000, HeapShare.inFlight()));

    /**
     * What keeps a few clients from taking what is there for all.
     *
     * @param sessionsPerAddress that clients at one address have left open or use, before they get no new ones; 0 for any number
     * @param requestsPerSecond of one connection, before those that follow wait; 0 for any number
     * @param bytesInFlight of all requests that are not answered: from so many on, a connection that waits for answers is not read; 0
     *     for any number
     */
    public record Bounds(int sessionsPerAddress, int requestsPerSecond, long bytesInFlight) {}

    /**
     * Connections.
     *
     * @param most at a time, 0 for any number
     * @param backlog those that the system keeps until they are accepted
     * @param keepAlive whether the system finds out about peers that have vanished
     * @param handshakeDeadline a connection that has not asked for a session by then is closed
     */
    public record Connections(int most, int backlog, boolean keepAlive, Duration handshakeDeadline) {}

    /**
     * Handshakes: each takes tokens, and without enough of them the connection is closed.
     *
     * @param tokens at most, and at first; 0 for no limit
     * @param fillEvery interval after which tokens are added
     * @param fillCount how many
     * @param weights how many a handshake takes
     * @param dropping which connections are closed though there are tokens
     */
    public record ConnectRate(int tokens, Duration fillEvery, int fillCount, Weights weights, Dropping dropping) {}

    /**
     * Tokens that a handshake takes.
     *
     * @param opened for a new session
     * @param renewed for going on with one
     */
    public record Weights(int opened, int renewed) {
        /** One for each. */
        public static final Weights EQUAL = new Weights(1, 1);
    }

    /**
     * Closing connections by lot before the tokens run out, so that not always the same clients come too late.
     *
     * @param adjustEvery interval after which the probability is adjusted; negative for no such lot
     * @param increase added to it when no token is left
     * @param decrease taken off when more tokens are left than {@code ratio} of all
     * @param ratio 0 to 1
     */
    public record Dropping(Duration adjustEvery, double increase, double decrease, double ratio) {
        /** Nobody is dropped by lot. */
        public static final Dropping NEVER = new Dropping(Duration.ofMillis(-1), 0.02, 0.002, 0);

        /** Whether there is a lot. */
        public boolean enabled() {
            return !adjustEvery.isNegative();
        }
    }

    /**
     * Requests that are being worked at.
     *
     * @param outstanding from this number on, a connection that waits for answers is not read; 0 for any number
     * @param atOnce from this number on, no connection's requests are begun, but wait; 0 for any number
     * @param refuseAfter a request that has waited longer is refused unexecuted; zero for never
     * @param largeBytes a request that is larger counts as large; 0 for none
     * @param allLargeBytes what large ones may hold together; one more ends its connection
     */
    public record Requests(int outstanding, int atOnce, Duration refuseAfter, int largeBytes, int allLargeBytes) {}
}
