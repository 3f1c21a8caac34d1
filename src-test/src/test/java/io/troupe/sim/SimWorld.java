package io.troupe.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time and the order in which things happen. One thread, the driver, runs everything: the mailboxes of all
 * actors, their timers, the network, the disks, the clients. Time stands still while something is ready to run and
 * then jumps to the next timer. What is ready runs in the order of its arrival or, when exploring, in an order drawn
 * from the seed. Two worlds of one seed do exactly the same.
 */
final class SimWorld implements AutoCloseable {
    /** Something ready to run; {@code process} is null for what belongs to the world itself. */
    record Task(@Nullable SimProcess process, Runnable action) {}

    /** Handle of something that will become ready. */
    static final class Timer implements Runnable, Comparable<Timer> {
        private final long atNanos;
        private final long order;
        private final @Nullable SimProcess process;
        private final Runnable action;
        private boolean cancelled;

        private Timer(long atNanos, long order, @Nullable SimProcess process, Runnable action) {
            this.atNanos = atNanos;
            this.order = order;
            this.process = process;
            this.action = action;
        }

        @Override
        public int compareTo(Timer other) {
            return atNanos == other.atNanos ? Long.compare(order, other.order) : Long.compare(atNanos, other.atNanos);
        }

        @Override
        public void run() {
            if (!cancelled) {
                cancelled = true;
                action.run();
            }
        }

        /** Returns whether it had not fired or been cancelled before. */
        boolean cancel() {
            boolean first = !cancelled;
            cancelled = true;
            return first;
        }

        boolean isCancelled() {
            return cancelled;
        }
    }

    /** Steps at one instant after which the world is taken to be in an endless loop. */
    private static final int MAX_STEPS_PER_INSTANT = 500_000;

    private static final Map<Long, SimWorld> WORLDS = new ConcurrentHashMap<>();
    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final long seed;
    private final boolean explore;
    private final Trace trace;
    private final SplittableRandom picks;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final List<Task> ready = new ArrayList<>();
    private int head;
    private final Map<String, SimProcess> processes = new HashMap<>();
    private final AtomicInteger foreign = new AtomicInteger();
    private BootPump boot = new BootPump();

    private volatile @Nullable Thread driver;
    private @Nullable SimProcess current;
    private @Nullable String failure;
    private @Nullable Consumer<SimProcess> afterStep;
    private long nowNanos;
    private long timerOrder;
    private long steps;
    private long stepsAtInstant;

    SimWorld(long seed, boolean explore, Trace trace) {
        this.seed = seed;
        this.explore = explore;
        this.trace = trace;
        this.picks = random("schedule");
        WORLDS.put(id, this);
        trace.attach(this);
    }

    static SimWorld byId(long id) {
        SimWorld world = WORLDS.get(id);
        if (world == null) {
            throw new IllegalStateException("world " + id + " is closed");
        }
        return world;
    }

    long id() {
        return id;
    }

    long seed() {
        return seed;
    }

    Trace trace() {
        return trace;
    }

    /** An independent stream of random numbers for one purpose: what one part draws does not disturb the others. */
    SplittableRandom random(String purpose) {
        long mixed = seed * 0x9E3779B97F4A7C15L;
        for (int i = 0; i < purpose.length(); i++) {
            mixed = (mixed ^ purpose.charAt(i)) * 0x100000001B3L;
        }
        return new SplittableRandom(mixed);
    }

    // ---- time ----

    long nowNanos() {
        return nowNanos;
    }

    long nowMillis() {
        return nowNanos / 1_000_000;
    }

    /** Runs {@code action} after {@code delayNanos}, in the name of {@code process}; null for the world itself. */
    Timer schedule(@Nullable SimProcess process, long delayNanos, Runnable action) {
        synchronized (timers) {
            Timer timer = new Timer(nowNanos + Math.max(0, delayNanos), timerOrder++, process, action);
            timers.add(timer);
            return timer;
        }
    }

    /** Runs {@code action} in the name of {@code process} at this instant, after the current step. */
    void post(@Nullable SimProcess process, Runnable action) {
        ready.add(new Task(process, action));
    }

    // ---- what the actor system hands over ----

    /** A runnable of a dispatcher; {@code process} is null when it belongs to whoever runs now. */
    void execute(@Nullable SimProcess process, Runnable action) {
        Thread owner = driver;
        if (owner == null) {
            boot.execute(action);
            return;
        }
        if (owner != Thread.currentThread()) {
            foreign.incrementAndGet();
            fail("a thread other than the simulation's submitted work: " + Thread.currentThread());
            return;
        }
        ready.add(new Task(process == null ? current : process, action));
    }

