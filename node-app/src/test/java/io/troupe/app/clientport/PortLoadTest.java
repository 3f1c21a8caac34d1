package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.ReadOperation;
import io.troupe.node.ClientLoad;
import io.troupe.node.ClientLoad.Bounds;
import io.troupe.node.ClientLoad.ConnectRate;
import io.troupe.node.ClientLoad.Connections;
import io.troupe.node.ClientLoad.Dropping;
import io.troupe.node.ClientLoad.Requests;
import io.troupe.node.ClientLoad.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.junit.jupiter.api.Test;

/** Contract 1.2, 1.5 and 1.12: what all clients together may ask of a port. */
class PortLoadTest {
    private static final ConnectRate ANY_RATE = ClientLoad.DEFAULT.connectRate();
    private static final Connections ANY_NUMBER = ClientLoad.DEFAULT.connections();

    private static byte[] exists(int xid) throws IOException {
        return RawClient.request(xid, ZooDefs.OpCode.exists, new ExistsRequest("/a", false));
    }

    private static byte[] setData(int xid, int bytes) throws IOException {
        return RawClient.request(xid, ZooDefs.OpCode.setData, new SetDataRequest("/a", new byte[bytes], -1));
    }

    private static byte[] ping() throws IOException {
        return RawClient.request(-2, ZooDefs.OpCode.ping);
    }

    private static PortFixture port(Connections connections, ConnectRate rate, Requests requests) throws IOException {
        return new PortFixture(
                s -> PortFixture.withLoad(s, new ClientLoad(connections, rate, requests, ClientLoad.DEFAULT.bounds())));
    }

    private static PortFixture port(Bounds bounds) throws IOException {
        ClientLoad usual = ClientLoad.DEFAULT;
        return new PortFixture(s -> PortFixture.withLoad(
                s, new ClientLoad(usual.connections(), usual.connectRate(), usual.requests(), bounds)));
    }

    private static PortFixture port(Requests requests) throws IOException {
        return port(ANY_NUMBER, ANY_RATE, requests);
    }

    private static void awaitRequests(PortFixture port, int count) {
        await().until(() -> port.node.requests().size() == count);
    }

    private static void awaitNotRead(PortFixture port, RawClient client) {
        await().until(() -> port.port.connections().get(10, TimeUnit.SECONDS).stream()
                .anyMatch(report -> report.peer().getPort() == client.socket.getLocalPort() && !report.reading()));
    }

    @Test
    @Covers("6.2.1")
    void allClientsTogetherAreLimitedInTheNumberOfTheirConnections() throws IOException {
        Connections two = new Connections(2, 10, true, Duration.ofSeconds(10));
        try (PortFixture port = port(two, ANY_RATE, ClientLoad.DEFAULT.requests());
                RawClient first = port.open();
                RawClient second = port.open()) {
            try (RawClient third = port.connect()) {
                assertThat(third.isClosedByServer()).isTrue();
                assertThat(port.logged(third)).singleElement().asString().contains("there are 2 connections");
            }
            first.socket.close();
            await().until(() -> port.port.statistics().aliveConnections() == 1);
            try (RawClient again = port.open()) {
                assertThat(again.ask(exists(1)).getErr()).isEqualTo(-101);
            }
            assertThat(second.ask(exists(1)).getErr()).isEqualTo(-101);
        }
    }

    @Test
    void anAddressGetsNoNewSessionsWhileItHasTooManyThatItDoesNotClose() throws IOException {
        try (PortFixture port = port(new Bounds(2, 0, 0))) {
            port.open().socket.close();
            try (RawClient second = port.open()) {
                await().until(() -> port.port.statistics().aliveConnections() == 1);
                refused(port, "its address has too many");
                assertThat(second.ask(exists(1)).getErr()).isEqualTo(-101);
                try (RawClient back = port.connect()) {
                    back.sendFrame(
                            RawClient.bytes(new ConnectRequest(0, 0, RawClient.TIMEOUT, 7, new byte[16], false)));
                    await().until(() -> port.node.connects.size() == 3);
                }
            }
            assertThat(port.metrics.counter("troupe_sessions_refused").value()).isEqualTo(1);
        }
    }

    @Test
    void whoSendsTooManyRequestsASecondWaits() throws IOException {
        try (PortFixture port = port(new Bounds(0, 20, 0));
                RawClient hasty = port.open()) {
            for (int xid = 1; xid <= 5; xid++) {
                hasty.sendFrame(exists(xid));
            }
            awaitNotRead(port, hasty);
            assertThat(port.node.requests()).hasSize(2);
            port.clock.advance(Duration.ofMillis(100));
            awaitRequests(port, 4);
            port.clock.advance(Duration.ofMillis(100));
            awaitRequests(port, 5);
            assertThat(port.metrics.counter("troupe_request_pauses").value()).isEqualTo(2);
        }
    }

