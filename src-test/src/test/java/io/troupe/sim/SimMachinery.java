package io.troupe.sim;

import org.jspecify.annotations.Nullable;

/**
 * What all nodes of a world share.
 *
 * @param skewedClocks whether each node's clocks run at a speed of their own
 * @param probes null when dead processes are noticed by their silence alone
 * @param applications whether nodes have actor systems for clients
 */
record SimMachinery(
        SimWorld world,
        SimActors actors,
        SimNetwork network,
        @Nullable SimProbes probes,
        boolean skewedClocks,
        boolean applications) {}
