package io.troupe.bench.jmh;

import io.troupe.ensemble.Zxid;
import io.troupe.env.system.SystemDisk;
import io.troupe.log.LogSettings;
import io.troupe.log.segment.TransactionLog;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Section;
import io.troupe.request.SectionBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Appending a batch to the log, with and without waiting for the disk. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LogBenchmark {
    private static final int DATA_BYTES = 100;
    private static final long NOW = 1_700_000_000_000L;

    /** Appends between two purges, so that the disk does not fill. */
    private static final int PURGE_EVERY = 10_000;

    /** Requests in the batch. */
    @Param({"1", "256"})
    public int requests;

    private @Nullable Path directory;
    private @Nullable SystemDisk disk;
    private @Nullable TransactionLog log;
    private @Nullable Section section;
    private int appends;

    @Setup
    public void setUp() throws IOException {
        Path root = Files.createDirectories(Path.of("target", "jmh").toAbsolutePath());
        directory = Files.createTempDirectory(root, "log-");
        disk = SystemDisk.open(directory);
        log = TransactionLog.open(disk, LogSettings.DEFAULT);
        SectionBuilder builder = new SectionBuilder(1, 1, 1);
        for (int i = 0; i < requests; i++) {
            builder.add(new Request(77, 5, i, List.of(), new Operation.SetData("/bench", new byte[DATA_BYTES], -1)));
        }
        section = builder.build();
    }

    @TearDown
    public void tearDown() throws IOException {
        if (disk != null && directory != null) {
            disk.close();
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** As far as the operating system. */
    @Benchmark
    public TransactionLog append() throws IOException {
        return appended();
    }

    /** As far as the disk. */
    @Benchmark
    public TransactionLog appendAndSync() throws IOException {
        TransactionLog durable = appended();
        durable.file().sync();
        return durable;
    }

    private TransactionLog appended() throws IOException {
        if (log == null || section == null) {
            throw new IllegalStateException("not set up");
        }
        long last = log.lastZxid();
        long first = last == 0 ? Zxid.of(1, 1) : last + 1;
        log.append(Batch.seal(last, first, last, NOW, 0, 0, List.of(section)), last);
        if (++appends % PURGE_EVERY == 0) {
            log.purge(log.lastZxid());
        }
        return log;
    }
}
