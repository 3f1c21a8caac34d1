package io.troupe.overview;

import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.overview.OverviewProtocol.Answer;
import io.troupe.overview.OverviewProtocol.AskAgain;
import io.troupe.overview.OverviewProtocol.Command;
import io.troupe.overview.OverviewProtocol.Question;
import io.troupe.overview.OverviewProtocol.Wanted;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Asks the other nodes how they describe themselves while somebody looks on at this one, and answers theirs. Rests otherwise: then it
 * sends nothing and has no timer. Members of the ensemble alone are answered, each at its own address, whoever may have asked.
 */
public final class OverviewActor extends AbstractBehavior<Command> {
    private static final Duration EVERY = Duration.ofMillis(500);

    private final TimerScheduler<Command> timers;
    private final int nodeId;
    private final PeerTransport transport;
    private final Supplier<Membership> members;
    private final Overview overview;
    /** Whether the others are being asked; read by the threads of those who look on. */
    private volatile boolean asking;

    private OverviewActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            int nodeId,
            PeerTransport transport,
            Supplier<Membership> members,
            Overview overview) {
        super(context);
        context.setLoggerName(OverviewActor.class);
        this.timers = timers;
        this.nodeId = nodeId;
        this.transport = transport;
        this.members = members;
        this.overview = overview;
        overview.onWanted(() -> {
            if (!asking) {
                context.getSelf().tell(new Wanted());
            }
        });
    }

    /**
     * One that rests. What fails here is told in the log and does not harm the node.
     *
     * @param members who is in the ensemble at this moment; called by the actor
     */
    public static Behavior<Command> create(
            int nodeId, PeerTransport transport, Supplier<Membership> members, Overview overview) {
        return Behaviors.supervise(Behaviors.<Command>setup(context -> Behaviors.withTimers(
                        timers -> new OverviewActor(context, timers, nodeId, transport, members, overview))))
                .onFailure(SupervisorStrategy.resume());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Wanted.class, wanted -> onWanted())
                .onMessage(AskAgain.class, again -> onAskAgain())
                .onMessage(Question.class, this::onQuestion)
                .onMessage(Answer.class, this::onAnswer)
                .build();
    }

    private Behavior<Command> onWanted() {
        if (!asking) {
            asking = true;
            ask();
            timers.startTimerWithFixedDelay(new AskAgain(), EVERY);
        }
        return this;
    }

    private Behavior<Command> onAskAgain() {
        if (overview.wanted()) {
            ask();
        } else {
            timers.cancelAll();
            asking = false;
        }
        return this;
    }

    private void ask() {
        Membership now = members.get();
        for (Member member : now.allMembers()) {
            if (member.nodeId() != nodeId) {
                transport.send(member.nodeId(), Recipient.OVERVIEW, new Question(nodeId, now.ensembleId()));
            }
        }
    }

    private Behavior<Command> onQuestion(Question question) {
        if (isMember(question.from(), question.ensembleId())) {
            transport.send(
                    question.from(), Recipient.OVERVIEW, new Answer(nodeId, question.ensembleId(), overview.own()));
        }
        return this;
    }

    private Behavior<Command> onAnswer(Answer answer) {
        if (isMember(answer.from(), answer.ensembleId())) {
            overview.told(answer.from(), answer.text());
        }
        return this;
    }

    private boolean isMember(int node, String ensembleId) {
        Membership now = members.get();
        return now.ensembleId().equals(ensembleId)
                && now.allMembers().stream().anyMatch(member -> member.nodeId() == node);
    }
}
