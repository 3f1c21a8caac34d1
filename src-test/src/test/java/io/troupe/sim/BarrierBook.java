package io.troupe.sim;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who waits where. Nobody passes a barrier that he has set, or seen set, and that nobody has lifted since. Nobody enters a double barrier
 * before enough have come, and nobody has left it while somebody stays who was inside when he began to.
 */
final class BarrierBook {
    /** What has not been answered by so long after its session, never will be, nor done. */
    private static final long SETTLED_MILLIS = 30_000;

    /**
     * Somebody is going to set a barrier and wait.
     *
     * @param lifts that had been begun by then
     * @param certain whether all of them had been done
     */
    record Waiting(AppSession at, int lifts, boolean certain) {}

    /** Somebody lifts a barrier. */
    static final class Lift {
        private final AppSession at;
        private final long begunMillis;
        private boolean done;

        private Lift(AppSession at) {
            this.at = at;
            this.begunMillis = at.world().nowMillis();
        }

        private boolean isUnderWay(long nowMillis) {
            return !done && !(at.isOver() && nowMillis - begunMillis > SETTLED_MILLIS);
        }
    }

    private enum Stage {
        ENTERING,
        INSIDE,
        LEAVING
    }

    /** Somebody who enters a double barrier once and leaves it once. */
    static final class Participant {
        private final AppSession at;
        private Stage stage = Stage.ENTERING;
        /** Who was inside when he began to leave; nobody where others were on the move. */
        private Set<Participant> met = Set.of();

        private int others;

        private Participant(AppSession at) {
            this.at = at;
        }
    }

    private final int members;
    private final List<Lift> lifts = new ArrayList<>();
    /** All who have come since everybody had left. */
    private final Set<Participant> come = new LinkedHashSet<>();
    /** Of these, who has not left. */
    private final Set<Participant> present = new LinkedHashSet<>();

    /**
     * @param members who must come to the double barrier
     */
    BarrierBook(int members) {
        this.members = members;
    }

    /** Is going to set it, or see it set. */
    Waiting waits(AppSession at) {
        long now = at.world().nowMillis();
        return new Waiting(at, lifts.size(), lifts.stream().noneMatch(lift -> lift.isUnderWay(now)));
    }

    /** What is wrong with that he passes, if anything is. */
    Optional<String> passed(Waiting waiting) {
        return waiting.certain() && waiting.lifts() == lifts.size()
                ? Optional.of(waiting.at() + " has passed a barrier that nobody has lifted since he saw it set")
                : Optional.empty();
    }

    /** Somebody begins to lift it. */
    Lift lifts(AppSession at) {
        Lift lift = new Lift(at);
        lifts.add(lift);
        return lift;
    }

    void lifted(Lift lift) {
        lift.done = true;
    }

    Participant enters(AppSession at) {
        Participant participant = new Participant(at);
        come.add(participant);
        present.add(participant);
        return participant;
    }

    /** What is wrong with that he is inside, if anything is. */
    Optional<String> entered(Participant participant) {
        participant.stage = Stage.INSIDE;
        return come.size() < members
                ? Optional.of("%s has entered with %d others, of whom there must be %d"
                        .formatted(participant.at, come.size() - 1, members - 1))
                : Optional.empty();
    }

    /** He begins to leave. */
    void leaves(Participant participant) {
        participant.stage = Stage.LEAVING;
        Set<Participant> others = new LinkedHashSet<>(present);
        others.remove(participant);
        // Whoever leaves last says that all have; he may be late with that, and say it of the next ones.
        boolean quiet = others.stream().allMatch(other -> other.stage == Stage.INSIDE && !other.at.isOver());
        participant.met = quiet ? others : Set.of();
        participant.others = come.size();
    }

    /** What is wrong with that he has left, if anything is. */
    Optional<String> left(Participant participant) {
        present.remove(participant);
        Optional<String> stays = participant.met.stream()
                .filter(other -> participant.others == come.size()
                        && present.contains(other)
                        && other.stage == Stage.INSIDE
                        && !other.at.isOver()
                        // Who stood still may have lost his session without knowing it.
                        && other.at.session().isValid())
                .findFirst()
                .map(other -> participant.at + " has left while " + other.at + " stayed inside");
        if (present.isEmpty()) {
            come.clear();
        }
        return stays;
    }
}
