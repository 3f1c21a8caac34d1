package io.troupe.app.clientport;

import io.troupe.metrics.Counter;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Sizes;
import io.troupe.metrics.Summary;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts of a whole client port, for status words and metrics. Thread-safe. */
public final class PortStatistics {
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final LongAdder outstanding = new LongAdder();
    private final LongAdder failedAuthentications = new LongAdder();
    private final LongAdder handshakes = new LongAdder();
    private final LongAdder uncertifiedLocal = new LongAdder();
    private final LongAdder uncertifiedRemote = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder totalLatency = new LongAdder();
    private final LongAccumulator leastLatency = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final LongAccumulator greatestLatency = new LongAccumulator(Math::max, 0);

    private final Counter bytesReceived;
    private final Counter connectionRequests;
    private final Counter revalidations;
    private final Counter rejected;
    private final Counter dropped;
    private final Counter sessionsRefused;
    private final Counter pauses;
    private final Counter neverOpened;
    private final Counter turnedAway;
    private final Counter handshakesFailed;
    private final Counter handshakesExceeded;
    private final Counter responseBytes;
    private final Counter watchBytes;
    private final Sizes responseSizes;
    private final Counter ensemblesWrong;
    private final Counter ensemblesRight;
    private final Counter ensemblesNotCompared;
    private final Summary tokenDeficit;
    private final Summary readLatency;
    private final Summary updateLatency;

    PortStatistics(Metrics metrics) {
        bytesReceived = metrics.counter("bytes_received_count");
        connectionRequests = metrics.counter("connection_request_count");
        revalidations = metrics.counter("connection_revalidate_count");
        rejected = metrics.counter("connection_rejected");
        dropped = metrics.counter("connection_drop_count");
        pauses = metrics.counter("troupe_request_pauses");
        sessionsRefused = metrics.counter("troupe_sessions_refused");
        neverOpened = metrics.counter("sessionless_connections_expired");
        turnedAway = metrics.counter("cnxn_closed_without_zk_server_running");
        handshakesFailed = metrics.counter("unsuccessful_handshake");
        handshakesExceeded = metrics.counter("tls_handshake_exceeded");
        responseBytes = metrics.counter("response_bytes");
        watchBytes = metrics.counter("watch_bytes");
        responseSizes = metrics.sizes("client_response_size");
        ensemblesWrong = metrics.counter("ensemble_auth_fail");
        ensemblesRight = metrics.counter("ensemble_auth_success");
        ensemblesNotCompared = metrics.counter("ensemble_auth_skip");
        tokenDeficit = metrics.summary("connection_token_deficit");
        readLatency = metrics.distribution("readlatency");
        updateLatency = metrics.distribution("updatelatency");
    }

    /** A connection has to wait, because it sends more requests than it may. */
    void paused() {
        pauses.increment();
    }

    /** A client got no session, because its address has too many. */
    void sessionRefused() {
        sessionsRefused.increment();
    }

    void bytesReceived(int count) {
        bytesReceived.add(count);
    }

    /** How many tokens are gone as a client asks for a session. */
    void tokensShort(long deficit) {
        tokenDeficit.add(deficit);
    }

    /** A client asks for a session, or for its own again. */
    void sessionRequested(boolean again) {
        connectionRequests.increment();
        if (again) {
            revalidations.increment();
        }
    }

    /** A connection ends that its client did not end properly. */
    void connectionDropped() {
        dropped.increment();
    }

    /** A connection on which no session was asked for in time. */
    void connectionNeverOpened() {
        neverOpened.increment();
    }

    /** A client came while nobody is served. */
    void clientTurnedAway() {
        turnedAway.increment();
    }

    /** A frame was written, of so many bytes with its length. */
    void frameWritten(boolean event, int bytes) {
        if (event) {
            watchBytes.add(bytes);
        } else {
            responseBytes.add(bytes);
            responseSizes.add(bytes);
        }
    }

    void requestReceived() {
        received.increment();
    }

    void requestOutstanding() {
        outstanding.increment();
    }

    void requestsAbandoned(int count) {
        outstanding.add(-count);
    }

    void requestAnswered(boolean write, long latencyMillis) {
        (write ? updateLatency : readLatency).add(latencyMillis);
        outstanding.decrement();
        sent.increment();
        answered.increment();
        totalLatency.add(latencyMillis);
        leastLatency.accumulate(latencyMillis);
        greatestLatency.accumulate(latencyMillis);
    }

    void frameSent() {
        sent.increment();
    }

    void connectionOpened() {
        connections.increment();
    }

    void connectionClosed() {
        connections.decrement();
    }

    void connectionRejected() {
        rejected.increment();
    }

    /** A client looks for another ensemble. */
    void wrongEnsemble() {
        ensemblesWrong.increment();
    }

    /**
     * A client looks for this ensemble.
     *
     * @param compared false where one of the two has no name
     */
    void rightEnsemble(boolean compared) {
        (compared ? ensemblesRight : ensemblesNotCompared).increment();
    }

    void authenticationFailed() {
        failedAuthentications.increment();
    }

    /** A TLS handshake begins. */
    void handshakeBegun() {
        handshakes.increment();
    }

    void handshakeEnded(boolean successfully) {
        handshakes.decrement();
        if (!successfully) {
            handshakesFailed.increment();
        }
    }

    /** A connection ends because too many others are at their TLS handshake. */
    void handshakeExceeded() {
        handshakesExceeded.increment();
    }

    /** A client has connected and shown no certificate. */
    void cameWithoutCertificate(InetSocketAddress from, InetSocketAddress to) {
        (from.getAddress().equals(to.getAddress()) ? uncertifiedLocal : uncertifiedRemote).increment();
    }

    void reset() {
        received.reset();
        sent.reset();
        answered.reset();
        totalLatency.reset();
        leastLatency.reset();
        greatestLatency.reset();
    }

    /** Frames received since the start or the last reset. */
    public long packetsReceived() {
        return received.sum();
    }

    /** Frames sent since the start or the last reset, events included. */
    public long packetsSent() {
        return sent.sum();
    }

    /** Connections open now. */
    public long aliveConnections() {
        return connections.sum();
    }

    /** Requests not answered yet, of all connections. */
    public long outstandingRequests() {
        return outstanding.sum();
    }

    /** Connections closed at once because their address held too many. */
    public long connectionsRejected() {
        return rejected.value();
    }

    /** TLS handshakes under way. */
    public long handshakesUnderWay() {
        return handshakes.sum();
    }

    /** Connections since the start that showed no certificate and came from this host, or from others. */
    public long connectionsWithoutCertificate(boolean local) {
        return (local ? uncertifiedLocal : uncertifiedRemote).sum();
    }

    /** Auth packets and certificates refused. */
    public long authenticationsFailed() {
        return failedAuthentications.sum();
    }

    /** Shortest time from a request's arrival to its reply, milliseconds; 0 when nothing was answered. */
    public long minLatency() {
        long least = leastLatency.get();
        return least == Long.MAX_VALUE ? 0 : least;
    }

    /** Longest time from a request's arrival to its reply, milliseconds. */
    public long maxLatency() {
        return greatestLatency.get();
    }

    /** Mean time from a request's arrival to its reply, milliseconds. */
    public double averageLatency() {
        long count = answered.sum();
        return count == 0 ? 0 : (double) totalLatency.sum() / count;
    }
}
