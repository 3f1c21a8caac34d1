package io.troupe.membership;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Release;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.membership.ReleaseProtocol.Command;
import io.troupe.membership.ReleaseProtocol.MembersChanged;
import io.troupe.membership.ReleaseProtocol.Running;
import io.troupe.membership.ReleaseProtocol.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Tells the other members what this node runs, and learns what they run. Of two that cannot speak with each other the one with the later
 * release ends, with the remedy in its last words: the ensemble that was there first goes on (decision 053).
 */
public final class ReleaseActor extends AbstractBehavior<Command> {
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);

    private final Surroundings around;
    private final Map<Integer, Release> releases = new TreeMap<>();
    private Membership membership;

    /**
     * Everything around this actor.
     *
     * @param known told what the members run whenever that has changed
     * @param incompatible told why this node cannot stay
     */
    public record Surroundings(
            int nodeId,
            Release own,
            PeerTransport transport,
            Consumer<Map<Integer, Release>> known,
            Consumer<String> incompatible) {}

    private ReleaseActor(ActorContext<Command> context, Membership membership, Surroundings around) {
        super(context);
        context.setLoggerName(ReleaseActor.class);
        this.membership = membership;
        this.around = around;
        releases.put(around.nodeId(), around.own());
        around.known().accept(Map.copyOf(releases));
    }

    /** One of a node in this ensemble. */
    public static Behavior<Command> create(Membership membership, Surroundings around) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Timer.TELL, Duration.ZERO, TELL_EVERY);
            return new ReleaseActor(context, membership, around);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Running.class, this::onRunning)
                .onMessage(MembersChanged.class, this::onMembersChanged)
                .onMessageEquals(Timer.TELL, this::onTell)
                .build();
    }

    private Behavior<Command> onTell() {
        Running running = new Running(around.nodeId(), around.own());
        membership.allMembers().stream()
                .filter(member -> member.nodeId() != around.nodeId())
                .forEach(member -> around.transport().send(member.nodeId(), Recipient.RELEASE, running));
        return this;
    }

    private Behavior<Command> onMembersChanged(MembersChanged message) {
        membership = message.membership();
        releases.keySet()
                .removeIf(node ->
                        node != around.nodeId() && membership.member(node).isEmpty());
        around.known().accept(Map.copyOf(releases));
        return this;
    }

    private Behavior<Command> onRunning(Running message) {
        int node = message.nodeId();
        if (node == around.nodeId() || membership.member(node).isEmpty()) {
            return this;
        }
        Release release = message.release();
        if (!release.equals(releases.put(node, release))) {
            around.known().accept(Map.copyOf(releases));
            judge(node, release);
        }
        return this;
    }

    private void judge(int node, Release release) {
        Release own = around.own();
        if (own.equals(release)) {
            return;
        }
        String both = "node %d runs Troupe %s, this node %s".formatted(node, release, own);
        if (own.speaksWith(release)) {
            getContext().getLog().info("Different releases in one ensemble, which work together: {}", both);
        } else if (own.protocol() > release.protocol()) {
            around.incompatible()
                    .accept(both
                            + ": they cannot speak with each other. Upgrade the others first to a release that speaks protocol "
                            + own.oldestProtocol() + ", or start here one that speaks " + release.protocol());
        } else {
            getContext()
                    .getLog()
                    .error(
                            "{}: they cannot speak with each other, and node {} ends by itself; upgrade the other nodes to a release that"
                                    + " speaks protocol {} before it",
                            both,
                            node,
                            release.oldestProtocol());
        }
    }
}
