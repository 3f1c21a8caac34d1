package io.troupe.process;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Fuzzers at work side by side.
 *
 * @param servers that they turn to
 * @param victims ids of sessions that they try to take
 * @param tls null where the servers speak no TLS
 * @param readOnly whether they are content with servers without a leader
 */
record FuzzRun(
        List<ServerProcess> servers,
        List<Long> victims,
        @Nullable SSLContext tls,
        boolean readOnly) {
    private static final int FUZZERS = 4;
    private static final int BETWEEN_LOOKS_MILLIS = 20;

    /** Looks after somebody whom the fuzzers must not disturb. */
    interface Look {
        /** Fails if something is wrong. */
        void look() throws Exception;
    }

    /** Goes on for some seconds and until so many frames have gone out; answers the number by states of the connection. */
    Map<FrameFuzzer.State, Long> during(long seconds, long frames, long seed, Look look) throws Exception {
        List<Integer> ports =
                servers.stream().map(s -> s.address().clientPort()).toList();
        LongAdder sent = new LongAdder();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        var over = new CompletableFuture<Void>();
        BooleanSupplier goOn = () -> !over.isDone() && (System.nanoTime() < end || sent.sum() < frames);
        List<FrameFuzzer> fuzzers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(FUZZERS);
        try {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < FUZZERS; i++) {
                var fuzzer = new FrameFuzzer(ports, victims, tls, readOnly, sent, seed + i);
                fuzzers.add(fuzzer);
                running.add(CompletableFuture.runAsync(() -> fuzzer.run(goOn), threads));
            }
            awaitAll(CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new)), look);
        } finally {
            over.complete(null);
            threads.shutdown();
        }
        Map<FrameFuzzer.State, Long> counts = new EnumMap<>(FrameFuzzer.State.class);
        fuzzers.forEach(fuzzer -> fuzzer.counts().forEach((state, count) -> counts.merge(state, count, Long::sum)));
        return counts;
    }

    private static void awaitAll(CompletableFuture<Void> all, Look look) throws Exception {
        boolean over = false;
        while (!over) {
            look.look();
            try {
                all.get(BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS);
                over = true;
            } catch (TimeoutException stillRunning) {
                over = false;
            } catch (ExecutionException e) {
                throw new AssertionError("a fuzzer failed", e.getCause());
            }
        }
    }
}
