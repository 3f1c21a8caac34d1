package io.troupe.membership;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Voter;
import io.troupe.env.Entropy;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.membership.MembershipProtocol.Command;
import io.troupe.membership.MembershipProtocol.Hello;
import io.troupe.membership.MembershipProtocol.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes an empty node a member: of an ensemble that its seed nodes know, or of one they found together. Once it is a member
 * it only answers those who ask.
 */
public final class MembershipActor extends AbstractBehavior<Command> {
    private static final Duration ASK_EVERY = Duration.ofMillis(200);

    private final Surroundings around;
    private final Founding founding;
    private final Set<String> warned = new HashSet<>();
    private @Nullable Membership member;

    /**
     * Everything around this actor.
     *
     * @param self this node as a voter
     * @param seeds the seed list, {@code id=host:port} each, in order
     * @param seedIds the ids in it
     * @param member the ensemble this node belongs to, null for none yet
     * @param joined told once when an empty node has become a member; the node makes it durable
     */
    public record Surroundings(
            Voter self,
            List<String> seeds,
            List<Integer> seedIds,
            @Nullable Membership member,
            Entropy entropy,
            PeerTransport transport,
            Consumer<Membership> joined) {}

    private MembershipActor(ActorContext<Command> context, TimerScheduler<Command> timers, Surroundings around) {
        super(context);
        this.around = around;
        this.member = around.member();
        this.founding = new Founding(around.self(), around.seeds(), around.seedIds());
        if (member == null) {
            timers.startTimerWithFixedDelay(Timer.ASK, Timer.ASK, ASK_EVERY);
            context.getSelf().tell(Timer.ASK);
        }
    }

    public static Behavior<Command> create(Surroundings around) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new MembershipActor(context, timers, around)));
    }

    @Override
    public Receive<Command> createReceive() {
        return member != null ? belonging() : asking();
    }

    private Receive<Command> asking() {
        return newReceiveBuilder()
                .onMessage(Hello.class, this::onHelloWhileAsking)
                .onMessageEquals(Timer.ASK, this::onAsk)
                .build();
    }

    private Receive<Command> belonging() {
        return newReceiveBuilder()
                .onMessage(Hello.class, this::onHello)
                .onMessage(Timer.class, timer -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onAsk() {
        for (int node : around.seedIds()) {
            if (node != around.self().nodeId()) {
                send(node);
            }
        }
        return foundIfAllAreThere();
    }

    private void send(int node) {
        around.transport().send(node, Recipient.MEMBERSHIP, new Hello(around.self(), around.seeds(), member));
    }

    private Behavior<Command> onHelloWhileAsking(Hello hello) {
        if (hello.founding() != null) {
            return join(hello.founding(), "node " + hello.self().nodeId() + " belongs to it");
        }
        founding.take(hello)
                .filter(warned::add)
                .ifPresent(warning -> getContext().getLog().warn("{}", warning));
        return foundIfAllAreThere();
    }

    private Behavior<Command> foundIfAllAreThere() {
        if (!founding.mayFound()) {
            return Behaviors.same();
        }
        String id = "%016x".formatted(around.entropy().nextLong());
        return join(founding.found(id), "all listed nodes are there and empty");
    }

    private Behavior<Command> join(Membership ensemble, String reason) {
        member = ensemble;
        getContext().getLog().info("Member of ensemble {}: {}", ensemble.ensembleId(), reason);
        around.joined().accept(ensemble);
        return belonging();
    }

    private Behavior<Command> onHello(Hello hello) {
        if (hello.founding() == null) {
            send(hello.self().nodeId());
        }
        return Behaviors.same();
    }
}
