package io.troupe.node;

import io.troupe.env.Clock;
import io.troupe.link.PeerProbe;
import io.troupe.link.PeerTransport;

/**
 * Stands between a node and its machine: for tests that let time jump or cut nodes off in one process. Each is asked once in each
 * start of the node's actors, and answers what the node is to use, by default what it was given.
 */
public interface Interposer {
    /** Nothing stands between. */
    Interposer NONE = new Interposer() {};

    /** Time. */
    default Clock clock(Clock machine) {
        return machine;
    }

    /** The way to the other nodes. */
    default PeerTransport transport(PeerTransport machine) {
        return machine;
    }

    /** How dead peers are noticed. */
    default PeerProbe probe(PeerProbe machine) {
        return machine;
    }
}
