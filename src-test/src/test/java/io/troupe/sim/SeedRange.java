package io.troupe.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Runs one seed after the other, each in a world of its own, on several threads. Worlds share nothing, so what a seed does
 * is the same whatever runs beside it.
 *
 * @param first seed
 * @param count how many seeds, ascending
 * @param voters of each ensemble; 0 leaves it to the seed
 * @param also modes that every seed has besides its own
 * @param span how long faults come, of virtual time
 * @param kind what a run is
 */
record SeedRange(long first, long count, int voters, Set<SimOptions.Mode> also, Duration span, Kind kind) {
    /** How one seed is run. */
    @FunctionalInterface
    interface Kind {
        /** Runs from beginning to end. */
        Simulation.Outcome run(SimOptions options, NodeStarter nodes, Duration span);
    }

    /** Of runs with simple clients. */
    SeedRange(long first, long count, int voters, Set<SimOptions.Mode> also, Duration span) {
        this(first, count, voters, also, span, Simulation::run);
    }

    /** One run, in the calling thread. */
    Simulation.Outcome run(long seed, Trace trace) {
        return kind.run(
                SimOptions.of(seed, voters == 0 ? Seeds.nodes(seed) : voters, trace)
                        .with(also),
                Seeds.PRODUCTION,
                span);
    }

    /** Runs all seeds; {@code each} is told of every outcome, one at a time, in the order in which they end. */
    void runAll(int threads, Consumer<Simulation.Outcome> each) {
        AtomicLong next = new AtomicLong(first);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(pool.submit(() -> work(next, each)));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pool.shutdownNow();
        }
    }

    private void work(AtomicLong next, Consumer<Simulation.Outcome> each) {
        for (long seed = next.getAndIncrement(); seed < first + count; seed = next.getAndIncrement()) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            Simulation.Outcome outcome = run(seed, Trace.quiet());
            synchronized (next) {
                each.accept(outcome);
            }
        }
    }
}
