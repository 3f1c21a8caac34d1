package io.troupe.bench.jmh;

import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.metrics.Metrics;
import io.troupe.request.Acl;
import io.troupe.request.Result;
import io.troupe.tree.local.LocalSession;
import io.troupe.tree.local.Watches;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Sessions that watch a znode are told that it changed, and watch it again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WatchBenchmark {
    private static final String PATH = "/bench/p0123/n0000000000004711";

    /** How many watch it. */
    @Param({"1", "10000"})
    public int sessions;

    private final Watches watches = new Watches(new Metrics());
    private final List<LocalSession> watchers = new ArrayList<>();
    private long zxid;

    @Setup
    public void setUp() {
        for (int i = 0; i < sessions; i++) {
            watchers.add(new LocalSession(new SessionHandle(i + 1L, 1), new Nobody(), List.of(), false));
        }
    }

    /** All leave their watch, and the znode changes. */
    @Benchmark
    public Set<LocalSession> watchAndChange() {
        for (LocalSession each : watchers) {
            watches.watchData(each, PATH);
        }
        return watches.dataChanged(PATH, Acl.OPEN, ++zxid);
    }

    /** Takes everything and forgets it. */
    private static final class Nobody implements SessionSink {
        @Override
        public void connected(SessionHandle handle, int timeoutMillis, boolean readOnly) {}

        @Override
        public void reply(int xid, long zxid, Result result) {}

        @Override
        public void event(WatchEvent event, long zxid) {}

        @Override
        public void end(End reason) {}

        @Override
        public void flush() {}
    }
}
