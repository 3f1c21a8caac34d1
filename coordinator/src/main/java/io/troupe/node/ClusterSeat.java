package io.troupe.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.troupe.broadcast.BroadcastStatus;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.membership.ClusterFormationActor;
import io.troupe.membership.ClusterFormationProtocol;
import io.troupe.membership.ClusterFormationProtocol.Standing;
import io.troupe.membership.ClusterMember;
import io.troupe.node.NodeProtocol.Command;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A node's part in Akka's cluster. */
final class ClusterSeat {
    private ClusterSeat() {}

    /**
     * Starts the actor that has this node join, where there is a cluster. It is not among those that take the node with them when
     * they fail: nothing that matters waits for Akka's cluster.
     */
    static @Nullable ActorRef<ClusterFormationProtocol.Command> take(
            ActorContext<Command> guardian, NodeSettings settings, NodeEnvironment env) {
        ClusterMember cluster = env.cluster().orElse(null);
        if (cluster == null) {
            return null;
        }
        ActorRef<Command> self = guardian.getSelf();
        Behavior<ClusterFormationProtocol.Command> formation =
                ClusterFormationActor.create(new ClusterFormationActor.Surroundings(
                        settings.nodeId(),
                        settings.host(),
                        settings.peerPort(),
                        cluster,
                        env.transport(),
                        cause -> self.tell(new NodeProtocol.StartAgain(cause, 0))));
        ActorRef<ClusterFormationProtocol.Command> spawned = guardian.spawn(
                Behaviors.supervise(formation).onFailure(SupervisorStrategy.resume()),
                Recipient.CLUSTER.name().toLowerCase(Locale.ROOT));
        env.transport().receiver(Recipient.CLUSTER, spawned);
        return spawned;
    }

    static Standing standing(BroadcastStatus status) {
        return new Standing(
                status.role(), status.serving(), status.leaderId(), status.syncedFollowers(), status.membership());
    }
}
