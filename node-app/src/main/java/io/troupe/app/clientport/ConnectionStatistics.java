package io.troupe.app.clientport;

import io.troupe.app.clientport.jute.OpCode;

/** Counts of one connection. One event loop only. */
final class ConnectionStatistics {
    private static final String NOTHING_YET = "NA";

    private final long establishedMillis;
    private long received;
    private long sent;
    private String lastOperation = NOTHING_YET;
    private int lastXid;
    private long lastZxid;
    private long lastResponseMillis;
    private long lastLatency;
    private long leastLatency;
    private long greatestLatency;
    private long totalLatency;
    private long answered;

    ConnectionStatistics(long establishedMillis) {
        this.establishedMillis = establishedMillis;
    }

    void received(int xid, int type) {
        received++;
        lastXid = xid;
        lastOperation = OpCode.shortName(type);
    }

    void sent() {
        sent++;
    }

    void answered(long zxid, long latencyMillis, long wallMillis) {
        sent++;
        lastZxid = zxid;
        lastResponseMillis = wallMillis;
        lastLatency = latencyMillis;
        leastLatency = answered == 0 ? latencyMillis : Math.min(leastLatency, latencyMillis);
        greatestLatency = Math.max(greatestLatency, latencyMillis);
        totalLatency += latencyMillis;
        answered++;
    }

    void reset() {
        received = 0;
        sent = 0;
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
        double average = answered == 0 ? 0 : (double) totalLatency / answered;
        return new ConnectionReport.Latency(lastLatency, leastLatency, average, greatestLatency);
    }
}