    @Test
    void whoWaitsForAnswersIsNotReadWhileThereAreTooManyBytes() throws IOException {
        try (PortFixture port = port(new Bounds(0, 0, 1_000));
                RawClient client = port.open()) {
            port.node.hold();
            client.sendFrame(setData(1, 1_000));
            awaitNotRead(port, client);
            client.sendFrame(setData(2, 10));
            port.node.release();
            awaitRequests(port, 2);
        }
    }

    @Test
    void whoBeginsLargeRequestsAndEndsNoneTakesNoMoreThanThereIs() throws IOException {
        byte[] whole = RawClient.frames(setData(1, 100_000));
        byte[] begun = Arrays.copyOf(whole, 50_000);
        try (PortFixture port = port(new Bounds(0, 0, 60_000));
                RawClient first = port.open();
                RawClient second = port.open()) {
            first.sendRaw(begun);
            await().until(() -> port.metrics.counter("bytes_received_count").value() > begun.length);
            second.sendRaw(begun);
            assertThat(second.isClosedByServer()).isTrue();
            assertThat(port.metrics.counter("large_requests_rejected").value()).isEqualTo(1);
            first.sendRaw(Arrays.copyOfRange(whole, begun.length, whole.length));
            assertThat(first.readHeader().getXid()).isEqualTo(1);
        }
    }

    @Test
    @Covers("1.6.8")
    void aConnectionWithoutAHandshakeIsClosedAtTheDeadline() throws IOException {
        Connections hasty = new Connections(0, 10, false, Duration.ofSeconds(2));
        try (PortFixture port = port(hasty, ANY_RATE, ClientLoad.DEFAULT.requests());
                RawClient mute = port.connect()) {
            await().until(() -> port.port.statistics().aliveConnections() == 1);
            port.clock.advance(Duration.ofMillis(2_001));
            assertThat(mute.isClosedByServer()).isTrue();
            assertThat(port.logged(mute)).singleElement().asString().contains("2000 ms");
        }
    }

    @Test
    @Covers("1.5.3")
    void whoComesWhenTheTokensAreGoneIsClosedAndMayComeAgain() throws IOException {
        ConnectRate slow = new ConnectRate(2, Duration.ofSeconds(1), 1, Weights.EQUAL, Dropping.NEVER);
        try (PortFixture port = port(ANY_NUMBER, slow, ClientLoad.DEFAULT.requests());
                RawClient first = port.open();
                RawClient second = port.open()) {
            refused(port);
            port.clock.advance(Duration.ofSeconds(1));
            try (RawClient again = port.open()) {
                assertThat(again.ask(exists(1)).getErr()).isEqualTo(-101);
                refused(port);
            }
            assertThat(first.ask(exists(1)).getErr()).isEqualTo(-101);
            assertThat(second.ask(exists(1)).getErr()).isEqualTo(-101);
            port.clock.advance(Duration.ofMinutes(1));
            try (RawClient one = port.open();
                    RawClient two = port.open()) {
                assertThat(one.ask(exists(1)).getErr()).isEqualTo(-101);
                assertThat(two.ask(exists(1)).getErr()).isEqualTo(-101);
                refused(port);
            }
            assertThat(port.node.connects).hasSize(5);
            assertThat(port.metrics.summary("connection_token_deficit").greatest())
                    .isEqualTo(2);
        }
    }

    @Test
    @Covers("1.5.3")
    void newSessionsTakeMoreThanThoseThatGoOn() throws IOException {
        ConnectRate weighed = new ConnectRate(4, Duration.ofHours(1), 1, new Weights(3, 1), Dropping.NEVER);
        try (PortFixture port = port(ANY_NUMBER, weighed, ClientLoad.DEFAULT.requests());
                RawClient first = port.open()) {
            refused(port);
            try (RawClient again = port.connect()) {
                again.sendFrame(RawClient.bytes(new ConnectRequest(0, 0, RawClient.TIMEOUT, 7, new byte[16], false)));
                await().until(() -> port.node.connects.size() == 2);
            }
            assertThat(first.ask(exists(1)).getErr()).isEqualTo(-101);
        }
    }

