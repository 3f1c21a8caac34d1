package io.troupe.examples;

import io.troupe.recipes.LeaderElection;
import io.troupe.recipes.Standing;

/** Leader election by the actor API: {@code election NAME}. The same znodes as Curator's LeaderLatch, so that those can take part. */
public final class Election {
    private Election() {}

    public static void main(String[] args) {
        String name = args.length > 0 ? args[0] : "candidate";
        Application application = Application.start(name);
        LeaderElection election = application.recipes().leaderElection("/examples/election", name);
        application.say("stands");
        election.onChange(standing -> {
            if (standing instanceof Standing.Granted granted) {
                // What a leader does, it does with its token: whoever has seen a greater one refuses.
                application.say("leads with token " + granted.lease().token());
            } else if (standing instanceof Standing.Lost lost) {
                application.say("leads no more: " + lost.why());
            }
        });
    }
}
