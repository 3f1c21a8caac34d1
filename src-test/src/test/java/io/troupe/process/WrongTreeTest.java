package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.snapshot.TamperedSnapshot;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One of three servers comes back with a tree that is not what the history makes; the others know better (decision 022). */
class WrongTreeTest {
    private static final int SNAPSHOT_EVERY = 20;
    private static final Tuning TUNING = new Tuning(Tuning.TEST.jvmOptions(), SNAPSHOT_EVERY, Tuning.TEST.tickMillis());

    private EnsembleProcesses ensemble;

    @BeforeEach
    void start() throws Exception {
        ensemble = EnsembleProcesses.prepare(new TroupeProgram(TroupeProgram.packagedDistribution(), TUNING), 3);
        ensemble.startAll();
        try (var client = OfficialClient.connect(ensemble.connectString())) {
            client.createText("/truth", "right", CreateMode.PERSISTENT);
            write(client, 3 * SNAPSHOT_EVERY);
        }
        await("all have executed the same").atMost(EnsembleProcesses.PATIENCE).until(this::haveExecutedTheSame);
        ensemble.servers().forEach(ServerProcess::kill);
    }

    @AfterEach
    void stop() {
        ensemble.close();
    }

    private static void write(OfficialClient client, int times) throws KeeperException, InterruptedException {
        for (int i = 0; i < times; i++) {
            client.createText("/n-", "", CreateMode.PERSISTENT_SEQUENTIAL);
        }
    }

    private boolean haveExecutedTheSame() throws Exception {
        var positions = new HashSet<String>();
        for (var server : ensemble.servers()) {
            positions.add(server.monitor().get("zk_troupe_zxid"));
        }
        return positions.size() == 1;
    }

    private void makeWrong(ServerProcess server) throws Exception {
        TamperedSnapshot.write(server.address().dataDirectory(), "/truth", "wrong");
    }

    @Test
    void aFollowerTakesItsTreeAnewAndTheLeaderStays() throws Exception {
        var wrong = ensemble.server(1);
        makeWrong(wrong);
        startTogetherWithFirst(ensemble.server(3));
        awaitLeading(ensemble.server(3));

        makesUpFor(wrong, List.of(2, 3));

        assertThat(ensemble.awaitLeader().id()).isEqualTo(3);
        assertThat(log(ensemble.server(3))).doesNotContain("gives up its copy");
    }

    @Test
    void aLeaderTakesItsTreeAnewWhenBothOthersHaveAnother() throws Exception {
        var wrong = ensemble.server(3);
        makeWrong(wrong);
        startTogetherWithFirst(wrong);
        awaitLeading(wrong);

        makesUpFor(wrong, List.of(1, 2));

        assertThat(ensemble.awaitLeader().id()).isNotEqualTo(3);
        assertThat(log(ensemble.server(1)) + log(ensemble.server(2))).doesNotContain("gives up its copy");
    }

    /** Where all have the same history, the one with the greatest id is elected, if it is there from the beginning. */
    private void startTogetherWithFirst(ServerProcess first) {
        first.start();
        await("server " + first.id() + " looks for a leader")
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> log(first).contains("-> looking"));
        ensemble.startAll();
    }

    /** Where it was too slow to be heard, whoever was elected hands over: of the two that are left it has the greater id. */
    private void awaitLeading(ServerProcess wanted) {
        ServerProcess leader = ensemble.awaitLeader();
        while (leader.id() != wanted.id()) {
            leader.terminate();
            ensemble.awaitLeader();
            leader.start();
            ensemble.awaitAllServing();
            leader = ensemble.awaitLeader();
        }
    }

    private static String log(ServerProcess server) throws Exception {
        return new String(Files.readAllBytes(server.address().log()), UTF_8);
    }

    /** Writes until {@code wrong} says that it takes its tree anew, and then finds the truth at all of them. */
    private void makesUpFor(ServerProcess wrong, List<Integer> right) throws Exception {
        try (var client = OfficialClient.connect(addresses(right))) {
            await("server " + wrong.id() + " takes its tree anew")
                    .atMost(EnsembleProcesses.PATIENCE)
                    .ignoreException(KeeperException.ConnectionLossException.class)
                    .until(() -> {
                        write(client, 1);
                        return log(wrong).contains("gives up its copy of the history");
                    });
        }
        ensemble.awaitAllServing();
        for (var server : ensemble.servers()) {
            try (var client = OfficialClient.connect(server.address().clientAddress())) {
                client.syncAll();
                assertThat(client.text("/truth"))
                        .as("at server %d", server.id())
                        .isEqualTo("right");
            }
        }
    }

    private String addresses(List<Integer> ids) {
        return ids.stream()
                .map(id -> ensemble.server(id).address().clientAddress())
                .collect(Collectors.joining(","));
    }
}
