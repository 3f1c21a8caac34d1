package io.troupe.broadcast;

import io.troupe.broadcast.BroadcastProtocol.Timer;
import io.troupe.broadcast.Learner.Step;
import io.troupe.broadcast.PeerMessage.AskCommitPoint;
import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.CommitPoint;
import io.troupe.broadcast.PeerMessage.ConfirmLeader;
import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.broadcast.PeerMessage.StepDown;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.broadcast.pipeline.Admission;
import io.troupe.broadcast.pipeline.BatchBuilder;
import io.troupe.broadcast.pipeline.ConfirmRounds;
import io.troupe.broadcast.pipeline.InFlight;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Zxid;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.LinkEnd;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import io.troupe.request.Section;
import io.troupe.request.SectionBuilder;
import io.troupe.tree.DataTreeProtocol;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Zab's broadcast at the leader: order requests, propose, count acknowledgements, commit in order. Requests that arrive
 * while batches are in flight travel together in the next one; a lone request goes out at once.
 */
final class LeaderBroadcastPhase extends LeaderPhase {
    /** The origin of requests that no node's clients made. */
    private static final int ENSEMBLE = 0;

    private final Admission admission;
    private final BatchBuilder builder;
    private final InFlight inFlight;
    private final ConfirmRounds<Question> confirmations = new ConfirmRounds<>();
    /** Nodes to be listed: voters on new disks, and whoever has joined. */
    private final Deque<Newcomer> admissions = new ArrayDeque<>();
    /** A client's wish for other members that waits until nothing is in flight, and what was admitted behind it. */
    private final Deque<Section> barrier = new ArrayDeque<>();

    /** The first of {@link #barrier} while the tree decides on it. */
    private @Nullable Request judged;

    private long changesProposed;
    private boolean flushing;
    /** The commit point that everybody is told at the next alarm, 0 while there is no such alarm. */
    private long overdueCommit;

    private long lastProposedNanos;
    private boolean pacing;

    /** Who wants a confirmed commit point; {@code learner} is null for this node's own clients. */
    private record Question(@Nullable Learner learner, long tag) {}

    LeaderBroadcastPhase(Zab zab, long epoch, Map<Integer, Learner> learners) {
        super(zab, epoch, learners);
        this.admission = new Admission(zab.replica.originsInHistory());
        this.builder = new BatchBuilder(zab.settings.batchBytes());
        this.inFlight = new InFlight(zab.clock);
    }

    @Override
    String name() {
        return "leading";
    }

    @Override
    boolean established() {
        return true;
    }

    @Override
    int syncedFollowers() {
        return synced(true);
    }

    @Override
    int syncedObservers() {
        return synced(false);
    }

    private int synced(boolean voting) {
        return (int) learners().stream()
                .filter(l ->
                        l.reached(Step.SYNCED) && zab.replica.membership().counts(l.nodeId(), l.diskId()) == voting)
                .count();
    }

    @Override
    boolean serving() {
        return true;
    }

    @Override
    void enter() {
        zab.deliver();
        announce();
        zab.to.tree().tell(new DataTreeProtocol.Serve(role(), epoch, leaderId()));
        for (Learner learner : List.copyOf(learners())) {
            // Answers to what the phase before asked of the log are void now: ask again.
            learner.reading(false);
            if (learner.step() == Step.PROMISED) {
                synchronize(learner);
            } else if (learner.reached(Step.SYNCED)) {
                onSynced(learner);
            } else {
                pump(learner);
            }
        }
        zab.timers.startTimerWithFixedDelay(
                Timer.PROPOSAL_DEADLINE,
                Timer.PROPOSAL_DEADLINE,
                zab.settings.proposalDeadline().dividedBy(10));
        zab.unconfirmed().forEach(this::onConfirm);
        admitSelfIfMoved();
        onRequests();
        stepDownWithoutVote();
    }

    private void announce() {
        zab.settle(role(), leaderId(), epoch);
        zab.to.heartbeat().tell(new HeartbeatProtocol.Leading(epoch, zab.replica.membership(), true));
    }

    @Override
    void onMembersChanged() {
        announce();
    }

    // ---- learners ----

    @Override
    void onPromised(Learner learner) {
        synchronize(learner);
    }

    @Override
    void onSynced(Learner learner) {
        learner.step(Step.SERVING);
        learner.toldCommit(zab.replica.commit());
        zab.send(learner.end(), new UpToDate(epoch, zab.replica.commit()));
        if (confirmations.underWay()) {
            // A round under way may have lost the answers of those it asked with their connections.
            zab.send(learner.end(), new ConfirmLeader(confirmations.round()));
        }
        zab.log.info("Node {} is synchronized", learner.nodeId());
        zab.publish();
        onAcknowledged(learner);
        pump(learner);
        admitIfNew(learner);
    }

