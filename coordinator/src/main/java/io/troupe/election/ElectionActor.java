package io.troupe.election;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.ReceiveBuilder;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.election.ElectionProtocol.Ballot;
import io.troupe.election.ElectionProtocol.Command;
import io.troupe.election.ElectionProtocol.LaterMembers;
import io.troupe.election.ElectionProtocol.Look;
import io.troupe.election.ElectionProtocol.Outcome;
import io.troupe.election.ElectionProtocol.Outdated;
import io.troupe.election.ElectionProtocol.Reachability;
import io.troupe.election.ElectionProtocol.Settle;
import io.troupe.election.ElectionProtocol.Timer;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.metrics.Counter;
import io.troupe.metrics.Metrics;
import io.troupe.overview.ElectionRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the leader: voting rounds in the manner of ZooKeeper's fast leader election (contract 9.1).
 *
 * <p>Two states. <i>Looking</i>: this node votes, first for itself, then for the best candidate it hears of, until a
 * quorum agrees and nobody who could change that is left to speak; or until a quorum reports a leader that exists
 * already. <i>Settled</i>: it answers those who look. A node that merely lost its own way to the leader learns from the
 * settled ones that the leader is well; that is all a pre-vote would tell it, so there is no other.
 *
 * <p>A node that looks and does not hear of a quorum for long is <i>isolated</i>: if the process of a peer that it does not hear
 * of then accepts a connection all the same, remoting itself has cut this node off, and only a new start of it helps.
 *
 * <p>Safety rests on nothing here: a wrong outcome ends in discovery, which only a quorum can complete.
 */
public final class ElectionActor extends AbstractBehavior<Command> {
    private static final int MAX_BACKOFF = 8;

    /** Who this node is, in every ballot it sends. */
    public record Self(int nodeId, long diskId, String ensembleId, long incarnation) {}

    /** Told what this node learns here about itself; must not block. */
    public interface Listener {
        /** No quorum has been heard of for long: ask the operating system anew which peers' processes are there. */
        void onIsolated();

        /** Peers' processes are there, but nothing of theirs arrives: the node must start again. */
        void onCutOff(String cause);

        /** Peers take this node for an earlier life of itself: it must start again under a later incarnation than this. */
        void onOutdated(long incarnation);

        /** A peer has been heard of, for the first time since this actor began. */
        void onHeard();
    }

    private final Self self;
    private final ElectionSettings settings;
    private final PeerTransport transport;
    private final Listener listener;
    private final TimerScheduler<Command> timers;
    private final Map<Integer, Ballot> newest = new HashMap<>();
    private final TreeSet<Integer> down = new TreeSet<>();
    private long sequence;
    private final Counter rounds;
    private final ElectionRecord record;
    private long roundNumber;
    private List<Integer> peers = List.of();
    private @Nullable Round round;
    private @Nullable ActorRef<Outcome> replyTo;
    private int backoff = 1;
    /** Whether the round ended with this node's election, and broadcast has not settled on that yet. */
    private boolean elected;

    private Settle settled;
    private @Nullable Look looksFor;
    private @Nullable Membership later;
    private boolean heard;
    /** Those heard of since that was last a quorum. */
    private final TreeSet<Integer> heardLately = new TreeSet<>();

