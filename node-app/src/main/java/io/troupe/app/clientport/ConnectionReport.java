package io.troupe.app.clientport;

import java.net.InetSocketAddress;

/**
 * What is known of one client connection.
 *
 * @param encrypted whether it speaks TLS
 * @param sessionId 0 before the handshake is complete
 * @param timeoutMillis the session timeout agreed on, 0 before
 * @param deadlineMillis when it is closed unless the client gives a sign of life, since 1970
 * @param reading whether requests are read now; false under back-pressure
 * @param outstanding requests not answered yet
 */
public record ConnectionReport(
        InetSocketAddress peer,
        boolean encrypted,
        long sessionId,
        int timeoutMillis,
        long deadlineMillis,
        boolean reading,
        int outstanding,
        Traffic traffic,
        Latency latency) {
    /**
     * What went to and fro. Zero for what has not happened yet; -1 as last xid and zxid once they are forgotten.
     *
     * @param lastOperation ZooKeeper's word for the type of the last request that was answered, NA for none
     * @param establishedMillis when the connection was accepted, since 1970
     * @param lastResponseMillis when the last reply went out, since 1970
     */
    public record Traffic(
            long received,
            long sent,
            String lastOperation,
            int lastXid,
            long lastZxid,
            long establishedMillis,
            long lastResponseMillis) {}

    /** Milliseconds from a request's arrival to its reply. */
    public record Latency(long last, long least, long average, long greatest) {}
}
