package io.troupe.membership;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.membership.ClusterFormationProtocol.Astray;
import io.troupe.membership.ClusterFormationProtocol.Command;
import io.troupe.membership.ClusterFormationProtocol.JoinMine;
import io.troupe.membership.ClusterFormationProtocol.Report;
import io.troupe.membership.ClusterFormationProtocol.Standing;
import io.troupe.membership.ClusterFormationProtocol.Timer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Grows Akka's cluster from the quorum outward (architecture section 6). No node joins by itself: an established leader joins
 * the cluster its followers are in, or forms one; all who take part under it report where they are, and join the leader's. One
 * that is in another cluster is told to start again. Nothing here has a say in who votes, leads or serves, and nothing waits for it.
 */
public final class ClusterFormationActor extends AbstractBehavior<Command> {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** In looks, as all that follow: how often a node reports that is not where its leader is, and one that is. */
    private static final int REPORT_UNSETTLED = 2;

    private static final int REPORT_SETTLED = 10;
    /** Akka repeats an attempt to join by itself; after this long the same one is asked for anew. */
    private static final int JOIN_AGAIN = 60;

    private final Surroundings around;
    private final ClusterGathering gathering;
    private @Nullable Standing standing;
    private long now;
    private long reportedAt;
    private String joiningAt = "";
    private long joiningSince;
    private String lastLogged = "";

    /**
     * Everything around this actor.
     *
     * @param nodeId this node
     * @param host where its actor system is
     * @param port where its actor system is
     * @param startAgain told why this node must start again; called at most once
     */
    public record Surroundings(
            int nodeId,
            String host,
            int port,
            ClusterMember cluster,
            PeerTransport transport,
            Consumer<String> startAgain) {}

    private ClusterFormationActor(ActorContext<Command> context, Surroundings around) {
        super(context);
        // What Akka would find is a class of its own.
        context.setLoggerName(ClusterFormationActor.class);
        this.around = around;
        this.gathering = new ClusterGathering(around.nodeId());
    }

    public static Behavior<Command> create(Surroundings around) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Timer.LOOK, LOOK_EVERY);
            return new ClusterFormationActor(context, around);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Standing.class, this::onStanding)
                .onMessage(Report.class, this::onReport)
                .onMessage(JoinMine.class, this::onJoinMine)
                .onMessage(Astray.class, this::onAstray)
                .onMessageEquals(Timer.LOOK, this::onLook)
                .build();
    }

    private boolean leads() {
        return standing != null && standing.serving() && standing.role() == Role.LEADING;
    }

    private boolean follows(int leader) {
        return standing != null
                && standing.serving()
                && standing.role() != Role.LEADING
                && leader != 0
                && standing.leaderId() == leader;
    }

    private boolean joined() {
        return !around.cluster().members().isEmpty();
    }

    private Behavior<Command> onStanding(Standing next) {
        Standing before = standing;
        standing = next;
        boolean same = before != null
                && before.role() == next.role()
                && before.serving() == next.serving()
                && before.leaderId() == next.leaderId();
        if (!same) {
            gathering.begin(now);
            report();
        }
        return this;
    }

    private Behavior<Command> onLook() {
        now++;
        logWhatChanged();
        if (leads()) {
            tend();
        } else if (now - reportedAt >= (withLeader() ? REPORT_SETTLED : REPORT_UNSETTLED)) {
            report();
        }
        return this;
    }

    private void logWhatChanged() {
        int members = around.cluster().members().size();
        String state = members + " members, " + around.cluster().membersUp() + " of them up";
        if (!state.equals(lastLogged) && (members > 0 || !lastLogged.isEmpty())) {
            getContext().getLog().info("Akka's cluster: {}", state);
            lastLogged = state;
        }
    }

    // ---- under a leader ----

    /** Whether this node sees its leader's place among the members of its own cluster; it may be an earlier start of it. */
    private boolean withLeader() {
        Standing at = standing;
        return at != null
                && at.membership()
                        .member(at.leaderId())
                        .map(leader -> leader.host() + ":" + leader.peerPort() + "#")
                        .filter(place -> around.cluster().members().stream().anyMatch(m -> m.startsWith(place)))
                        .isPresent();
    }

    private void report() {
        if (standing != null && follows(standing.leaderId())) {
            reportedAt = now;
            ClusterMember own = around.cluster();
            send(standing.leaderId(), new Report(around.nodeId(), own.address(), joined() ? own.oldest() : ""));
        }
    }

    private void send(int node, WireMessage message) {
        around.transport().send(node, Recipient.CLUSTER, message);
    }

    private Behavior<Command> onJoinMine(JoinMine message) {
        if (follows(message.from()) && !joined()) {
            join(message.host(), message.port(), "its leader, node " + message.from() + ", is in it");
        }
        return this;
    }

    private Behavior<Command> onAstray(Astray message) {
        ClusterMember own = around.cluster();
        if (follows(message.from())
                && message.address().equals(own.address())
                && joined()
                && !own.members().contains(message.leader())) {
            around.startAgain()
                    .accept("its actor system is in another cluster of Akka's than the leader's, node "
                            + message.from());
        }
        return this;
    }

    private void join(String host, int port, String reason) {
        String place = host + ":" + port;
        if (place.equals(joiningAt) && now - joiningSince < JOIN_AGAIN) {
            return;
        }
        joiningAt = place;
        joiningSince = now;
        getContext().getLog().info("Joining Akka's cluster at {}: {}", place, reason);
        around.cluster().join(host, port);
    }

    // ---- as the leader ----

    private Behavior<Command> onReport(Report report) {
        if (leads()) {
            gathering.take(report, around.cluster().members(), now);
            if (joined() && report.cluster().isEmpty()) {
                send(report.from(), new JoinMine(around.nodeId(), around.host(), around.port()));
            }
        }
        return this;
    }

    private void tend() {
        Standing at = standing;
        if (at == null) {
            return;
        }
        if (joined()) {
            gathering.nextToStartAgain(at, now).ifPresent(report -> {
                getContext()
                        .getLog()
                        .warn("Node {} is in another cluster of Akka's: asking it to start again", report.from());
                send(
                        report.from(),
                        new Astray(
                                around.nodeId(),
                                report.address(),
                                around.cluster().address()));
            });
        } else if (gathering.complete(at.membership(), now)) {
            gathering
                    .greatest()
                    .ifPresentOrElse(
                            this::joinThrough,
                            () -> join(
                                    around.host(),
                                    around.port(),
                                    "no node that takes part is in one, so the leader forms it"));
        }
    }

    private void joinThrough(Report contact) {
        String place = contact.address().substring(0, contact.address().lastIndexOf('#'));
        int colon = place.lastIndexOf(':');
        join(
                place.substring(0, colon),
                Integer.parseInt(place.substring(colon + 1)),
                "node " + contact.from() + " is in it");
    }
}