    private ElectionActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Self self,
            ElectionSettings settings,
            PeerTransport transport,
            Listener listener,
            Settle initial,
            Counter rounds,
            ElectionRecord record) {
        super(context);
        context.setLoggerName(ElectionActor.class);
        this.timers = timers;
        this.self = self;
        this.settings = settings;
        this.transport = transport;
        this.listener = listener;
        this.settled = initial;
        this.rounds = rounds;
        this.record = record;
    }

    /**
     * An election actor that rests until it is told to look.
     *
     * @param initial the membership it starts with; its role is {@code LOOKING}
     * @param record where it notes each election; written only
     */
    public static Behavior<Command> create(
            Self self,
            ElectionSettings settings,
            PeerTransport transport,
            Listener listener,
            Settle initial,
            Metrics metrics,
            ElectionRecord record) {
        Counter rounds = metrics.counter("troupe_election_rounds");
        return Behaviors.setup(context -> Behaviors.withTimers(timers ->
                new ElectionActor(context, timers, self, settings, transport, listener, initial, rounds, record)));
    }

    /** The settled state, which is also the one before the first round. */
    @Override
    public Receive<Command> createReceive() {
        return always().onMessage(Reachability.class, this::onReachability)
                .onMessage(Ballot.class, this::onBallotWhileSettled)
                .onMessage(Timer.class, timer -> Behaviors.same())
                .build();
    }

    /** What is dealt with alike in every state. */
    private ReceiveBuilder<Command> always() {
        return newReceiveBuilder()
                .onMessage(Look.class, this::onLook)
                .onMessage(Settle.class, this::onSettle)
                .onMessage(Outdated.class, this::onOutdated)
                .onMessage(LaterMembers.class, this::onLaterMembers);
    }

    private Receive<Command> looking() {
        return always().onMessage(Reachability.class, this::onReachabilityWhileLooking)
                .onMessage(Ballot.class, this::onBallotWhileLooking)
                .onMessageEquals(Timer.RESEND, this::onResend)
                .onMessageEquals(Timer.SETTLE, this::onSettleTimer)
                .onMessageEquals(Timer.ISOLATED, this::onIsolatedTimer)
                .build();
    }

    private Receive<Command> isolated() {
        return always().onMessage(Reachability.class, this::onReachabilityWhileIsolated)
                .onMessage(Ballot.class, this::onBallotWhileIsolated)
                .onMessageEquals(Timer.RESEND, this::onResend)
                .onMessageEquals(Timer.ISOLATED, this::onIsolatedTimer)
                .onMessage(Timer.class, timer -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onLook(Look look) {
        roundNumber++;
        rounds.increment();
        looksFor = look;
        Membership members = latest(look.membership());
        boolean behind = members.version() > look.membership().version();
        boolean voting = look.voting() && (!behind || members.counts(self.nodeId(), self.diskId()));
        peers = Stream.concat(
                        look.peers().stream(),
                        members.allMembers().stream().map(Member::nodeId).filter(node -> node != self.nodeId()))
                .distinct()
                .toList();
        replyTo = look.replyTo();
        backoff = 1;
        elected = false;
        heardLately.clear();
        timers.cancelAll();
        round = new Round(members, self.nodeId(), self.diskId(), voting, look.own(), roundNumber);
        record.began(look.cause());
        noteOwnVote(round);
        settled = new Settle(Role.LOOKING, 0, 0, members);
        tellAll();
        timers.startSingleTimer(Timer.RESEND, settings.resend());
        timers.startSingleTimer(Timer.ISOLATED, settings.isolatedAfter());
        Behavior<Command> next = decideIfOver();
        return next == Behaviors.<Command>same() ? looking() : next;
    }

    private Membership latest(Membership own) {
        return later != null && later.version() > own.version() ? later : own;
    }

    private Behavior<Command> onLaterMembers(LaterMembers message) {
        Membership before = latest(settled.membership());
        if (message.membership().version() <= before.version()
                || !message.membership().ensembleId().equals(self.ensembleId())) {
            return Behaviors.same();
        }
        later = message.membership();
        return looksFor == null ? Behaviors.same() : onLook(looksFor);
    }

    private Behavior<Command> onSettle(Settle settle) {
        settled = settle;
        if (settle.role() != Role.LOOKING) {
            record.established(settle.leaderId(), settle.epoch());
        }
        looksFor = null;
        round = null;
        elected = false;
        timers.cancelAll();
        if (settle.role() != Role.LOOKING) {
            // Whoever waits for this opinion learns of it at once instead of at its next question.
            newest.values().stream().filter(b -> b.role() == Role.LOOKING).forEach(b -> answer(b.from()));
        }
        return createReceive();
    }

    private Behavior<Command> onReachability(Reachability message) {
        note(message);
        return Behaviors.same();
    }

    private Behavior<Command> onReachabilityWhileLooking(Reachability message) {
        note(message);
        return decideIfOver();
    }

    private void note(Reachability message) {
        if (message.down()) {
            down.add(message.nodeId());
        } else {
            down.remove(message.nodeId());
        }
    }

    private Behavior<Command> onReachabilityWhileIsolated(Reachability message) {
        note(message);
        if (!message.down() && !heardLately.contains(message.nodeId())) {
            listener.onCutOff("node " + message.nodeId() + " accepts connections, but only nodes " + heardLately
                    + ", no quorum, have been heard of for "
                    + settings.isolatedAfter().toSeconds() + " s");
        }
        return Behaviors.same();
    }

    private Behavior<Command> onIsolatedTimer() {
        timers.startSingleTimer(Timer.ISOLATED, settings.isolatedAfter());
        getContext().getLog().info("Of nodes {} alone has been heard lately, which is no quorum", heardLately);
        listener.onIsolated();
        return isolated();
    }

    private Behavior<Command> onOutdated(Outdated message) {
        if (message.incarnation() > self.incarnation()) {
            listener.onOutdated(message.incarnation());
        }
        return Behaviors.same();
    }

    private Behavior<Command> onBallotWhileSettled(Ballot ballot) {
        if (fresh(ballot) && ballot.role() == Role.LOOKING && settled.role() != Role.LOOKING) {
            answer(ballot.from());
        }
        return Behaviors.same();
    }

    private Behavior<Command> onBallotWhileLooking(Ballot ballot) {
        if (!fresh(ballot) || round == null) {
            return Behaviors.same();
        }
        heardLately.add(ballot.from());
        if (round.couldDecide(heardLately)) {
            heardLately.clear();
            timers.startSingleTimer(Timer.ISOLATED, settings.isolatedAfter());
        }
        note(ballot);
        switch (round.take(ballot)) {
            case TELL_ALL -> {
                timers.cancel(Timer.SETTLE);
                roundNumber = round.number();
                noteOwnVote(round);
                tellAll();
            }
            case TELL_SENDER -> sendVote(ballot.from());
            case NONE -> {}
        }
        return decideIfOver();
    }

    private void note(Ballot ballot) {
        Vote vote = ballot.vote();
        record.vote(
                ballot.from(),
                vote.candidate(),
                vote.currentEpoch(),
                vote.lastZxid(),
                ballot.round(),
                ballot.role() != Role.LOOKING);
    }

    private void noteOwnVote(Round now) {
        Vote vote = now.vote();
        if (vote.candidate() != 0) {
            record.vote(self.nodeId(), vote.candidate(), vote.currentEpoch(), vote.lastZxid(), now.number(), false);
        }
    }

    private Behavior<Command> onBallotWhileIsolated(Ballot ballot) {
        Behavior<Command> next = onBallotWhileLooking(ballot);
        return next == Behaviors.<Command>same() && heardLately.isEmpty() ? looking() : next;
    }

    /** Void are ballots of another ensemble, of an earlier incarnation, and those overtaken by a later one. */
    private boolean fresh(Ballot ballot) {
        if (!ballot.ensembleId().equals(self.ensembleId()) || ballot.from() == self.nodeId()) {
            return false;
        }
        Ballot last = newest.get(ballot.from());
        if (last != null && ballot.incarnation() < last.incarnation()) {
            // Late mail, or from a node that does not know of its earlier life. The latter needs to be told.
            transport.send(ballot.from(), Recipient.ELECTION, new Outdated(self.nodeId(), last.incarnation()));
            return false;
        }
        if (last != null && ballot.incarnation() == last.incarnation() && ballot.sequence() <= last.sequence()) {
            return false;
        }
        if (!heard) {
            heard = true;
            listener.onHeard();
        }
        newest.put(ballot.from(), ballot);
        down.remove(ballot.from());
        return true;
    }

    private Behavior<Command> decideIfOver() {
        return over() ? decided() : Behaviors.same();
    }

    /** Whether the round is over; if so, its outcome has been told. */
    private boolean over() {
        if (round == null) {
            return false;
        }
        var established = round.establishedLeader();
        if (established.isPresent()) {
            finish(new ElectionProtocol.Follow(established.getAsInt()), "a quorum already follows it");
            return true;
        }
        var elected = round.electedLeader();
        if (elected.isPresent()) {
            finish(new ElectionProtocol.Follow(elected.getAsInt()), "a quorum has elected it");
            return true;
        }
        if (!round.agreed()) {
            timers.cancel(Timer.SETTLE);
            return false;
        }
        if (round.nobodyElseCouldMatter(down)) {
            finish(outcome(round), "every voter that could matter has spoken");
            return true;
        }
        if (!timers.isTimerActive(Timer.SETTLE)) {
            timers.startSingleTimer(Timer.SETTLE, settings.settle());
        }
        return false;
    }

    private Behavior<Command> onSettleTimer() {
        if (round == null || !round.agreed()) {
            return Behaviors.same();
        }
        finish(outcome(round), "a quorum agreed and nobody objected");
        return decided();
    }

    private Outcome outcome(Round ended) {
        int candidate = ended.vote().candidate();
        return candidate == self.nodeId()
                ? new ElectionProtocol.Lead(ended.number())
                : new ElectionProtocol.Follow(candidate);
    }

    private static String inWords(Outcome outcome) {
        return outcome instanceof ElectionProtocol.Follow follow
                ? "node " + follow.leaderId() + " leads"
                : "this node leads";
    }

    private void finish(Outcome outcome, String reason) {
        timers.cancelAll();
        looksFor = null;
        getContext().getLog().info("Election round {} over, {}: {}", roundNumber, inWords(outcome), reason);
        record.ended(outcome instanceof ElectionProtocol.Follow follow ? follow.leaderId() : self.nodeId(), reason);
        if (replyTo != null) {
            replyTo.tell(outcome);
        }
        if (outcome instanceof ElectionProtocol.Lead) {
            elected = true;
            tellAll();
        }
    }

    /** The outcome is told; until broadcast settles on it, our vote is still what the others need to hear. */
    private Receive<Command> decided() {
        return always().onMessage(Reachability.class, this::onReachability)
                .onMessage(Ballot.class, this::onBallotWhileDecided)
                .onMessage(Timer.class, timer -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onBallotWhileDecided(Ballot ballot) {
        if (fresh(ballot) && ballot.role() == Role.LOOKING) {
            sendVote(ballot.from());
        }
        return Behaviors.same();
    }

    private Behavior<Command> onResend() {
        if (round == null) {
            return Behaviors.same();
        }
        for (int peer : peers) {
            sendVote(peer);
        }
        backoff = Math.min(backoff * 2, MAX_BACKOFF);
        timers.startSingleTimer(Timer.RESEND, settings.resend().multipliedBy(backoff));
        return Behaviors.same();
    }

    private void tellAll() {
        peers.forEach(this::sendVote);
    }

    private void sendVote(int peer) {
        if (round != null) {
            send(peer, Role.LOOKING, round.number(), round.vote(), 0);
        }
    }

    private void answer(int peer) {
        send(peer, settled.role(), roundNumber, new Vote(settled.leaderId(), 0, 0), settled.epoch());
    }

    private void send(int peer, Role role, long number, Vote vote, long leaderEpoch) {
        boolean counts = settled.membership().counts(self.nodeId(), self.diskId());
        transport.send(
                peer,
                Recipient.ELECTION,
                new Ballot(
                        self.nodeId(),
                        self.diskId(),
                        self.ensembleId(),
                        self.incarnation(),
                        ++sequence,
                        role,
                        number,
                        vote,
                        leaderEpoch,
                        counts,
                        elected));
    }
}
