package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Shows;
import io.troupe.process.TreeDump.Image;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Servers die, hang and lose their disks while clients write through all of them. Afterwards every acknowledged write is
 * there, none happened twice, no ephemeral outlives its session, and all servers hold the same tree.
 * {@code -Dtroupe.test.rounds=N} repeats each story N times.
 */
@ExtendWith(EnsembleExtension.class)
class SurvivalTest {
    private static final int ROUNDS = Integer.getInteger("troupe.test.rounds", 1);

    /** Acknowledged writes that show that the ensemble works again. */
    private static final int PROGRESS = 300;

    private static final Duration PATIENCE = EnsembleProcesses.PATIENCE;

    @Test
    void nothingIsLostWhenServersAreKilled(EnsembleProcesses ensemble, TestInfo test) throws Exception {
        survive(ensemble, test, writers -> {
            var leader = ensemble.awaitLeader();
            leader.kill();
            writers.awaitProgress(PROGRESS);
            leader.start();
            ensemble.awaitAllServing();

            var follower = follower(ensemble);
            follower.kill();
            writers.awaitProgress(PROGRESS);
            follower.start();
            ensemble.awaitAllServing();
            writers.awaitProgress(PROGRESS);

            ensemble.servers().forEach(ServerProcess::kill);
            ensemble.startAll();
            writers.awaitProgress(PROGRESS);
        });
    }

    @Test
    @Shows("S21")
    void nothingIsLostWhenTheLeaderIsPaused(EnsembleProcesses ensemble, TestInfo test) throws Exception {
        survive(ensemble, test, writers -> {
            var leader = ensemble.awaitLeader();
            leader.pause();
            writers.awaitProgress(PROGRESS);
            leader.resume();
            ensemble.awaitAllServing();
            writers.awaitProgress(PROGRESS);

            var follower = follower(ensemble);
            follower.pause();
            writers.awaitProgress(PROGRESS);
            follower.resume();
            ensemble.awaitAllServing();
            writers.awaitProgress(PROGRESS);
        });
    }

    @Test
    @Shows("S28")
    void nothingIsLostWhenAServerLosesItsData(EnsembleProcesses ensemble, TestInfo test) throws Exception {
        survive(ensemble, test, writers -> {
            var follower = follower(ensemble);
            follower.kill();
            follower.wipeData();
            writers.awaitProgress(PROGRESS);
            follower.start();
            ensemble.awaitAllServing();
            writers.awaitProgress(PROGRESS);

            var leader = ensemble.awaitLeader();
            leader.kill();
            leader.wipeData();
            writers.awaitProgress(PROGRESS);
            leader.start();
            ensemble.awaitAllServing();
            writers.awaitProgress(PROGRESS);
        });
    }

    /** What happens to the servers in one round, while the writers write. */
    private interface Story {
        void happen(Writers writers) throws Exception;
    }

    private static void survive(EnsembleProcesses ensemble, TestInfo test, Story story) throws Exception {
        for (var round = 1; round <= ROUNDS; round++) {
            var base = "/" + test.getTestMethod().orElseThrow().getName() + "-" + round;
            try (var writers = Writers.start(ensemble, base)) {
                writers.awaitProgress(PROGRESS);
                story.happen(writers);
                writers.stop();
                writers.halfVanish();
                verify(ensemble, base, writers);
            }
        }
    }

    private static void verify(EnsembleProcesses ensemble, String base, Writers writers) throws Exception {
        assertThat(writers.history().surprises())
                .as("errors that no fault explains")
                .isEmpty();
        await("ephemerals of dead sessions go away")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ephemeralOwners(TreeDump.of(ensemble.server(1)), base))
                        .allMatch(writers::hasSession));

        var tree = identicalTree(ensemble);
        assertThat(new WriteAudit(writers.history(), tree).findings(writers.all()))
                .isEmpty();
        if (ensemble.program().isTroupe()) {
            digestsAgree(ensemble);
        }
    }

    private static Map<String, Image> identicalTree(EnsembleProcesses ensemble) throws InterruptedException {
        var first = TreeDump.of(ensemble.server(1));
        for (var server : ensemble.servers()) {
            var other = TreeDump.of(server);
            var different = new TreeSet<String>(first.keySet());
            different.addAll(other.keySet());
            different.removeIf(path -> Objects.equals(first.get(path), other.get(path)));
            if (!ensemble.program().isTroupe()) {
                // Each of Apache ZooKeeper's servers stamps it with the time of its own start.
                different.remove("/zookeeper/config");
            }
            assertThat(different.stream()
                            .limit(10)
                            .map(path -> path + ": " + first.get(path) + " / " + other.get(path)))
                    .as("nodes that differ between servers 1 and " + server.id() + ", of " + different.size())
                    .isEmpty();
        }
        return first;
    }

    private static void digestsAgree(EnsembleProcesses ensemble) {
        await("all servers report the same tree").atMost(PATIENCE).untilAsserted(() -> {
            var reports = new TreeSet<String>();
            for (var server : ensemble.servers()) {
                reports.add(report(server));
            }
            assertThat(reports).hasSize(1);
        });
    }

    private static String report(ServerProcess server) throws IOException {
        var monitor = FourLetterWord.monitor(server.address().clientPort());
        assertThat(monitor).containsKeys("zk_troupe_zxid", "zk_troupe_digest");
        return monitor.get("zk_troupe_zxid") + " " + monitor.get("zk_troupe_digest");
    }

    private static List<Long> ephemeralOwners(Map<String, Image> tree, String base) {
        return tree.entrySet().stream()
                .filter(node -> node.getKey().startsWith(base + "/"))
                .map(node -> node.getValue().stat().getEphemeralOwner())
                .filter(owner -> owner != 0)
                .toList();
    }

    private static ServerProcess follower(EnsembleProcesses ensemble) {
        var leader = ensemble.awaitLeader();
        return ensemble.servers().stream()
                .filter(server -> server.id() != leader.id())
                .findFirst()
                .orElseThrow();
    }
}
