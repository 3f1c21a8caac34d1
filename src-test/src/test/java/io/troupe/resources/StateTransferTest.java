package io.troupe.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.process.Footprint;
import io.troupe.process.OfficialClient;
import io.troupe.process.ServerProcess;
import java.util.List;
import java.util.Random;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Test;

/** Much state sent to a server that was away or has lost its disk, while clients of the others write. */
class StateTransferTest {
    private static final int DATA_BYTES = 1_000_000;

    /** Of the state that a wiped server takes. */
    private static final int ZNODES = Trial.FULL ? 1_100 : 60;

    private static final int HEAP_MEBIBYTES = Trial.FULL ? 3_072 : 256;

    /** Of the history that a server missed, which is several times its heap. */
    private static final int OVERWRITES = Trial.FULL ? 1_100 : 160;

    private static final int SMALL_HEAP_MEBIBYTES = Trial.FULL ? 256 : 96;

    private static final int SLOWEST_MILLIS = Trial.FULL ? 10_000 : 5_000;

    @Test
    void aServerThatLostItsDiskTakesTheWholeState() throws Exception {
        try (Trial trial = Trial.start(HEAP_MEBIBYTES)) {
            ServerProcess behind = followers(trial).get(1);
            trial.bystandersAt(staying(trial, behind));
            write(trial, behind, ZNODES, ZNODES);

            trial.bystandersBeginAnew();
            behind.kill();
            behind.wipeData();
            long start = System.nanoTime();
            behind.start();
            catchUp(trial, behind);
            report("taking " + ZNODES + " MB of state", start);
            for (Footprint print : trial.footprints("after")) {
                assertThat(print.heapBytes()).isLessThan(2L * ZNODES * DATA_BYTES + (64L << 20));
            }
            trial.assertUndisturbed(SLOWEST_MILLIS);
        }
    }

    /** What it missed is a history, of which only the end is state. */
    @Test
    void aHistoryLargerThanTheHeapIsTakenBitByBit() throws Exception {
        try (Trial trial = Trial.start(SMALL_HEAP_MEBIBYTES)) {
            ServerProcess behind = followers(trial).get(1);
            trial.bystandersAt(staying(trial, behind));
            behind.kill();
            write(trial, behind, 10, OVERWRITES);

            trial.bystandersBeginAnew();
            long start = System.nanoTime();
            behind.start();
            catchUp(trial, behind);
            report("taking " + OVERWRITES + " MB of history", start);
            trial.footprints("after");
            trial.assertUndisturbed(SLOWEST_MILLIS);
        }
    }

    private static List<ServerProcess> followers(Trial trial) {
        ServerProcess leader = trial.ensemble().awaitLeader();
        return trial.ensemble().servers().stream()
                .filter(server -> server != leader)
                .toList();
    }

    private static List<ServerProcess> staying(Trial trial, ServerProcess other) {
        return trial.ensemble().servers().stream()
                .filter(server -> server != other)
                .toList();
    }

    /** So many writes of a megabyte to so many znodes, in turn. */
    private static void write(Trial trial, ServerProcess notThere, int znodes, int writes) throws Exception {
        ServerProcess server = staying(trial, notThere).get(0);
        byte[] data = new byte[DATA_BYTES];
        Random random = new Random(1);
        try (OfficialClient client =
                OfficialClient.connect(server.address().clientAddress(), OfficialClient.PATIENT_TIMEOUT_MILLIS)) {
            client.create("/state", new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT);
            for (int i = 0; i < writes; i++) {
                random.nextBytes(data);
                if (i < znodes) {
                    client.create(Znodes.child("/state", i), data, OfficialClient.OPEN, CreateMode.PERSISTENT);
                } else {
                    client.setData(Znodes.child("/state", i % znodes), data, -1);
                }
            }
        }
    }

    private static void catchUp(Trial trial, ServerProcess behind) {
        await("server " + behind.id() + " serves")
                .atMost(Trial.PATIENCE)
                .failFast("it ended", () -> !behind.isAlive())
                .until(() -> behind.mode().isPresent());
        await("all have the same")
                .atMost(Trial.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(trial.agreed("zk_troupe_zxid") + trial.agreed("zk_troupe_digest"))
                        .isNotEmpty());
    }

    private static void report(String what, long startNanos) {
        System.out.println(what + " took " + (System.nanoTime() - startNanos) / 1_000_000 + " ms");
    }
}
