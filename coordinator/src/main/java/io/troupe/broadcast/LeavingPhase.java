package io.troupe.broadcast;

import io.troupe.election.ElectionProtocol;
import io.troupe.link.LinkEnd;
import java.time.Duration;

/** This node led and is about to stop: it lets the others choose among themselves, to follow whom they elect until its end. */
final class LeavingPhase extends LeaderlessPhase {
    private static final Duration STOP = Duration.ofSeconds(10);

    LeavingPhase(Zab zab) {
        super(zab, "this node is about to stop");
    }

    @Override
    String name() {
        return "leaving";
    }

    @Override
    void enter() {
        zab.deadline("stop", STOP);
        zab.startElection(false);
    }

    @Override
    void onElected(ElectionProtocol.Outcome outcome) {
        if (outcome instanceof ElectionProtocol.Follow follow) {
            zab.follow(follow.leaderId());
        }
    }

    @Override
    void onClosed(LinkEnd end, String reason) {
        // None is needed any more.
    }

    @Override
    void onStepDeadline(String step) {
        zab.look("it was about to stop and has not");
    }
}
