package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Shows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.junit.jupiter.api.Test;

/**
 * An epoch has four billion transaction ids; here it has a hundred thousand, and clients use them up again and again. The
 * contract's limit (9.3) makes Apache ZooKeeper elect another leader; here nobody may notice (anchors S19).
 */
class TransactionIdsTest {
    private static final int PER_EPOCH = 100_000;
    private static final int WRITES_PER_CLIENT = 110_000;
    private static final int OUTSTANDING = 2_000;

    /** The writes of one client: each sets the same znode, so that versions tell how often that was done. */
    private static final class WritingClient {
        private final OfficialClient client;
        private final String path;
        private final Semaphore room = new Semaphore(OUTSTANDING);
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger answered = new AtomicInteger();
        private final List<Long> zxids = new ArrayList<>();

        WritingClient(ServerProcess server) throws Exception {
            client = OfficialClient.connect(server.address().clientAddress());
            path = client.createText("/of-" + server.id(), "", CreateMode.PERSISTENT);
        }

        void write() throws InterruptedException {
            for (int i = 0; i < WRITES_PER_CLIENT; i++) {
                room.acquire();
                int version = i;
                client.setData(
                        path,
                        Integer.toString(i).getBytes(UTF_8),
                        version,
                        (code, p, context, stat) -> {
                            if (code == Code.OK.intValue()) {
                                zxids.add(stat.getMzxid());
                            } else {
                                failures.add("write " + version + ": " + Code.get(code));
                            }
                            answered.incrementAndGet();
                            room.release();
                        },
                        null);
            }
        }
    }

    @Test
    @Shows("S19")
    void theNextEpochBeginsWithoutAnElectionAndWithoutAFailedWrite() throws Exception {
        Tuning tuning = Tuning.TEST.with(List.of("-Dtroupe.advanced.broadcast.transactions-per-epoch=" + PER_EPOCH));
        try (EnsembleProcesses ensemble =
                EnsembleProcesses.prepare(new TroupeProgram(TroupeProgram.packagedDistribution(), tuning), 3)) {
            ensemble.startAll();
            ServerProcess leader = ensemble.awaitLeader();
            Map<Integer, String> elections = elections(ensemble);
            long firstEpoch = epoch(leader);
            List<WritingClient> clients = new ArrayList<>();
            for (ServerProcess server : ensemble.servers()) {
                clients.add(new WritingClient(server));
            }

            List<Thread> threads = new ArrayList<>();
            for (WritingClient client : clients) {
                Thread thread = new Thread(() -> {
                    try {
                        client.write();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                thread.start();
                threads.add(thread);
            }
            await("every write is answered")
                    .atMost(EnsembleProcesses.PATIENCE.multipliedBy(3))
                    .until(() -> clients.stream().allMatch(c -> c.answered.get() == WRITES_PER_CLIENT));

            for (Thread thread : threads) {
                thread.join();
            }

            Set<Long> zxids = new HashSet<>();
            for (WritingClient client : clients) {
                assertThat(client.failures).isEmpty();
                assertThat(client.client.events().states()).containsExactly(KeeperState.SyncConnected);
                assertThat(client.zxids).isSorted();
                zxids.addAll(client.zxids);
            }
            assertThat(zxids).as("each write has a zxid of its own").hasSize(3 * WRITES_PER_CLIENT);
            assertThat(epoch(leader)).isGreaterThanOrEqualTo(firstEpoch + 3);
            assertThat(ensemble.awaitLeader().id()).isEqualTo(leader.id());
            assertThat(elections(ensemble)).isEqualTo(elections);
            for (WritingClient client : clients) {
                client.client.close();
            }
        }
    }

    private static long epoch(ServerProcess server) throws Exception {
        String zxid = FourLetterWord.monitor(server.address().clientPort()).get("zk_troupe_zxid");
        return Long.decode(String.valueOf(zxid)) >>> 32;
    }

    private static Map<Integer, String> elections(EnsembleProcesses ensemble) throws Exception {
        Map<Integer, String> counts = new HashMap<>();
        for (ServerProcess server : ensemble.servers()) {
            counts.put(
                    server.id(),
                    String.valueOf(FourLetterWord.monitor(server.address().clientPort())
                            .get("zk_looking_count")));
        }
        return counts;
    }
}
