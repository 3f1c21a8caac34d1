package io.troupe.sim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What all applications of a run do together, how far each of them has got with each part of it, and what is still under way. */
final class RecipeWork {
    /** Something that an application does in one session. */
    final class Doing {
        private final AppSession at;
        private final String what;

        private Doing(AppSession at, String what) {
            this.at = at;
            this.what = what;
        }

        /** It is over; {@code well} where it came to what it was meant for. */
        void ended(boolean well) {
            if (underWay.remove(this) && well) {
                progress.merge(key(at.application(), what), 1L, Long::sum);
            }
        }

        @Override
        public String toString() {
            return at + " " + what;
        }
    }

    private enum Stage {
        WORKING,
        /** Nothing new is begun, but what is in the queue is taken. */
        FINISHING,
        /** Only what was begun is brought to an end. */
        ENDING
    }

    private static final List<String> HOLDING =
            List.of("mutex", "index", "permit", "lead", "put", "take", "count", "configure", "publish");
    private static final List<String> GATHERING =
            List.of("put delayed", "take delayed", "gate", "together", "register", "lease");

    private final int leastThinkMillis;
    private final int mostThinkMillis;
    private final Map<String, Long> progress = new TreeMap<>();
    private final Set<Doing> underWay = new LinkedHashSet<>();
    private final boolean gathers;
    private final LockWork locks = new LockWork(this);
    private final QueueWork queue;
    private final ValueWork values = new ValueWork(this);
    private final BarrierWork barriers = new BarrierWork(this);
    private final MemberWork members = new MemberWork(this);
    private final LeaseWork leases = new LeaseWork(this);
    private Stage stage = Stage.WORKING;

    /**
     * @param busy whether there are short pauses between one thing and the next
     * @param gathers whether they wait for each other and for times, give services and hold Akka's leases; otherwise they hold, queue and
     *     follow things
     */
    RecipeWork(boolean busy, boolean gathers) {
        this.gathers = gathers;
        queue = gathers ? QueueWork.delayed(this) : QueueWork.asPut(this);
        leastThinkMillis = busy ? 1 : 200;
        mostThinkMillis = busy ? 300 : 3_000;
    }

    private static String key(int application, String what) {
        return "a" + application + " " + what;
    }

    LockWork locks() {
        return locks;
    }

    QueueWork queue() {
        return queue;
    }

    ValueWork values() {
        return values;
    }

    MemberWork members() {
        return members;
    }

    boolean gathers() {
        return gathers;
    }

    /** What each application does. */
    List<String> everything() {
        return gathers ? GATHERING : HOLDING;
    }

    /** An application works in another session now. */
    void begin(AppSession at) {
        if (gathers) {
            queue.begin(at);
            barriers.begin(at);
            members.begin(at);
            leases.begin(at);
        } else {
            locks.begin(at);
            queue.begin(at);
            values.begin(at);
        }
    }

    Doing begins(AppSession at, String what) {
        Doing doing = new Doing(at, what);
        underWay.add(doing);
        return doing;
    }

    /** Goes on after a while. */
    void next(AppSession at, Runnable action) {
        at.later(leastThinkMillis, mostThinkMillis, action);
    }

    /** Whether new things are begun. */
    boolean goesOn() {
        return stage == Stage.WORKING;
    }

    /** Whether nothing is left in the queue that anybody should take. */
    boolean isAtEnd() {
        return stage == Stage.ENDING;
    }

    void finish() {
        stage = Stage.FINISHING;
    }

    void end() {
        stage = Stage.ENDING;
        queue.end();
        barriers.end();
    }

    /** How often each application has brought each thing to an end, by their names. */
    Map<String, Long> progress() {
        return new TreeMap<>(progress);
    }

    /** How many things have come to what they were meant for. */
    long operations() {
        return progress.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What somebody is in the middle of, whose session may yet bring it to an end. */
    Set<Doing> underWay() {
        underWay.removeIf(each -> each.at.isOver());
        return underWay;
    }
}
