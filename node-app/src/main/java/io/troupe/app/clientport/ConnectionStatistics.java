package io.troupe.app.clientport;

import io.troupe.app.clientport.jute.OpCode;
import io.troupe.app.clientport.jute.RequestShape;

/**
 * Counts of one connection, as {@code cons} shows them (contract 7.1). What is last is what was answered last. One event loop
 * only.
 */
final class ConnectionStatistics {
    private static final String NOTHING = "NA";
    /** As xid and as zxid, after a reset. */
    private static final int FORGOTTEN = -1;

    private final long establishedMillis;
    private long received;
    private long sent;
    private String lastOperation = NOTHING;
    private int lastXid;
    private long lastZxid;
    private long lastResponseMillis;
    private int lastLatency;
    private int leastLatency;
    private int greatestLatency;
    private long totalLatency;
    private long answered;

    ConnectionStatistics(long establishedMillis) {
        this.establishedMillis = establishedMillis;
    }

    /** A frame has come, the handshake included. */
    void received() {
        received++;
    }

    /** A frame goes out that is no answer to a request. */
    void sent() {
        sent++;
    }

    /** The client has been given a new session; {@code zxid} is where it began. */
    void opened(long zxid, long wallMillis) {
        last(OpCode.NEW_SESSION_NAME, 0, zxid, wallMillis);
    }

    /** A request is answered; a write that failed shows no operation. */
    void answered(RequestShape request, long zxid, boolean failed, long latencyMillis, long wallMillis) {
        sent++;
        boolean nameless = failed && OpCode.isReplicated(request.type());
        last(nameless ? NOTHING : OpCode.shortName(request.type()), request.xid(), zxid, wallMillis);
        lastLatency = (int) Math.min(latencyMillis, Integer.MAX_VALUE);
        leastLatency = answered == 0 ? lastLatency : Math.min(leastLatency, lastLatency);
        greatestLatency = Math.max(greatestLatency, lastLatency);
        totalLatency += latencyMillis;
        answered++;
    }

    /** Pings and what else has an xid below 0 leave that of the client's last request. */
    private void last(String operation, int xid, long zxid, long wallMillis) {
        lastOperation = operation;
        lastXid = xid < 0 ? lastXid : xid;
        lastZxid = zxid;
        lastResponseMillis = wallMillis;
    }

    void reset() {
        received = 0;
        sent = 0;
        last(NOTHING, FORGOTTEN, FORGOTTEN, 0);
        lastXid = FORGOTTEN;
        lastLatency = 0;
        leastLatency = 0;
        greatestLatency = 0;
        totalLatency = 0;
        answered = 0;
    }

    ConnectionReport.Traffic traffic() {
        return new ConnectionReport.Traffic(
                received, sent, lastOperation, lastXid, lastZxid, establishedMillis, lastResponseMillis);
    }

    ConnectionReport.Latency latency() {
        long average = answered == 0 ? 0 : totalLatency / answered;
        return new ConnectionReport.Latency(lastLatency, leastLatency, average, greatestLatency);
    }
}