    /**
     * A voter that lost its disk has caught up as a learner. It counts again once the ensemble has agreed, by a committed
     * change, that its new disk replaces the old one (anchors S28). Likewise a node that joins is listed as an observer, and
     * one that has moved where it is now.
     */
    private void admitIfNew(Learner learner) {
        Optional<Member> listed = zab.replica.membership().member(learner.nodeId());
        if (listed.isPresent() ? listedAsItIs(listed.get(), learner.self()) : !learner.joining()) {
            return;
        }
        zab.log.info(
                "Node {} {} and has caught up: listing it among the members",
                learner.nodeId(),
                listed.isEmpty()
                        ? "joins"
                        : listed.get().diskId() == learner.diskId()
                                ? "has moved to " + learner.self().host() + ":"
                                        + learner.self().peerPort()
                                : "came with a disk that is not known");
        // Reconfiguration is a barrier (architecture section 3): it waits until nothing is in flight, and travels
        // alone.
        admissions.add(new Newcomer(learner.self(), listed.isPresent()));
        proposeWhatWaits();
    }

    private static boolean listedAsItIs(Member listed, Member self) {
        return listed.diskId() == self.diskId() && listed.samePlace(self);
    }

    /** A leader that was started elsewhere than the members know it. */
    private void admitSelfIfMoved() {
        zab.replica
                .membership()
                .member(zab.self.nodeId())
                .filter(listed -> listed.diskId() == zab.self.diskId() && !listed.samePlace(zab.self))
                .ifPresent(listed -> admissions.add(new Newcomer(zab.self, true)));
    }

    @Override
    void onClosed(LinkEnd end, String reason) {
        super.onClosed(end, reason);
        onConfirmations();
    }

    @Override
    boolean onRequestOf(Learner learner, PeerMessage message) {
        if (learner.step() != Step.SERVING) {
            return false;
        }
        if (message instanceof Forward forward) {
            onForward(learner, Section.read(ByteBuffer.wrap(forward.section())));
        } else if (message instanceof AskCommitPoint ask) {
            ask(new Question(learner, ask.tag()));
        } else if (message instanceof LeaderConfirmed confirmed) {
            confirmations.confirm(confirmed.round(), learner.nodeId(), learner.diskId());
            onConfirmations();
        } else {
            return false;
        }
        return true;
    }

    private void onForward(Learner learner, Section section) {
        switch (admission.judge(section)) {
            case ADMIT -> {
                queue(section);
                learner.waitsForNext();
                flushSoon();
            }
            case DUPLICATE -> {
                // It executes, or has executed, under its number; the origin will see it.
                learner.waitsForNext();
            }
            case OUTDATED -> {
                zab.tellOutdated(learner.nodeId(), admission.incarnation(section.originNode()));
                drop(learner, "it runs as an earlier incarnation than one that is known");
            }
            case GAP -> drop(learner, "requests before " + section.firstSequence() + " are missing");
        }
    }

    // ---- this node's own requests ----

    @Override
    void onRequests() {
        if (zab.outbox.hasUnsent() || !admissions.isEmpty()) {
            flushSoon();
        }
    }

