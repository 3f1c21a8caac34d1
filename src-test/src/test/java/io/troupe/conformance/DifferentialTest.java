package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import io.troupe.process.TroupeProgram;
import io.troupe.process.Tuning;
import io.troupe.process.ZooKeeperProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Test;

/**
 * The same random operations sent to Apache ZooKeeper and to Troupe have the same outcomes, and fire the same watches in the same
 * order. {@code -Dtroupe.test.differential.sequences=N} sets how many sequences are tried, {@code -Dtroupe.test.differential.seed=N}
 * which one is first.
 */
class DifferentialTest {
    private static final int SEQUENCES = Integer.getInteger("troupe.test.differential.sequences", 60);
    private static final long FIRST_SEED = Long.getLong("troupe.test.differential.seed", 1);
    private static final int LENGTH = 40;

    @Test
    void theSameOperationsHaveTheSameOutcomes() throws Exception {
        try (EnsembleProcesses zookeeper = EnsembleProcesses.prepare(new ZooKeeperProgram(Tuning.TEST), 3);
                EnsembleProcesses troupe = EnsembleProcesses.prepare(
                        new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.TEST), 3)) {
            zookeeper.startAll();
            troupe.startAll();
            for (long seed = FIRST_SEED; seed < FIRST_SEED + SEQUENCES; seed++) {
                int server = (int) (seed % 3) + 1;
                compare(seed, connect(zookeeper, server), connect(troupe, server));
            }
        }
    }

    private static OfficialClient connect(EnsembleProcesses ensemble, int server) {
        return OfficialClient.connect(ensemble.server(server).address().clientAddress());
    }

    private static void compare(long seed, OfficialClient theirs, OfficialClient ours) throws Exception {
        Random random = new Random(seed);
        String base = "/differential-" + seed;
        List<String> done = new ArrayList<>();
        List<OfficialClient> both = List.of(theirs, ours);
        List<Long> origins = new ArrayList<>();
        boolean authenticated = random.nextBoolean();
        for (OfficialClient client : both) {
            client.createText(base, "", CreateMode.PERSISTENT);
            client.createText(base + "/a", "", CreateMode.PERSISTENT);
            origins.add(client.stat(base).getCzxid());
            if (authenticated) {
                client.addAuthInfo("digest", "alice:secret".getBytes(UTF_8));
            }
        }
        for (int i = 0; i < LENGTH; i++) {
            RandomOperation operation = RandomOperation.draw(random, base);
            String expected = operation.doneBy(theirs, origins.get(0));
            String actual = operation.doneBy(ours, origins.get(1));
            done.add(operation.text() + " -> " + expected);
            assertThat(actual).as("seed %d, after %s", seed, done).isEqualTo(expected);
        }
        for (OfficialClient client : both) {
            client.syncAll();
        }
        await("the same events, seed " + seed + ", after " + done)
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(ours.events().ofNodes())
                        .containsExactlyElementsOf(theirs.events().ofNodes()));
        both.forEach(OfficialClient::close);
    }
}
