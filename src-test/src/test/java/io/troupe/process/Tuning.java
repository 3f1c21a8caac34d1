package io.troupe.process;

import java.util.ArrayList;
import java.util.List;

/**
 * How servers are started.
 *
 * @param jvmOptions of every server
 * @param snapshotEvery requests between snapshots
 * @param tickMillis ZooKeeper's unit of time
 */
public record Tuning(List<String> jvmOptions, int snapshotEvery, int tickMillis) {
    /** Kind to a two-core host that runs several servers and their clients; snapshots often, so that tests see some. */
    public static final Tuning TEST =
            new Tuning(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), 2000, 1000);

    /** What a server is run with: both systems the same heap, everything else as shipped. */
    public static final Tuning BENCHMARK = new Tuning(List.of("-Xms512m", "-Xmx512m"), 100_000, 2000);

    /** The same with further options of the JVM. */
    public Tuning with(List<String> moreOptions) {
        var all = new ArrayList<>(jvmOptions);
        all.addAll(moreOptions);
        return new Tuning(all, snapshotEvery, tickMillis);
    }

    public Tuning {
        jvmOptions = List.copyOf(jvmOptions);
    }
}
