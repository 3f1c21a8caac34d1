package io.troupe.bench.jmh;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.execute.Executor;
import io.troupe.tree.execute.Outcome;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Znode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Operations on a tree of some size. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TreeBenchmark {
    private static final long SESSION = 77;
    private static final int PER_PARENT = 1_000;
    private static final long NOW = 1_700_000_000_000L;
    private static final int STRIDE = 7_919;

    /** Znodes in the tree, a thousand below each parent. */
    @Param({"1000", "1000000"})
    public int znodes;

    private final DataTree tree =
            DataTree.founding(new Membership("ensemble", 0, List.of(new Member(1, "a", 7001, "a", 2181, 11)), null));
    private final Executor executor = new Executor(tree);
    private final byte[] data = new byte[100];
    private String[] paths = {};
    private long zxid = Zxid.of(1, 0);
    private long attach;
    private int at;

    @Setup
    public void setUp() {
        attach = zxid + 1;
        execute(new Operation.CreateSession(1, 30_000));
        paths = new String[znodes];
        for (int i = 0; i < znodes; i++) {
            String parent = "/p%04d".formatted(i / PER_PARENT);
            if (i % PER_PARENT == 0) {
                create(parent, CreateMode.PERSISTENT);
            }
            paths[i] = parent + "/n%016d".formatted(i);
            create(paths[i], CreateMode.PERSISTENT);
        }
        create("/own", CreateMode.PERSISTENT);
        if (tree.get(paths[znodes - 1]) == null) {
            throw new IllegalStateException("the tree did not grow");
        }
    }

    private Outcome create(String path, CreateMode mode) {
        return execute(new Operation.Create(path, data, Acl.OPEN, mode, false, -1));
    }

    private Outcome execute(Operation operation) {
        return executor.execute(new Request(SESSION, attach, 1, List.of(), operation), ++zxid, NOW);
    }

    /** Another one each time, far from the last. */
    private String nextPath() {
        at = (at + STRIDE) % znodes;
        return paths[at];
    }

    /** Looks a znode up. */
    @Benchmark
    public @Nullable Znode get() {
        return tree.get(nextPath());
    }

    /** Sets a znode's data. */
    @Benchmark
    public Outcome setData() {
        return execute(new Operation.SetData(nextPath(), data, -1));
    }

    /** Creates a znode and deletes it. */
    @Benchmark
    public Outcome createAndDelete() {
        create("/own/child", CreateMode.PERSISTENT);
        return execute(new Operation.Delete("/own/child", -1));
    }
}