    @Test
    @Covers("1.5.3")
    void someAreTurnedAwayByLotWhenTokensHaveRunOut() throws IOException {
        Dropping halves = new Dropping(Duration.ofSeconds(1), 0.5, 0.5, 0.5);
        ConnectRate rate = new ConnectRate(2, Duration.ofSeconds(10), 2, Weights.EQUAL, halves);
        try (PortFixture port = port(ANY_NUMBER, rate, ClientLoad.DEFAULT.requests());
                RawClient first = port.open();
                RawClient second = port.open()) {
            port.clock.advance(Duration.ofSeconds(1));
            refused(port);
            assertThat(probability(port)).isEqualTo("0.5");
            // Less than the probability.
            port.lot.set(Long.MAX_VALUE);
            port.clock.advance(Duration.ofMillis(1));
            refused(port);
            // There are tokens again, more than half of all: the probability falls before the lot is drawn.
            port.clock.advance(Duration.ofSeconds(10));
            try (RawClient third = port.open()) {
                assertThat(probability(port)).isEqualTo("0.0");
                assertThat(third.ask(exists(1)).getErr()).isEqualTo(-101);
            }
            assertThat(first.ask(exists(1)).getErr()).isEqualTo(-101);
            assertThat(second.ask(exists(1)).getErr()).isEqualTo(-101);
        }
    }

