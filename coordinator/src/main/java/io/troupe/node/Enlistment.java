package io.troupe.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.log.NodeMeta;
import io.troupe.membership.NewcomerActor;
import io.troupe.node.ExitReason.Kind;
import io.troupe.node.NodeGuardian.Listener;
import io.troupe.node.NodeProtocol.Command;
import io.troupe.node.NodeProtocol.Stop;
import java.io.IOException;

/**
 * What precedes the {@link NodeGuardian} of a node whose id nobody configured: the id is on its disk from an earlier start, or
 * the leader of the ensemble assigns one.
 */
final class Enlistment extends AbstractBehavior<Command> {
    private final NodeSettings settings;
    private final NodeEnvironment env;
    private final Listener listener;
    private final IdOrigin origin;

    private Enlistment(
            ActorContext<Command> context,
            NodeSettings settings,
            NodeEnvironment env,
            Listener listener,
            IdOrigin origin) {
        super(context);
        context.setLoggerName(Enlistment.class);
        this.settings = settings;
        this.env = env;
        this.listener = listener;
        this.origin = origin;
    }

    /**
     * A node that has, finds or asks for its id.
     *
     * @param anew whether the id on its disk has turned out to be another node's
     */
    static Behavior<Command> create(NodeSettings settings, NodeEnvironment env, Listener listener, boolean anew) {
        if (settings.nodeId() != 0) {
            return NodeGuardian.create(settings, env, listener);
        }
        return Behaviors.setup(context -> {
            NodeMeta known;
            try {
                known = NodeMeta.read(env.disk());
            } catch (IOException e) {
                listener.onExit(NodeRunner.reasonOf(e, "reading the node's identity"));
                return Behaviors.stopped();
            }
            if (known != null && !anew) {
                return NodeGuardian.create(settings.withNodeId(known.nodeId()), env, listener, IdOrigin.ASSIGNED);
            }
            Enlistment enlistment = new Enlistment(
                    context, settings, env, listener, known == null ? IdOrigin.ASSIGNED : IdOrigin.REPLACED);
            enlistment.ask();
            return enlistment;
        });
    }

    private void ask() {
        for (NodeSettings.Seed seed : settings.seeds()) {
            env.transport().address(seed.id(), seed.host(), seed.port());
        }
        var self = getContext().getSelf();
        env.transport()
                .receiver(
                        Recipient.NEWCOMER,
                        getContext()
                                .spawn(
                                        NewcomerActor.create(new NewcomerActor.Surroundings(
                                                settings.host(),
                                                settings.peerPort(),
                                                settings.seeds().stream()
                                                        .map(NodeSettings.Seed::id)
                                                        .toList(),
                                                env.transport(),
                                                id -> self.tell(new NodeProtocol.IdAssigned(id)))),
                                        "newcomer"));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(NodeProtocol.IdAssigned.class, this::onAssigned)
                .onMessage(NodeProtocol.StartAgain.class, this::onStartAgain)
                .onMessage(Stop.class, this::onStop)
                .build();
    }

    private Behavior<Command> onAssigned(NodeProtocol.IdAssigned message) {
        return NodeGuardian.create(settings.withNodeId(message.nodeId()), env, listener, origin);
    }

    private Behavior<Command> onStartAgain(NodeProtocol.StartAgain message) {
        if (origin == IdOrigin.REPLACED) {
            listener.onIdTaken();
        }
        listener.onStartAgain(message.cause(), message.leastIncarnation());
        return Behaviors.stopped();
    }

    private Behavior<Command> onStop(Stop message) {
        listener.onExit(new ExitReason(Kind.STOPPED, "asked to stop"));
        return Behaviors.stopped();
    }
}