    @Override
    void onInternal(List<Request> requests) {
        zab.outbox.add(requests);
        flushSoon();
    }

    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            zab.afterMailbox(Timer.FLUSH);
        }
    }

    @Override
    void onFlush() {
        flushing = false;
        proposeWhatWaits();
    }

    // ---- proposals ----

    private void proposeWhatWaits() {
        while (zab.phase() == this && !admissions.isEmpty() && calm()) {
            proposeAdmission(admissions.removeFirst());
        }
        if (mayPropose() || zab.outbox.hasFullSection()) {
            admitOwn();
        }
        while (zab.phase() == this && !changeUnderWay() && !builder.isEmpty() && mayPropose()) {
            propose(builder.next());
        }
        if (zab.phase() == this && !barrier.isEmpty() && builder.isEmpty() && admissions.isEmpty() && calm()) {
            judge(barrier.getFirst());
        }
    }

    private void queue(Section section) {
        if (section.alone() || !barrier.isEmpty()) {
            barrier.add(section);
        } else {
            builder.add(section);
        }
    }

    /**
     * After a commit: what has waited for it goes on waiting until the spacing since the last batch has passed. Where a
     * round takes longer than that, as on most networks, it has; where rounds are quick, many of them would cost more
     * messages and fsyncs for each request than they save time.
     */
    private void proposeOrPace() {
        long early = zab.settings.batchSpacing().toNanos() - (zab.clock.monotonicNanos() - lastProposedNanos);
        boolean waiting = zab.outbox.hasUnsent() || !builder.isEmpty();
        if (waiting && early > 0 && inFlight.isEmpty() && admissions.isEmpty() && !pacing) {
            pacing = true;
            zab.alarm(Timer.PACE, early);
        }
        proposeWhatWaits();
    }

    @Override
    void onPace() {
        pacing = false;
        proposeWhatWaits();
        tellCommit(zab.replica.commit());
    }

    private void admitOwn() {
        for (Section section : zab.outbox.takeUnsent()) {
            if (admission.judge(section) == Admission.Verdict.ADMIT) {
                queue(section);
            }
        }
    }

    /**
     * Few batches in flight keep batches large: one, and more only where a round takes so long that processors idle. A full
     * batch goes out regardless, up to a bound.
     */
    private boolean mayPropose() {
        return admissions.isEmpty()
                && ((inFlight.isEmpty() && !pacing)
                        || (!inFlight.isEmpty()
                                && inFlight.batches() < zab.settings.batchesInFlight()
                                && inFlight.latestAgeMillis()
                                        >= zab.settings.batchPatience().toMillis())
                        || (builder.full() && inFlight.bytes() < zab.settings.windowBytes()));
    }

    private void propose(List<Section> sections) {
        long last = zab.replica.lastZxid();
        long first = Zxid.epoch(last) == epoch ? last + 1 : Zxid.of(epoch, 1);
        int requests = sections.stream().mapToInt(Section::count).sum();
        if (Zxid.epoch(first + requests) != epoch) {
            // The last counter is never used: another epoch begins to count anew (contract 9.3).
            zab.look("epoch " + epoch + " has no transaction ids left");
            return;
        }
        Batch batch = Batch.seal(
                last,
                first,
                zab.replica.commit(),
                zab.clock.wallMillis(),
                zab.replica.digestZxid(),
                zab.replica.digest(),
                sections);
        zab.append(batch);
        inFlight.add(batch);
        zab.metrics.proposed(batch);
        lastProposedNanos = zab.clock.monotonicNanos();
        for (Learner learner : List.copyOf(learners())) {
            learner.proposed(batch.lastZxid());
            pump(learner);
        }
    }

    // ---- acknowledgements and commits ----

    @Override
    void onDurable() {
        countAcknowledgements();
    }

    @Override
    void onAcknowledged(Learner learner) {
        if (learner.reached(Step.SYNCED)) {
            countAcknowledgements();
        }
    }

    /**
     * Commits, in order, every batch that a quorum holds durably. Our own fsync is one voice like any other, and an
     * acknowledgement counts only on the connection on which its learner was synchronized.
     */
    private void countAcknowledgements() {
        long before = zab.replica.commit();
        while (!inFlight.isEmpty() && heldByQuorum(inFlight.first())) {
            zab.metrics.heldByQuorum(inFlight.oldestAgeMillis());
            zab.replica.commit(inFlight.removeFirst().lastZxid());
        }
        long commit = zab.replica.commit();
        if (commit == before) {
            return;
        }
        zab.deliver();
        if (stepDownWithoutVote()) {
            return;
        }
        // A proposal that goes out now, or soon, carries the news.
        proposeOrPace();
        if (!pacing) {
            tellCommit(commit);
        }
    }

    private boolean heldByQuorum(Batch batch) {
        long zxid = batch.lastZxid();
        var disks = selfAnd(learner -> learner.reached(Step.SYNCED) && learner.acked() >= zxid);
        if (zab.replica.durable() < zxid) {
            disks.remove(zab.replica.nodeId());
        }
        return quorum(disks);
    }

    private void tellCommit(long commit) {
        for (Learner learner : learners()) {
            if (learner.step() == Step.SERVING && learner.waitsFor(commit)) {
                tellCommit(learner, commit);
            }
        }
        tellTheRestLater();
    }

    private void tellCommit(Learner learner, long commit) {
        learner.toldCommit(commit);
        zab.send(learner.end(), new Commit(commit));
    }

    /** Those whose clients do not wait for it learn of a commit with the next proposal, or a little later. */
    private void tellTheRestLater() {
        long commit = zab.replica.commit();
        if (overdueCommit == 0 && learners().stream().anyMatch(l -> lacksNewsOf(l, commit))) {
            overdueCommit = commit;
            zab.alarm(Timer.COMMIT_LAZILY, zab.settings.commitDelay().toNanos());
        }
    }

    private static boolean lacksNewsOf(Learner learner, long commit) {
        return learner.step() == Step.SERVING && learner.toldCommit() < commit;
    }

    @Override
    void onCommitLazily() {
        for (Learner learner : learners()) {
            if (lacksNewsOf(learner, overdueCommit)) {
                tellCommit(learner, zab.replica.commit());
            }
        }
        overdueCommit = 0;
        tellTheRestLater();
    }

    // ---- changes of members ----

    /** Whether all that was proposed has executed: the state that a change of members is decided on. */
    private boolean calm() {
        return inFlight.isEmpty() && !changeUnderWay() && judged == null;
    }

    private boolean changeUnderWay() {
        return zab.replica.membership().next() != null;
    }

    /** Starts from the members in force now: another change may have committed since the node had caught up. */
    private void proposeAdmission(Newcomer newcomer) {
        List<Member> members = newcomer.listedIn(zab.replica.membership());
        if (members.equals(zab.replica.membership().members())) {
            return;
        }
        // Not through the outbox: an origin of its own keeps it apart from this node's numbered requests.
        SectionBuilder change = new SectionBuilder(ENSEMBLE, epoch, ++changesProposed);
        change.add(Request.internal(0, new Operation.ChangeMembers(members)));
        propose(List.of(change.build()));
    }

    /** The tree decides on the wish: everything before it has executed, and nothing follows until it is answered. */
    private void judge(Section wish) {
        Map<Integer, Long> synced = selfAnd(learner -> learner.reached(Step.SYNCED));
        try {
            Request request = RequestCodec.decode(wish).get(0);
            judged = request;
            zab.judge(request, synced);
        } catch (RequestFormatException unreadable) {
            // Executing it comes to SYSTEM_ERROR on every node.
            barrier.removeFirst();
            propose(List.of(wish));
            release();
        }
    }

    @Override
    void onJudged(Operation resolved) {
        Request asked = judged;
        if (asked == null) {
            throw new IllegalStateException("nobody asked the tree");
        }
        judged = null;
        propose(List.of(inPlaceOf(barrier.removeFirst(), asked, resolved)));
        release();
        proposeWhatWaits();
    }

    /** The origin's request under its own number, with what it comes to in place of what was wished. */
    private static Section inPlaceOf(Section wish, Request asked, Operation resolved) {
        return new SectionBuilder(wish.originNode(), wish.incarnation(), wish.firstSequence())
                .add(new Request(asked.sessionId(), asked.attach(), asked.xid(), asked.identities(), resolved))
                .build();
    }

    private void release() {
        while (!barrier.isEmpty() && !barrier.getFirst().alone()) {
            builder.add(barrier.removeFirst());
        }
    }

    /** Where a committed change has taken this node's vote, others lead from here (contract 2.10). */
    private boolean stepDownWithoutVote() {
        if (zab.phase() != this || zab.replica.voting()) {
            return false;
        }
        for (Learner learner : learners()) {
            if (learner.step() == Step.SERVING) {
                tellCommit(learner, zab.replica.commit());
                zab.send(learner.end(), new StepDown());
            }
        }
        zab.look("a committed change has taken this node's vote");
        return true;
    }

    // ---- sync ----

    @Override
    void onConfirm(long tag) {
        ask(new Question(null, tag));
    }

    private void ask(Question question) {
        boolean begin = confirmations.ask(question);
        zab.metrics.pendingSyncs(confirmations.pending());
        if (begin) {
            beginRound();
        }
    }

    private void beginRound() {
        long round = confirmations.begin();
        for (Learner learner : learners()) {
            if (learner.step() == Step.SERVING) {
                zab.send(learner.end(), new ConfirmLeader(round));
            }
        }
        onConfirmations();
    }

    private void onConfirmations() {
        if (!confirmations.underWay() || !quorum(zab.replica.withSelf(confirmations.confirmed()))) {
            return;
        }
        long commit = zab.replica.commit();
        for (Question question : confirmations.end()) {
            if (question.learner() == null) {
                zab.confirmed(question.tag(), commit);
            } else {
                zab.send(question.learner().end(), new CommitPoint(question.tag(), commit));
            }
        }
        zab.metrics.pendingSyncs(confirmations.pending());
        if (confirmations.hasWaiting()) {
            beginRound();
        }
    }

    // ---- health ----

    @Override
    void onProposalDeadline() {
        if (!well()) {
            zab.look("a proposal was not acknowledged by a quorum within "
                    + zab.settings.proposalDeadline().toMillis() + " ms");
        }
    }

    @Override
    boolean well() {
        return inFlight.oldestAgeMillis() <= zab.settings.proposalDeadline().toMillis();
    }
}
