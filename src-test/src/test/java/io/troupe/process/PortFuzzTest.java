package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.junit.jupiter.api.Test;

/**
 * Whatever arrives at the client ports, the servers live, agree, and serve everybody else. {@code -Dtroupe.test.fuzz.connections=N}
 * sets how many connections are made, {@code -Dtroupe.test.fuzz.seed=N} which.
 */
class PortFuzzTest {
    private static final int CONNECTIONS = Integer.getInteger("troupe.test.fuzz.connections", 1_500);
    private static final long SEED = Long.getLong("troupe.test.fuzz.seed", 1);
    private static final int BETWEEN_LOOKS = 50;

    /** A well-behaved client of one server. */
    private record Neighbour(OfficialClient client, String path, long session) {}

    @Test
    void nobodyElseNoticesAClientThatKeepsNoRule() throws Exception {
        // An ensemble of its own: it is left full of litter.
        try (EnsembleProcesses ensemble = EnsembleProcesses.prepare(3)) {
            ensemble.startAll();
            fuzz(ensemble);
        }
    }

    private static void fuzz(EnsembleProcesses ensemble) throws Exception {
        List<Neighbour> neighbours = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            OfficialClient client = OfficialClient.connect(server.address().clientAddress());
            String path = client.createText("/neighbour-" + server.id(), "0", CreateMode.EPHEMERAL);
            neighbours.add(new Neighbour(client, path, client.getSessionId()));
        }
        FrameFuzzer fuzzer = new FrameFuzzer(SEED);

        for (int i = 0; i < CONNECTIONS; i++) {
            fuzzer.connection(ensemble.servers()
                    .get(i % ensemble.servers().size())
                    .address()
                    .clientPort());
            if (i % BETWEEN_LOOKS == 0) {
                for (Neighbour each : neighbours) {
                    each.client().setData(each.path(), Integer.toString(i).getBytes(StandardCharsets.UTF_8), -1);
                    assertThat(each.client().text(each.path())).isEqualTo(Integer.toString(i));
                }
            }
        }

        assertThat(fuzzer.frames()).isGreaterThan(CONNECTIONS);
        for (Neighbour each : neighbours) {
            assertThat(each.client().events().states()).containsExactly(KeeperState.SyncConnected);
            assertThat(each.client().stat(each.path()).getEphemeralOwner()).isEqualTo(each.session());
        }
        assertThat(ensemble.servers()).allMatch(ServerProcess::isAlive);
        await("all servers report the same tree")
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> fingerprints(ensemble).size() == 1);
        assertThat(errors(ensemble)).isEmpty();
        neighbours.forEach(each -> each.client().close());
    }

    private static Set<String> fingerprints(EnsembleProcesses ensemble) throws IOException {
        Set<String> reports = new TreeSet<>();
        for (ServerProcess server : ensemble.servers()) {
            var monitor = FourLetterWord.monitor(server.address().clientPort());
            reports.add(monitor.get("zk_troupe_zxid") + " " + monitor.get("zk_troupe_digest"));
        }
        return reports;
    }

    /** What a client sends is never an error of the server's. */
    private static List<String> errors(EnsembleProcesses ensemble) throws IOException {
        List<String> errors = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            try (var lines = Files.lines(server.address().log())) {
                lines.filter(line -> line.contains(" ERROR ") || line.contains("Exception"))
                        .limit(10)
                        .forEach(errors::add);
            }
        }
        return errors;
    }
}
