package io.troupe.node;

import io.troupe.env.Clock;
import io.troupe.env.Disk;
import io.troupe.env.Entropy;
import io.troupe.link.PeerTransport;

/** Everything outside a node that its actors depend on: real in production, simulated in tests. */
public record NodeEnvironment(Clock clock, Entropy entropy, Disk disk, PeerTransport transport) {}
