package io.troupe.broadcast;

import io.troupe.broadcast.BroadcastProtocol.Timer;
import io.troupe.broadcast.Learner.Step;
import io.troupe.broadcast.PeerMessage.AskCommitPoint;
import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.broadcast.PeerMessage.StepDown;
import io.troupe.broadcast.PeerMessage.TreeDiffers;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.broadcast.pipeline.Admission;
import io.troupe.broadcast.pipeline.BatchBuilder;
import io.troupe.broadcast.pipeline.InFlight;
import io.troupe.ensemble.Zxid;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.LinkEnd;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Section;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Zab's broadcast at the leader: order requests, propose, count acknowledgements, commit in order. Requests that arrive
 * while batches are in flight travel together in the next one; a lone request goes out at once.
 */
final class LeaderBroadcastPhase extends LeaderPhase {
    private final Admission admission;
    private final BatchBuilder builder;
    private final InFlight inFlight;
    private final SyncQuestions questions = new SyncQuestions(this);
    private final CommitNews news = new CommitNews(this);
    private final DifferingTrees trees = new DifferingTrees(this);
    private final MemberChanges changes;
    private boolean flushing;

    private @Nullable Runnable handedOver;

    LeaderBroadcastPhase(Zab zab, long epoch, Map<Integer, Learner> learners) {
        super(zab, epoch, learners);
        this.admission = new Admission(zab.replica.originsInHistory());
        this.builder = new BatchBuilder(zab.settings.batchBytes());
        this.inFlight = new InFlight(zab.clock);
        this.changes = new MemberChanges(zab, epoch);
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
    void enter() {
        zab.deliver();
        announce();
        zab.serve(role(), leaderId());
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
        changes.listSelfIfMoved();
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

    /** Who does not count may have promised more to a candidate that failed: it can follow only in an epoch behind that. */
    @Override
    void tellEpoch(Learner learner) {
        if (learner.acceptedEpoch() > epoch && !zab.replica.membership().counts(learner.nodeId(), learner.diskId())) {
            openNextEpoch(
                    learner.acceptedEpoch(),
                    "node " + learner.nodeId() + " has promised epoch " + learner.acceptedEpoch() + " already");
        } else {
            super.tellEpoch(learner);
        }
    }

    @Override
    void onPromised(Learner learner) {
        synchronize(learner);
    }

    @Override
    void onSynced(Learner learner) {
        learner.step(Step.SERVING);
        learner.toldCommit(zab.replica.commit());
        zab.send(learner.end(), new UpToDate(epoch, zab.replica.commit()));
        questions.joins(learner);
        zab.log.info("Node {} is synchronized", learner.nodeId());
        zab.publish();
        onAcknowledged(learner);
        pump(learner);
        if (changes.listIfNew(learner)) {
            proposeWhatWaits();
        }
    }

    @Override
    void onClosed(LinkEnd end, String reason) {
        super.onClosed(end, reason);
        questions.answer();
    }

    @Override
    boolean onRequestOf(Learner learner, PeerMessage message) {
        if (learner.step() != Step.SERVING) {
            return false;
        }
        if (message instanceof Forward forward) {
            onForward(learner, Section.read(ByteBuffer.wrap(forward.section())));
        } else if (message instanceof AskCommitPoint ask) {
            questions.ask(learner, ask.tag());
        } else if (message instanceof LeaderConfirmed confirmed) {
            questions.confirmed(learner, confirmed);
        } else if (message instanceof TreeDiffers differs) {
            trees.told(learner, differs);
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
            // It executes, or has executed, under its number; the origin will see it.
            case DUPLICATE -> learner.waitsForNext();
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
        if (zab.outbox.hasUnsent() || changes.hasNewcomers()) {
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
        if (handedOver != null) {
            // The origins ask the next leader.
            return;
        }
        while (zab.phase() == this && changes.hasNewcomers() && calm()) {
            Section listing = changes.listNewcomer();
            if (listing != null) {
                propose(List.of(listing));
            }
        }
        if (zab.phase() == this && (mayPropose() || zab.outbox.hasFullSection())) {
            admitOwn();
        }
        while (zab.phase() == this && !changeUnderWay() && !builder.isEmpty() && mayPropose()) {
            propose(builder.next());
        }
        if (zab.phase() == this && changes.hasWish() && builder.isEmpty() && !changes.hasNewcomers() && calm()) {
            Section unreadable = changes.judge(selfAnd(learner -> learner.reached(Step.SYNCED)));
            if (unreadable != null) {
                proposeWish(unreadable);
            }
        }
    }

    /** Whether all that was proposed has executed: the state that a change of members is decided on. */
    private boolean calm() {
        return inFlight.isEmpty() && !changeUnderWay() && !changes.judging();
    }

    private boolean changeUnderWay() {
        return zab.replica.membership().next() != null;
    }

    @Override
    void onJudged(Operation resolved) {
        proposeWish(changes.judged(resolved));
        proposeWhatWaits();
    }

    private void proposeWish(Section wish) {
        propose(List.of(wish));
        changes.release().forEach(builder::add);
    }

    private void queue(Section section) {
        if (!changes.holdBack(section)) {
            builder.add(section);
        }
    }

    private void admitOwn() {
        for (Section section : zab.outbox.takeUnsent()) {
            Admission.Verdict verdict = admission.judge(section);
            if (verdict == Admission.Verdict.ADMIT) {
                queue(section);
            } else if (verdict == Admission.Verdict.OUTDATED) {
                // A disk was lost and the wall clock went back: nothing this node asks for would ever be done.
                zab.startUnderLaterIncarnation(admission.incarnation(section.originNode()));
            }
        }
    }

    /**
     * Few batches in flight keep batches large: one, and more only where a round takes so long that processors idle. A full
     * batch goes out regardless, up to a bound.
     */
    private boolean mayPropose() {
        return !changes.hasNewcomers()
                && (inFlight.isEmpty()
                        || (inFlight.batches() < zab.settings.batchesInFlight()
                                && inFlight.latestAgeMillis()
                                        >= zab.settings.batchPatience().toMillis())
                        || (builder.full() && inFlight.bytes() < zab.settings.windowBytes()));
    }

    private void propose(List<Section> sections) {
        long last = zab.replica.lastZxid();
        long first = Zxid.epoch(last) == epoch ? last + 1 : Zxid.of(epoch, 1);
        int requests = sections.stream().mapToInt(Section::count).sum();
        if (Zxid.counter(first) > 1 && Zxid.counter(first) + requests - 1 > zab.settings.transactionsPerEpoch()) {
            openNextEpoch(epoch, "epoch " + epoch + " has no transaction ids left");
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
        for (Learner learner : List.copyOf(learners())) {
            learner.proposed(batch.lastZxid());
            pump(learner);
        }
    }

    /**
     * The same leader and its learners go through discovery and synchronization once more, on the connections they have, for an
     * epoch later than {@code after}. What was proposed commits as the next epoch's initial history; what was only admitted
     * its origins send again. Whoever is not in step yet calls anew.
     */
    private void openNextEpoch(long after, String reason) {
        for (Learner learner : List.copyOf(learners())) {
            if (learner.step() == Step.SERVING) {
                learners.put(learner.nodeId(), learner.carriedOver());
            } else {
                drop(learner, "the next epoch begins");
            }
        }
        zab.outbox.rewind();
        zab.transition(new LeaderDiscoveryPhase(zab, after, learners), reason);
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
        if (zab.replica.commit() == before) {
            return;
        }
        zab.deliver();
        if (stepDownWithoutVote()) {
            return;
        }
        // A proposal that goes out now carries the news.
        proposeWhatWaits();
        news.tellWhoWaits();
        handOverOnceCalm();
    }

    private boolean heldByQuorum(Batch batch) {
        long zxid = batch.lastZxid();
        var disks = selfAnd(learner -> learner.reached(Step.SYNCED) && learner.acked() >= zxid);
        if (zab.replica.durable() < zxid) {
            disks.remove(zab.replica.nodeId());
        }
        return quorum(disks);
    }

    @Override
    void onCommitLazily() {
        news.tellOverdue();
    }

    /** Where a committed change has taken this node's vote, others lead from here (contract 2.10). */
    private boolean stepDownWithoutVote() {
        if (zab.phase() != this || zab.replica.voting()) {
            return false;
        }
        tellToElectAnother(false);
        zab.look("a committed change has taken this node's vote");
        return true;
    }

    private void tellToElectAnother(boolean stopping) {
        for (Learner learner : learners()) {
            if (learner.step() == Step.SERVING) {
                news.tell(learner);
                zab.send(learner.end(), new StepDown(stopping));
            }
        }
    }

    /** What is in flight commits first: so the next leader need not find out whether it has. */
    @Override
    void onHandOver(Runnable done) {
        handedOver = done;
        handOverOnceCalm();
    }

    private void handOverOnceCalm() {
        if (handedOver == null || !inFlight.isEmpty() || zab.phase() != this) {
            return;
        }
        if (othersCanLead()) {
            tellToElectAnother(true);
            zab.leave(handedOver, "this node is about to stop");
        } else {
            handedOver.run();
        }
    }

    private boolean othersCanLead() {
        var disks = selfAnd(learner -> learner.step() == Step.SERVING);
        disks.remove(zab.replica.nodeId());
        return quorum(disks);
    }

    // ---- sync ----

    @Override
    void onConfirm(long tag) {
        questions.ask(tag);
    }

    // ---- health ----

    @Override
    void onJudgeTrees() {
        trees.judge();
    }

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
