package io.troupe.membership;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.membership.MembershipProtocol.AskId;
import io.troupe.membership.NewcomerProtocol.Command;
import io.troupe.membership.NewcomerProtocol.IdOffered;
import io.troupe.membership.NewcomerProtocol.NoIdLeft;
import io.troupe.membership.NewcomerProtocol.Timer;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Gets a node its id that is on nobody's list: asks the nodes of its seed list, one of which knows the leader, until it is
 * offered one (architecture section 6).
 */
public final class NewcomerActor extends AbstractBehavior<Command> {
    private static final Duration ASK_EVERY = Duration.ofMillis(500);
    /** In asks. */
    private static final int COMPLAIN_EVERY = 40;

    private final Surroundings around;
    private int asked;

    /**
     * Everything around this actor.
     *
     * @param host where this node's peers reach it
     * @param port where this node's peers reach it
     * @param seeds ids of the listed nodes, whose addresses the transport knows
     * @param offered told the id, once
     */
    public record Surroundings(
            String host, int port, List<Integer> seeds, PeerTransport transport, IntConsumer offered) {}

    private NewcomerActor(ActorContext<Command> context, Surroundings around) {
        super(context);
        this.around = around;
        // What Akka would find is a class of its own.
        context.setLoggerName(NewcomerActor.class);
        context.getLog()
                .info(
                        "{}:{} is not in akka.cluster.seed-nodes and has no troupe.id: asking the nodes of that list for one, to join"
                                + " them as an observer. Should it be one of them, correct troupe.host, troupe.peer-port or the list",
                        around.host(),
                        around.port());
    }

    public static Behavior<Command> create(Surroundings around) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Timer.ASK, Duration.ZERO, ASK_EVERY);
            return new NewcomerActor(context, around);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Timer.ASK, this::onAsk)
                .onMessage(IdOffered.class, this::onOffered)
                .onMessage(NoIdLeft.class, this::onNoIdLeft)
                .build();
    }

    private Behavior<Command> onAsk() {
        if (asked > 0 && asked % COMPLAIN_EVERY == 0) {
            getContext()
                    .getLog()
                    .warn(
                            "No leader has answered the request for an id for {} s: start the nodes of akka.cluster.seed-nodes,"
                                    + " or give this node a troupe.id",
                            ASK_EVERY.multipliedBy(asked).toSeconds());
        }
        asked++;
        for (int seed : around.seeds()) {
            around.transport()
                    .send(seed, Recipient.MEMBERSHIP, new AskId(around.host(), around.port(), around.seeds(), false));
        }
        return this;
    }

    private Behavior<Command> onOffered(IdOffered offer) {
        getContext().getLog().info("The leader offers node id {}", offer.nodeId());
        around.offered().accept(offer.nodeId());
        return Behaviors.stopped();
    }

    private Behavior<Command> onNoIdLeft(NoIdLeft message) {
        asked = 0;
        getContext().getLog().warn("This node cannot join yet: {}", message.reason());
        return this;
    }
}