    /** From here on the calling thread runs everything; before, a helper thread did, so that the system could boot. */
    void takeOver() {
        boot.stopWhenIdle();
        driver = Thread.currentThread();
    }

    /** Until {@link #takeOver} a helper thread runs what actor systems submit, since one that boots waits for its own actors. */
    void boot() {
        boot = new BootPump();
        driver = null;
    }

    /** Whether the calling thread is the one that runs everything. */
    boolean driving() {
        return driver == Thread.currentThread();
    }

    /** Runnables that came from threads the simulation does not control; anything but 0 is a leak. */
    int foreign() {
        return foreign.get();
    }

    // ---- processes ----

    SimProcess process(String name, int nodeId) {
        SimProcess process = new SimProcess(name, nodeId);
        if (processes.put(name, process) != null) {
            throw new IllegalArgumentException("a process " + name + " exists");
        }
        return process;
    }

    @Nullable
    SimProcess findProcess(String name) {
        return processes.get(name);
    }

    @Nullable
    SimProcess currentProcess() {
        return current;
    }

    void resume(SimProcess process) {
        ready.addAll(process.resume());
    }

    // ---- running ----

    /** The first failure recorded, null while all is well. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Ends the run after the current step. Safe to call from inside an actor, where a throw would be swallowed. */
    void fail(String reason) {
        if (failure == null) {
            failure = reason;
            trace.event("FAILURE " + reason);
        }
    }

    /** A whole run: what it throws, and threads that leaked, are failures of its seed. */
    void watchOver(Runnable run) {
        try {
            run.run();
        } catch (RuntimeException e) {
            fail("the simulation itself failed: " + e);
            throw e;
        }
        if (foreign() > 0) {
            fail(foreign() + " runnables came from foreign threads");
        }
    }

    /** Called after every step of a process, in the driver. */
    void afterStep(Consumer<SimProcess> observer) {
        afterStep = observer;
    }

    long steps() {
        return steps;
    }

    /** Runs for a span of virtual time or until the first failure. */
    void runFor(Duration span) {
        runUntil(() -> false, span);
    }

    /** Runs until a condition holds; returns whether it does within {@code atMost} of virtual time. */
    boolean runUntil(BooleanSupplier condition, Duration atMost) {
        long end = nowNanos + atMost.toNanos();
        while (failure == null) {
            if (condition.getAsBoolean()) {
                return true;
            }
            if (head == ready.size() && !advance(end)) {
                nowNanos = end;
                return false;
            }
            step();
        }
        return false;
    }

    private boolean advance(long end) {
        ready.clear();
        head = 0;
        Timer next = timers.peek();
        while (next != null && next.cancelled) {
            timers.poll();
            next = timers.peek();
        }
        if (next == null || next.atNanos > end) {
            return false;
        }
        nowNanos = next.atNanos;
        stepsAtInstant = 0;
        // All timers of the instant become ready together; else there would seldom be two things to choose from.
        while (next != null && next.atNanos == nowNanos) {
            timers.poll();
            if (!next.cancelled) {
                ready.add(new Task(next.process, next));
            }
            next = timers.peek();
        }
        return true;
    }

    private void step() {
        Task task = pick();
        SimProcess process = task.process();
        if (process != null && !process.running()) {
            if (!process.dead()) {
                process.hold(task);
            }
            return;
        }
        steps++;
        if (++stepsAtInstant > MAX_STEPS_PER_INSTANT) {
            fail("time does not advance: more than " + MAX_STEPS_PER_INSTANT + " steps at one instant");
        }
        trace.step(process, task.action());
        current = process;
        try {
            task.action().run();
        } finally {
            current = null;
        }
        if (afterStep != null && process != null) {
            afterStep.accept(process);
        }
    }

    private Task pick() {
        int last = ready.size() - 1;
        if (explore && last > head) {
            int chosen = picks.nextInt(head, last + 1);
            Task task = ready.get(chosen);
            ready.set(chosen, ready.get(last));
            ready.remove(last);
            return task;
        }
        Task task = ready.get(head);
        head++;
        if (head > 1024 && head * 2 > ready.size()) {
            ready.subList(0, head).clear();
            head = 0;
        }
        return task;
    }

    @Override
    public void close() {
        WORLDS.remove(id);
        trace.detach();
    }
}
