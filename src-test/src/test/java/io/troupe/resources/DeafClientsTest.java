package io.troupe.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.conformance.frames.Request;
import io.troupe.process.Footprint;
import io.troupe.process.OfficialClient;
import io.troupe.process.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.junit.jupiter.api.Test;

/**
 * Clients that ask for gigabytes and read none of it: the server keeps little of it, serves the others, sends the deaf ones away when
 * their sessions are over, and has its memory back.
 */
class DeafClientsTest {
    private static final int HEAP_MEBIBYTES = 256;
    private static final long HEAP = (long) HEAP_MEBIBYTES << 20;
    private static final int CLIENTS = Trial.FULL ? 2_000 : 60;
    private static final int EACH = Trial.FULL ? 200 : 80;
    private static final int DATA_BYTES = 1_000_000;
    private static final int NAMES = 50_000;
    private static final int TIMEOUT = 6_000;
    private static final int SLOWEST_MILLIS = 5_000;

    /** What a client may leave unread in buffers outside the heap. */
    private static final long DIRECT_BYTES_EACH = 400 << 10;

    private static final long DIRECT_BYTES = 32 << 20;

    /** What lies between the heap's live objects before and after. */
    private static final long LEFT_BYTES = 16 << 20;

    @Test
    void repliesThatNobodyReadsAreNotMade() throws Exception {
        try (Trial trial = Trial.start(HEAP_MEBIBYTES)) {
            ServerProcess server = trial.ensemble().server(1);
            try (OfficialClient client = OfficialClient.connect(server.address().clientAddress())) {
                client.create("/large", new byte[DATA_BYTES], OfficialClient.OPEN, CreateMode.PERSISTENT);
                Znodes.create(client, "/wide", NAMES, 10);
            }
            Footprint before = trial.footprints("before").get(0);

            trial.bystandersBeginAnew();
            Request data = Request.of("getData", OpCode.getData, new GetDataRequest("/large", false));
            Request list = Request.of("getChildren", OpCode.getChildren, new GetChildrenRequest("/wide", false));
            try (Crowd crowd = deaf(server)) {
                crowd.ask(i -> Collections.nCopies(EACH, i % 2 == 0 ? data : list));
                await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
                Footprint during = trial.footprints("during").get(0);
                assertThat(during.heapBytes()).isLessThan(HEAP * 3 / 4);
                assertThat(during.directBytes()).isLessThan(DIRECT_BYTES + CLIENTS * DIRECT_BYTES_EACH);
                assertThat(crowd.replies()).isZero();
            }
            assertGone(trial, before);
        }
    }

    /** The server cannot wait with a read when a write behind it is executed: it must not show the write. */
    @Test
    void norAreThoseThatWritesPress() throws Exception {
        try (Trial trial = Trial.start(HEAP_MEBIBYTES)) {
            ServerProcess server = trial.ensemble().server(1);
            try (OfficialClient client = OfficialClient.connect(server.address().clientAddress())) {
                Znodes.create(client, "/wide", NAMES, 10);
            }
            Footprint before = trial.footprints("before").get(0);

            trial.bystandersBeginAnew();
            try (Crowd crowd = deaf(server)) {
                crowd.ask(DeafClientsTest::listsAndCreates);
                await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
                Footprint during = trial.footprints("during").get(0);
                assertThat(during.heapBytes()).isLessThan(HEAP * 3 / 4);
            }
            assertGone(trial, before);
        }
    }

    /** Each list is another than the one before. */
    private static List<Request> listsAndCreates(int client) {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < EACH / 2; i++) {
            requests.add(Request.of("getChildren", OpCode.getChildren, new GetChildrenRequest("/wide", false)));
            CreateRequest create = new CreateRequest("/wide/%d-%d".formatted(client, i), null, OfficialClient.OPEN, 0);
            requests.add(Request.of("create", OpCode.create, create));
        }
        return client < 4 ? requests : List.of();
    }

    private static Crowd deaf(ServerProcess server) throws Exception {
        Crowd crowd = new Crowd(List.of(server.address().clientPort()));
        crowd.join(CLIENTS, TIMEOUT);
        await().atMost(Trial.PATIENCE).until(() -> crowd.open() == CLIENTS);
        crowd.stopReading();
        return crowd;
    }

    /** They hang on to their connections no more than their sessions allow. */
    private static void assertGone(Trial trial, Footprint before) throws Exception {
        Footprint after = trial.footprints(
                        "after", print -> print.connections() == 2 && print.sessions() == before.sessions())
                .get(0);
        assertThat(after.heapBytes()).isLessThan(before.heapBytes() + LEFT_BYTES);
        assertThat(after.directBytes()).isLessThan(DIRECT_BYTES);
        assertThat(after.descriptors()).isLessThan(before.descriptors() + 10);
        trial.assertUndisturbed(SLOWEST_MILLIS);
    }
}
