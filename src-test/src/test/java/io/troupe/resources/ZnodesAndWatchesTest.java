package io.troupe.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.process.Footprint;
import io.troupe.process.OfficialClient;
import io.troupe.process.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.junit.jupiter.api.Test;

/** A million znodes, a hundred thousand of them watched at one server, and a server that starts with all that. */
class ZnodesAndWatchesTest {
    /** So many that a client, which takes a megabyte, can list the children of one. */
    private static final int PARENTS = Trial.FULL ? 20 : 10;

    private static final int CHILDREN = Trial.FULL ? 50_000 : 8_000;
    private static final long ZNODES = (long) PARENTS * CHILDREN;
    private static final int DATA_BYTES = 100;
    private static final int WATCHES = Trial.FULL ? 100_000 : 30_000;
    private static final int EVENTS_AT_ONCE = 1_000;
    private static final int HEAP_MEBIBYTES = Trial.FULL ? 768 : 256;
    private static final int SLOWEST_MILLIS = Trial.FULL ? 10_000 : 5_000;

    /** Heap for each znode with its data and its name of eight letters; and for each path watched by one client. */
    private static final long BYTES_OF_ZNODE = 240;

    private static final long BYTES_OF_WATCH = 400;
    private static final long BYTES_OF_CHANGE = 60;

    /** The latest batches and the latest changes, 8 MiB each, and what else does not grow with the tree. */
    private static final long FIXED_BYTES = 20 << 20;

    @Test
    void theyCostWhatIsPromised() throws Exception {
        try (Trial trial = Trial.start(HEAP_MEBIBYTES);
                OfficialClient client = OfficialClient.connect(
                        trial.ensemble().server(1).address().clientAddress(), OfficialClient.PATIENT_TIMEOUT_MILLIS)) {
            List<Footprint> empty = trial.footprints("empty");
            for (int i = 0; i < PARENTS; i++) {
                Znodes.create(client, parent(i), CHILDREN, DATA_BYTES);
            }
            client.syncAll();
            List<Footprint> full = trial.footprints("with " + ZNODES + " znodes");
            for (int i = 0; i < full.size(); i++) {
                assertThat(full.get(i).heapBytes() - empty.get(i).heapBytes())
                        .as("bytes of heap for %d znodes at server %d", ZNODES, i + 1)
                        .isLessThan(ZNODES * BYTES_OF_ZNODE + FIXED_BYTES);
            }
            assertThat(client.getChildren(parent(PARENTS - 1), false)).hasSize(CHILDREN);

            watch(trial, client, full.get(0));

            ServerProcess follower = trial.ensemble().servers().stream()
                    .filter(server -> server != trial.ensemble().awaitLeader() && server.id() != 1)
                    .findFirst()
                    .orElseThrow();
            trial.bystandersAt(List.of(trial.ensemble().server(1)));
            startsAgain(trial, follower);
            trial.assertUndisturbed(SLOWEST_MILLIS);
        }
    }

    private static String parent(int number) {
        return "/p" + number;
    }

    private static String watched(int number) {
        return Znodes.child(parent(number % PARENTS), number / PARENTS);
    }

    private static void watch(Trial trial, OfficialClient client, Footprint before) throws Exception {
        AtomicInteger fired = new AtomicInteger();
        CountDownLatch set = new CountDownLatch(WATCHES);
        Watcher watcher = event -> fired.incrementAndGet();
        for (int i = 0; i < WATCHES; i++) {
            client.getData(watched(i), watcher, (code, path, context, data, stat) -> set.countDown(), null);
        }
        assertThat(set.await(Trial.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        long during = trial.footprints("watched", print -> true).get(0).heapBytes();
        assertThat(during - before.heapBytes())
                .as("bytes of heap for %d watches", WATCHES)
                .isLessThan(WATCHES * BYTES_OF_WATCH + FIXED_BYTES / 2);

        long start = System.nanoTime();
        try (OfficialClient changing = OfficialClient.connect(
                trial.ensemble().server(2).address().clientAddress(), OfficialClient.PATIENT_TIMEOUT_MILLIS)) {
            for (int from = 0; from < WATCHES; from += EVENTS_AT_ONCE) {
                List<Op> changes = new ArrayList<>();
                for (int i = from; i < from + EVENTS_AT_ONCE; i++) {
                    changes.add(Op.setData(watched(i), new byte[DATA_BYTES], -1));
                }
                changing.multi(changes);
            }
            await("all events").atMost(Trial.PATIENCE).until(() -> fired.get() >= WATCHES);
        }
        client.syncAll();
        assertThat(fired.get()).as("each watch fires once").isEqualTo(WATCHES);
        System.out.printf("%d events in %d ms%n", WATCHES, (System.nanoTime() - start) / 1_000_000);
        Footprint after =
                trial.footprints("fired", print -> print.watches() < 100).get(0);
        // A znode that has changed has a modification of its own to remember.
        assertThat(after.heapBytes()).isLessThan(before.heapBytes() + WATCHES * BYTES_OF_CHANGE + 2 * FIXED_BYTES);
    }

    private static void startsAgain(Trial trial, ServerProcess server) throws Exception {
        server.kill();
        long start = System.nanoTime();
        server.start();
        await("server " + server.id() + " serves again")
                .atMost(Trial.PATIENCE)
                .until(() -> server.mode().isPresent());
        System.out.printf("serves again after %d ms%n", (System.nanoTime() - start) / 1_000_000);
        try (OfficialClient client = OfficialClient.connect(server.address().clientAddress())) {
            client.create("/again", new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT);
            assertThat(client.getChildren(parent(0), false)).hasSize(CHILDREN);
        }
        await("all have the same")
                .atMost(Trial.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(trial.agreed("zk_troupe_zxid") + trial.agreed("zk_troupe_digest"))
                        .isNotEmpty());
    }
}
