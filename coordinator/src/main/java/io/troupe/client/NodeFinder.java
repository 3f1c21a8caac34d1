package io.troupe.client;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import io.troupe.client.protocol.Coordinator;
import io.troupe.client.protocol.Coordinator.ToNode;

/** Where the nodes are. Tests put something between clients and nodes by another one. */
@FunctionalInterface
public interface NodeFinder {
    /**
     * The actor that answers for a node, whichever runs there. Must not block.
     *
     * @param contactPoint {@code host:port}
     */
    ActorRef<ToNode> at(String contactPoint);

    /** By Akka's remoting. */
    static NodeFinder remote(ActorSystem<?> system) {
        ActorRefResolver resolver = ActorRefResolver.get(system);
        return contactPoint -> {
            int colon = contactPoint.lastIndexOf(':');
            return resolver.resolveActorRef(Coordinator.pathAt(
                    contactPoint.substring(0, colon), Integer.parseInt(contactPoint.substring(colon + 1))));
        };
    }
}
