package io.troupe.link;

/**
 * Names one connection between two nodes, as a TCP connection is named by its ports. The dialer (a learner) draws it;
 * both directions carry it.
 *
 * @param dialer node that opened it
 * @param incarnation of the dialer
 * @param session counts the dialer's connections in this incarnation, from 1
 */
public record ConnectionId(int dialer, long incarnation, int session) {
    /** Whether this connection was opened after {@code other} by the same dialer. */
    public boolean newerThan(ConnectionId other) {
        return incarnation != other.incarnation ? incarnation > other.incarnation : session > other.session;
    }

    @Override
    public String toString() {
        return dialer + "#" + Long.toHexString(incarnation) + "/" + session;
    }
}
