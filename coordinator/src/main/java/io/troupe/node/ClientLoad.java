package io.troupe.node;

import java.time.Duration;

/** How much of all clients together a node takes on (contract 1.2, 1.5, 1.12). */
public record ClientLoad(Connections connections, ConnectRate connectRate, Requests requests) {
    public static final ClientLoad DEFAULT = new ClientLoad(
            new Connections(0, 1_024, false, Duration.ofSeconds(10)),
            new ConnectRate(0, Duration.ofMillis(1), 1),
            new Requests(10_000, 0, Duration.ZERO, 0, 100 << 20));

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
     * Handshakes: each takes a token, and without one the connection is closed.
     *
     * @param tokens at most, and at first; 0 for no limit
     * @param fillEvery interval after which tokens are added
     * @param fillCount how many
     */
    public record ConnectRate(int tokens, Duration fillEvery, int fillCount) {}

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
