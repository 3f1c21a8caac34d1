package io.troupe.broadcast;

import io.troupe.broadcast.BroadcastProtocol.Timer;
import io.troupe.broadcast.Learner.Step;
import io.troupe.broadcast.PeerMessage.Commit;

/**
 * Who is told of a commit, and when: at once where clients wait for it; the others learn of it with the next proposal, or a
 * little later.
 */
final class CommitNews {
    private final LeaderPhase leader;
    /** The commit point that everybody is told at the next alarm, 0 while there is no such alarm. */
    private long overdue;

    CommitNews(LeaderPhase leader) {
        this.leader = leader;
    }

    void tellWhoWaits() {
        long commit = leader.zab.replica.commit();
        for (Learner learner : leader.learners()) {
            if (learner.step() == Step.SERVING && learner.waitsFor(commit)) {
                tell(learner);
            }
        }
        tellTheRestLater();
    }

    void tell(Learner learner) {
        long commit = leader.zab.replica.commit();
        learner.toldCommit(commit);
        leader.zab.send(learner.end(), new Commit(commit));
    }

    private void tellTheRestLater() {
        long commit = leader.zab.replica.commit();
        if (overdue == 0 && leader.learners().stream().anyMatch(l -> lacksNewsOf(l, commit))) {
            overdue = commit;
            leader.zab.alarm(
                    Timer.COMMIT_LAZILY, leader.zab.settings.commitDelay().toNanos());
        }
    }

    private static boolean lacksNewsOf(Learner learner, long commit) {
        return learner.step() == Step.SERVING && learner.toldCommit() < commit;
    }

    /** The alarm has gone off. */
    void tellOverdue() {
        for (Learner learner : leader.learners()) {
            if (lacksNewsOf(learner, overdue)) {
                tell(learner);
            }
        }
        overdue = 0;
        tellTheRestLater();
    }
}
