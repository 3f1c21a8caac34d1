package io.troupe.sim;

import io.troupe.node.NodeGuardian;

/** What a seed means besides its random numbers, in the test and on the command line alike. */
final class Seeds {
    /** The nodes under test. */
    static final NodeStarter PRODUCTION = NodeGuardian::create;

    private Seeds() {}

    /** One seed in three has five nodes. */
    static int nodes(long seed) {
        return seed % 3 == 2 ? 5 : 3;
    }
}
