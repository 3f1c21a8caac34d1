package io.troupe.sim;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import io.troupe.node.NodeEnvironment;
import io.troupe.node.NodeGuardian;
import io.troupe.node.NodeSettings;

/** Makes the top actor of a node: in earnest the production guardian, in the simulator's own tests a toy. */
@FunctionalInterface
interface NodeStarter {
    /** {@code listener} is told the frontend once clients may connect. The node is gone when the behavior stops. */
    Behavior<?> start(NodeSettings settings, NodeEnvironment environment, NodeGuardian.Listener listener);

    /** Has the node that {@code top} made hand over what it leads, before it is stopped; {@code done} may never be run. */
    default void handOver(ActorRef<?> top, Runnable done) {
        done.run();
    }
}