    private static String probability(PortFixture port) throws IOException {
        try (RawClient asking = port.connect()) {
            asking.sendRaw("mntr".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(asking.socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines()
                    .filter(line -> line.startsWith("zk_connection_drop_probability"))
                    .map(line -> line.split("\t", -1)[1])
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void theLotDecidesWhereTheBucketIsNotEmpty() {
        TestClock clock = new TestClock();
        AtomicLong lot = new AtomicLong();
        Dropping always = new Dropping(Duration.ZERO, 0.5, 0.5, 1);
        TokenBucket bucket =
                new TokenBucket(new ConnectRate(1, Duration.ofMillis(1), 1, Weights.EQUAL, always), clock, lot::get);
        assertThat(bucket.take(1)).isTrue();
        assertThat(bucket.take(1)).isFalse();
        assertThat(bucket.dropProbability()).isEqualTo(0.5);
        clock.advance(Duration.ofMillis(1));
        // Half of all is not less than a half.
        lot.set(Long.MAX_VALUE);
        assertThat(bucket.take(1)).as("lot 0.499…").isFalse();
        lot.set(Long.MIN_VALUE);
        assertThat(bucket.take(1)).as("lot 0.5").isTrue();
        assertThat(bucket.deficit()).isEqualTo(1);
    }

    private static void refused(PortFixture port) throws IOException {
        refused(port, "too many others");
    }

    private static void refused(PortFixture port, String why) throws IOException {
        try (RawClient refused = port.connect()) {
            refused.sendFrame(RawClient.bytes(new ConnectRequest(0, 0, RawClient.TIMEOUT, 0, new byte[16], false)));
            assertThat(refused.isClosedByServer()).isTrue();
            assertThat(port.logged(refused)).singleElement().asString().contains(why);
        }
    }

    @Test
    @Covers("1.12.1")
    void aConnectionThatWaitsForAnswersIsNotReadWhileThereAreManyRequests() throws IOException {
        try (PortFixture port = port(new Requests(2, 0, Duration.ZERO, 0, 1));
                RawClient eager = port.open();
                RawClient modest = port.open();
                RawClient other = port.open()) {
            port.node.hold();
            eager.sendRaw(RawClient.frames(exists(1), exists(2), exists(3)));
            awaitRequests(port, 2);
            awaitNotRead(port, eager);
            modest.sendFrame(exists(1));
            other.sendFrame(exists(1));
            awaitRequests(port, 4);
            port.node.release();
            for (int xid = 1; xid <= 3; xid++) {
                assertThat(eager.readHeader().getXid()).isEqualTo(xid);
            }
            assertThat(modest.readHeader().getXid()).isEqualTo(1);
            assertThat(other.readHeader().getXid()).isEqualTo(1);
        }
    }

    @Test
    void requestsWaitForTheirTurnAndPingsDoNot() throws IOException {
        try (PortFixture port = port(new Requests(0, 1, Duration.ZERO, 0, 1));
                RawClient first = port.open();
                RawClient second = port.open()) {
            port.node.hold();
            first.sendFrame(exists(1));
            awaitRequests(port, 1);
            second.sendRaw(RawClient.frames(ping(), exists(1), exists(2)));
            awaitNotRead(port, second);
            awaitRequests(port, 2);
            assertThat(FakeNode.isPing(port.node.requests().get(1))).isTrue();
            port.node.release();
            assertThat(first.readHeader().getXid()).isEqualTo(1);
            assertThat(second.readHeader().getXid()).isEqualTo(-2);
            assertThat(second.readHeader().getErr()).isEqualTo(-101);
            assertThat(second.readHeader().getErr()).isEqualTo(-101);
            assertThat(port.metrics.counter("request_throttle_wait_count").value())
                    .isPositive();
        }
    }

    @Test
    void everyoneHasATurnInTheEnd() throws IOException {
        try (PortFixture port = new PortFixture(s -> PortFixture.withLoad(
                PortFixture.withEventLoops(s, 2),
                new ClientLoad(
                        ANY_NUMBER, ANY_RATE, new Requests(0, 1, Duration.ZERO, 0, 1), ClientLoad.DEFAULT.bounds())))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(port.open());
            }
            // Gone before its turn: it must not keep it.
            clients.get(7).sendFrame(exists(1));
            clients.get(7).close();
            for (int round = 0; round < 20; round++) {
                for (RawClient client : clients) {
                    if (client != clients.get(7)) {
                        client.sendRaw(RawClient.frames(exists(2 * round + 1), exists(2 * round + 2)));
                    }
                }
            }
            for (RawClient client : clients) {
                for (int xid = 1; client != clients.get(7) && xid <= 40; xid++) {
                    assertThat(client.readHeader().getXid()).isEqualTo(xid);
                }
                client.close();
            }
        }
    }

    @Test
    @Covers("1.12.2")
    void aRequestThatWaitedTooLongIsRefusedUnexecuted() throws IOException {
        try (PortFixture port = port(new Requests(0, 1, Duration.ofSeconds(1), 0, 1));
                RawClient first = port.open();
                RawClient late = port.open();
                RawClient leaving = port.open()) {
            port.node.hold();
            first.sendFrame(exists(1));
            awaitRequests(port, 1);
            late.sendFrame(setData(1, 0));
            leaving.sendFrame(RawClient.request(1, ZooDefs.OpCode.closeSession));
            awaitNotRead(port, late);
            awaitNotRead(port, leaving);
            port.clock.advance(Duration.ofMillis(1_001));
            port.node.release();
            assertThat(late.readHeader().getErr()).isEqualTo(-127);
            assertThat(leaving.readHeader().getErr()).isZero();
            assertThat(late.ask(exists(2)).getErr()).isEqualTo(-101);
            assertThat(port.metrics.counter("throttled_ops").value()).isEqualTo(1);
            assertThat(port.metrics
                            .distribution("request_throttle_queue_time_ms")
                            .greatest())
                    .isGreaterThan(1_000);
            List<ClientRequest> ofLate = port.node.requests().stream()
                    .filter(r -> r.session().equals(port.node.requests().get(1).session()))
                    .toList();
            assertThat(ofLate)
                    .allSatisfy(r -> assertThat(r)
                            .isInstanceOfSatisfying(
                                    ClientRequest.Read.class,
                                    read -> assertThat(read.afterWrites()).isZero()));
            assertThat(((ClientRequest.Read) ofLate.get(0)).operation()).isInstanceOf(ReadOperation.Refused.class);
        }
    }

    @Test
    @Covers("1.2.4")
    void largeRequestsShareTheirBytes() throws IOException {
        try (PortFixture port = port(new Requests(0, 0, Duration.ZERO, 50_000, 100_000));
                RawClient first = port.open()) {
            port.node.hold();
            first.sendFrame(setData(1, 60_000));
            awaitRequests(port, 1);
            try (RawClient second = port.connect()) {
                port.node.release();
                assertThat(first.readHeader().getXid()).isEqualTo(1);
                second.handshake();
                port.node.hold();
                first.sendFrame(setData(2, 60_000));
                awaitRequests(port, 2);
                second.sendFrame(setData(1, 40_000));
                awaitRequests(port, 3);
                second.sendFrame(setData(2, 60_000));
                assertThat(second.isClosedByServer()).isTrue();
                assertThat(port.logged(second)).singleElement().asString().contains("large requests hold all");
                assertThat(port.metrics.counter("large_requests_rejected").value())
                        .isEqualTo(1);
            }
            port.node.release();
            assertThat(first.readHeader().getXid()).isEqualTo(2);
            try (RawClient third = port.open()) {
                assertThat(third.ask(setData(1, 60_000)).getErr()).isEqualTo(-101);
            }
        }
    }
}
