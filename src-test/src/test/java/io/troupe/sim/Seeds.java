package io.troupe.sim;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import io.troupe.node.NodeEnvironment;
import io.troupe.node.NodeGuardian;
import io.troupe.node.NodeProtocol;
import io.troupe.node.NodeSettings;

/** What a seed means besides its random numbers, in the test and on the command line alike. */
final class Seeds {
    /** The nodes under test. */
    static final NodeStarter PRODUCTION = new NodeStarter() {
        @Override
        public Behavior<?> start(NodeSettings settings, NodeEnvironment environment, NodeGuardian.Listener listener) {
            return NodeGuardian.create(settings, environment, listener);
        }

        @Override
        public void handOver(ActorRef<?> top, Runnable done) {
            top.unsafeUpcast().tell(new NodeProtocol.HandOver(done));
        }
    };

    private Seeds() {}

    /** One seed in three has five nodes. */
    static int nodes(long seed) {
        return seed % 3 == 2 ? 5 : 3;
    }
}
