package io.troupe.broadcast;

import io.troupe.link.LinkEnd;
import java.time.Duration;

/** This node led and is about to stop: it takes part in nothing, so that the others choose among themselves. */
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
        zab.settle(role(), leaderId(), 0);
        zab.deadline("stop", STOP);
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
