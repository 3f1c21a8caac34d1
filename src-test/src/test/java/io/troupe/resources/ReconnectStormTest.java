package io.troupe.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.conformance.frames.Request;
import io.troupe.process.Canary;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.GetDataRequest;
import org.junit.jupiter.api.Test;

/** The leader dies, and all its clients come back at once with their sessions and watches. */
class ReconnectStormTest {
    private static final int CLIENTS = Trial.FULL ? 9_000 : 3_000;
    private static final int WATCHES_EACH = 10;
    private static final int TIMEOUT = 15_000;
    private static final int ZNODES = 100;

    @Test
    void nobodyLosesASessionAndTheNewLeaderKeepsItsOffice() throws Exception {
        try (Trial trial = Trial.start(256)) {
            EnsembleProcesses ensemble = trial.ensemble();
            ServerProcess leader = ensemble.awaitLeader();
            List<ServerProcess> left = ensemble.servers().stream()
                    .filter(server -> server != leader)
                    .toList();
            try (OfficialClient client =
                    OfficialClient.connect(left.get(0).address().clientAddress())) {
                Znodes.create(client, "/watched", ZNODES, 10);
            }
            trial.bystandersAt(List.of());
            try (Crowd crowd = new Crowd(ensemble)) {
                crowd.join(CLIENTS, TIMEOUT);
                await().atMost(Trial.PATIENCE).until(() -> crowd.open() == CLIENTS);
                crowd.ask(i -> paths(i).stream()
                        .map(path -> Request.of("getData", OpCode.getData, new GetDataRequest(path, true)))
                        .toList());
                await().atMost(Trial.PATIENCE).until(() -> crowd.replies() == (long) CLIENTS * WATCHES_EACH);
                crowd.watch(ReconnectStormTest::paths);
                crowd.comeBack(true);

                long start = System.nanoTime();
                leader.kill();
                await().atMost(Trial.PATIENCE).until(() -> crowd.watchesSet() >= CLIENTS / 3 - 1);
                await().atMost(Trial.PATIENCE).until(() -> crowd.open() == CLIENTS);
                System.out.printf(
                        "%d of %d clients back with their sessions and watches after %d ms%n",
                        crowd.watchesSet(), CLIENTS, (System.nanoTime() - start) / 1_000_000);
                crowd.check();
                assertThat(crowd.expiredSessions()).isZero();

                String epoch = epoch(left.get(0));
                try (Canary canary = new Canary(left.get(1))) {
                    canary.round();
                    canary.assertUndisturbed();
                }
                fire(left.get(1));
                await().atMost(Trial.PATIENCE).until(() -> crowd.events() == (long) CLIENTS * WATCHES_EACH);
                assertThat(epoch(left.get(1))).isEqualTo(epoch);
                assertThat(crowd.expiredSessions()).isZero();
                assertThat(crowd.open()).isEqualTo(CLIENTS);
            }
        }
    }

    private static List<String> paths(int client) {
        return IntStream.range(0, WATCHES_EACH)
                .mapToObj(i -> Znodes.child("/watched", (client + i) % ZNODES))
                .toList();
    }

    private static void fire(ServerProcess server) throws Exception {
        try (OfficialClient client = OfficialClient.connect(server.address().clientAddress())) {
            for (int i = 0; i < ZNODES; i++) {
                client.setData(Znodes.child("/watched", i), new byte[1], -1);
            }
        }
    }

    private static String epoch(ServerProcess server) throws IOException {
        return String.valueOf(server.monitor().get("zk_troupe_zxid")).replaceAll(".{8}$", "");
    }
}
