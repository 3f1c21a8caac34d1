package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.util.List;

/** Lets servers run until throughput and compilers rest: servers run for months, and are measured as they are then. */
final class WarmUp {
    private static final long SLICE_NANOS = 2_000_000_000L;

    /** Share of one processor that the compilers of all servers may still take. */
    private static final double COMPILING = 0.03;

    /** Share by which throughput may still differ from one slice to the next. */
    private static final double DRIFT = 0.1;

    private static final int SESSIONS = 30;
    private static final int OUTSTANDING = 32;
    private static final long WRITES = 50_000;
    private static final int BYTES = 100;

    private WarmUp() {}

    /** Puts load on the servers for so long; answers how many operations a second there were. */
    interface Slice {
        double drive(long nanos) throws IOException;
    }

    /**
     * Before the heap of an empty ensemble is measured: what runs later is loaded and compiled, and what servers keep of the requests
     * before, up to a limit, is there.
     */
    static void withWrites(EnsembleProcesses ensemble) throws IOException {
        byte[] data = new byte[BYTES];
        List<LoadConnection> connections = Sessions.open(ensemble, SESSIONS);
        try (LoadGenerator generator = new LoadGenerator(connections)) {
            generator.each(List.of(List.of(Frames.create("/one", data))));
            connections.forEach(each -> each.sending(Frames.setData("/one", data)));
            generator.closedLoop(OUTSTANDING, Long.MAX_VALUE, WRITES);
        }
    }

    /** Ends as late as the pace allows. */
    static void run(EnsembleProcesses ensemble, Pace pace, Slice slice) throws IOException {
        double compiled = ServerCpu.compilerSeconds(ensemble);
        double before = 0;
        for (long spent = 0; spent < pace.warmUpNanos(); spent += SLICE_NANOS) {
            double now = slice.drive(SLICE_NANOS);
            double compiledNow = ServerCpu.compilerSeconds(ensemble);
            boolean rests = (compiledNow - compiled) * 1e9 < COMPILING * SLICE_NANOS;
            if (rests && Math.abs(now - before) < DRIFT * before) {
                return;
            }
            before = now;
            compiled = compiledNow;
        }
    }
}
