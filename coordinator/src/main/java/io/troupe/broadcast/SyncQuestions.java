package io.troupe.broadcast;

import io.troupe.broadcast.Learner.Step;
import io.troupe.broadcast.PeerMessage.CommitPoint;
import io.troupe.broadcast.PeerMessage.ConfirmLeader;
import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.broadcast.pipeline.ConfirmRounds;
import org.jspecify.annotations.Nullable;

/** The leader's part in {@code sync}: a commit point is told only after a quorum has confirmed that it still leads. */
final class SyncQuestions {
    private final LeaderPhase leader;
    private final ConfirmRounds<Question> rounds = new ConfirmRounds<>();

    /** Who wants a confirmed commit point; {@code learner} is null for this node's own clients. */
    private record Question(@Nullable Learner learner, long tag) {}

    SyncQuestions(LeaderPhase leader) {
        this.leader = leader;
    }

    /** A client of this node asks. */
    void ask(long tag) {
        ask(new Question(null, tag));
    }

    /** A client of a learner asks. */
    void ask(Learner learner, long tag) {
        ask(new Question(learner, tag));
    }

    private void ask(Question question) {
        boolean begin = rounds.ask(question);
        leader.zab.metrics.pendingSyncs(rounds.pending());
        if (begin) {
            begin();
        }
    }

    private void begin() {
        long round = rounds.begin();
        for (Learner learner : leader.learners()) {
            if (learner.step() == Step.SERVING) {
                leader.zab.send(learner.end(), new ConfirmLeader(round));
            }
        }
        answer();
    }

    /** A learner takes part from now on; a round under way may have lost the answers of those it asked first. */
    void joins(Learner learner) {
        if (rounds.underWay()) {
            leader.zab.send(learner.end(), new ConfirmLeader(rounds.round()));
        }
    }

    void confirmed(Learner learner, LeaderConfirmed answer) {
        rounds.confirm(answer.round(), learner.nodeId(), learner.diskId());
        answer();
    }

    /** Answers the questions of the round under way, should a quorum have confirmed it. */
    void answer() {
        Zab zab = leader.zab;
        if (!rounds.underWay() || !leader.quorum(zab.replica.withSelf(rounds.confirmed()))) {
            return;
        }
        long commit = zab.replica.commit();
        for (Question question : rounds.end()) {
            if (question.learner() == null) {
                zab.confirmed(question.tag(), commit);
            } else {
                zab.send(question.learner().end(), new CommitPoint(question.tag(), commit));
            }
        }
        zab.metrics.pendingSyncs(rounds.pending());
        if (rounds.hasWaiting()) {
            begin();
        }
    }
}
