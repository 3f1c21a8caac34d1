package io.troupe.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.process.Canary;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.Footprint;
import io.troupe.process.OfficialClient;
import io.troupe.process.ServerProcess;
import io.troupe.process.TroupeProgram;
import io.troupe.process.Tuning;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;

/** Three servers with the collector they are shipped with, and a canary at each. */
final class Trial implements AutoCloseable {
    /** Whether everything is as large as the promise; otherwise as large as a build has time for. */
    static final boolean FULL = Boolean.getBoolean("troupe.test.resources.full");

    /** How long anything may take to settle on a busy host. */
    static final Duration PATIENCE = Duration.ofSeconds(FULL ? 300 : 90);

    /**
     * Silence of a peer that counts as its end. Longer than shipped: other processes of the host delay beats by half a second, and what
     * is asked here is whether the load on a server does.
     */
    private static final int STARVED_MILLIS = 3_000;

    private static final int LOG_LINES = 40;

    private final EnsembleProcesses ensemble;
    private final String leaderAndEpoch;
    private Bystanders bystanders;

    private Trial(EnsembleProcesses ensemble) throws Exception {
        this.ensemble = ensemble;
        try (OfficialClient client = Canary.authenticated(ensemble.server(1))) {
            client.create(Canary.HOME, new byte[0], Canary.acl(), CreateMode.PERSISTENT);
        }
        bystanders = new Bystanders(ensemble.servers());
        leaderAndEpoch = leaderAndEpoch();
    }

    /** Starts them with this much heap. */
    static Trial start(int heapMebibytes, String... options) throws Exception {
        List<String> all = Stream.concat(
                        Stream.of(
                                "-Xmx" + heapMebibytes + "m",
                                "-XX:TieredStopAtLevel=1",
                                "-Dtroupe.connections-per-address=0",
                                "-Dtroupe.advanced.heartbeat.suspect-after=" + STARVED_MILLIS + "ms",
                                "-Dtroupe.advanced.heartbeat.suspect-at-most=" + STARVED_MILLIS + "ms"),
                        Stream.of(options))
                .toList();
        Tuning tuning = new Tuning(all, Tuning.BENCHMARK.snapshotEvery(), Tuning.TEST.tickMillis());
        EnsembleProcesses ensemble =
                EnsembleProcesses.prepare(new TroupeProgram(TroupeProgram.packagedDistribution(), tuning), 3);
        try {
            ensemble.startAll();
            return new Trial(ensemble);
        } catch (Exception | Error e) {
            ensemble.close();
            throw e;
        }
    }

    EnsembleProcesses ensemble() {
        return ensemble;
    }

    /** Clients at some of the servers, for as long as the others are about to be stopped. */
    void bystandersAt(List<ServerProcess> servers) throws Exception {
        bystanders.close();
        bystanders = new Bystanders(servers);
    }

    /** Fails when another server leads, the same one leads anew, or a bystander noticed more than a delay of so many milliseconds. */
    void assertUndisturbed(long mostMillis) throws Exception {
        System.out.println(
                "slowest operation of a bystander: " + bystanders.slowestMillis() + " ms of at most " + mostMillis);
        assertThat(leaderAndEpoch()).isEqualTo(leaderAndEpoch);
        bystanders.assertUndisturbed();
        assertThat(bystanders.slowestMillis())
                .as("milliseconds of a bystander's slowest operation")
                .isLessThan(mostMillis);
    }

    /** Forgets how slow the bystanders were so far. */
    void bystandersBeginAnew() {
        bystanders.forget();
    }

    private String leaderAndEpoch() throws IOException {
        ServerProcess leader = ensemble.awaitLeader();
        String zxid = String.valueOf(leader.monitor().get("zk_troupe_zxid"));
        return "server " + leader.id() + ", epoch " + (Long.decode(zxid) >>> 32);
    }

    /** What each server holds. */
    List<Footprint> footprints(String when) {
        return footprints(when, print -> true);
    }

    /** What each server holds once that is as expected. */
    List<Footprint> footprints(String when, Predicate<Footprint> expected) {
        List<Footprint> footprints = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            footprints.add(await(when + ", server " + server.id())
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .ignoreExceptions()
                    .until(() -> Footprint.of(server), expected));
        }
        footprints.forEach(print -> System.out.printf(
                "%s: heap %d KiB, direct %d KiB, resident %d KiB, %d descriptors, %d connections, %d sessions, %d watches%n",
                when,
                print.heapBytes() >> 10,
                print.directBytes() >> 10,
                print.residentBytes() >> 10,
                print.descriptors(),
                print.connections(),
                print.sessions(),
                print.watches()));
        return footprints;
    }

    /** A figure of every server's, all of which must be the same. */
    String agreed(String key) throws IOException {
        List<String> values = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            values.add(String.valueOf(server.monitor().get(key)));
        }
        assertThat(values.stream().distinct()).as(key).hasSize(1);
        return values.get(0);
    }

    /** The ends of the servers' logs. */
    String logs() {
        return ensemble.logTails(LOG_LINES);
    }

    @Override
    public void close() {
        bystanders.close();
        ensemble.close();
    }
}
