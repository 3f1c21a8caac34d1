package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.SessionSink;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.WatcherEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConnectionTest {
    private PortFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new PortFixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static byte[] exists(int xid) throws IOException {
        return RawClient.request(xid, ZooDefs.OpCode.exists, new ExistsRequest("/a", false));
    }

    private static byte[] setData(int xid) throws IOException {
        return RawClient.request(xid, ZooDefs.OpCode.setData, new SetDataRequest("/a", new byte[0], -1));
    }

    @Test
    @Covers("1.3.1")
    void pipelinedRequestsReachTheNodeTogetherAndInOrder() throws IOException {
        try (RawClient client = fixture.open()) {
            client.sendRaw(RawClient.frames(exists(1), setData(2), exists(3)));
            for (int xid = 1; xid <= 3; xid++) {
                assertThat(client.readHeader().getXid()).isEqualTo(xid);
            }
        }
        List<ClientRequest> requests = fixture.node.requests();
        assertThat(requests).hasSize(3);
        assertThat(((ClientRequest.Read) requests.get(0)).afterWrites()).isZero();
        assertThat(((ClientRequest.Read) requests.get(2)).afterWrites()).isOne();
        assertThat(fixture.node.bursts).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {ZooDefs.OpCode.check, ZooDefs.OpCode.notification, 23, 99, 4711, -10, -1})
    @Covers("1.4.1")
    void anUnknownRequestIsAnsweredInOrderAndEndsTheConnection(int type) throws IOException {
        try (RawClient client = fixture.open()) {
            client.sendRaw(RawClient.frames(setData(1), RawClient.request(2, type), exists(3)));
            assertThat(client.readHeader().getXid()).isEqualTo(1);
            assertThat(client.readHeader()).isEqualTo(new ReplyHeader(2, -1, -6));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.logged(client)).singleElement().asString().contains("type " + type);
        }
        assertThat(fixture.node.requests()).hasSize(2);
    }

    @Test
    void aMalformedBodyIsAnsweredInOrderAndTheConnectionLives() throws IOException {
        try (RawClient client = fixture.open()) {
            client.sendRaw(RawClient.frames(
                    setData(1), RawClient.cut(setData(2), 15), exists(3), RawClient.cut(exists(4), 9)));
            assertThat(client.readHeader().getErr()).isEqualTo(-101);
            assertThat(client.readHeader().getErr()).isEqualTo(-5);
            assertThat(client.readHeader().getErr()).isEqualTo(-101);
            assertThat(client.readHeader().getErr()).isEqualTo(-5);
            assertThat(client.ask(exists(5)).getErr()).isEqualTo(-101);
        }
    }

    @Test
    void whatThisServerDoesNotDoForClientsIsRefusedAndTheConnectionLives() throws IOException {
        try (RawClient client = fixture.open()) {
            client.sendFrame(RawClient.request(1, ZooDefs.OpCode.deleteContainer));
            assertThat(client.readHeader().getErr()).isEqualTo(-6);
            assertThat(client.ask(exists(2)).getErr()).isEqualTo(-101);
        }
    }

    @Test
    @Covers("1.6.9")
    void nothingBehindCloseSessionIsAnswered() throws IOException {
        try (RawClient client = fixture.open()) {
            client.sendRaw(RawClient.frames(RawClient.request(1, ZooDefs.OpCode.closeSession), setData(2)));
            assertThat(client.readHeader().getErr()).isZero();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.logged(client)).isEmpty();
        }
        assertThat(fixture.node.requests())
                .singleElement()
                .isInstanceOfSatisfying(
                        ClientRequest.Write.class,
                        write -> assertThat(write.operation()).isEqualTo(new Operation.CloseSession(0, 0)));
    }

    @Test
    @Covers("1.3.2")
    void aWatchEventHasItsOwnXidAndPrecedesLaterReplies() throws IOException {
        try (RawClient client = fixture.connect()) {
            ConnectResponse session = client.handshake();
            fixture.node.toSink(session.getSessionId(), sink -> sink.event(FakeNode.changed("/a"), 0x17));
            assertThat(client.readFrame())
                    .isEqualTo(RawClient.bytes(new ReplyHeader(-1, 0x17, 0), new WatcherEvent(3, 3, "/a")));
        }
    }

    @Test
    @Covers("1.6.10")
    void aMovedSessionLosesItsConnectionWithoutAReply() throws IOException {
        fixture.node.answer(request -> Result.failed(ErrorCode.SESSION_MOVED));
        try (RawClient client = fixture.open()) {
            client.sendFrame(setData(1));
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void whatWasDeliveredBeforeTheEndIsStillWritten() throws IOException {
        try (RawClient client = fixture.connect()) {
            ConnectResponse session = client.handshake();
            fixture.node.toSink(session.getSessionId(), sink -> {
                sink.event(FakeNode.changed("/a"), 1);
                sink.end(SessionSink.End.EXPIRED);
            });
            assertThat(client.readHeader().getXid()).isEqualTo(-1);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aReplyThatDoesNotFitItsRequestEndsOnlyThisConnection() throws IOException {
        try (RawClient client = fixture.connect();
                RawClient other = fixture.open()) {
            ConnectResponse session = client.handshake();
            fixture.node.toSink(session.getSessionId(), sink -> sink.reply(9, 1, Result.Done.INSTANCE));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(other.ask(exists(1)).getErr()).isEqualTo(-101);
        }
    }

    @Test
    @Covers("1.6.8")
    void aSilentClientIsClosedOnlyAfterItsSessionTimeout() throws IOException {
        try (RawClient client = fixture.open()) {
            fixture.clock.advance(Duration.ofMillis(RawClient.TIMEOUT - 2_000));
            client.sendFrame(RawClient.request(-2, ZooDefs.OpCode.ping));
            assertThat(client.readHeader().getXid()).isEqualTo(-2);
            fixture.clock.advance(Duration.ofMillis(RawClient.TIMEOUT - 2_000));
            client.sendFrame(RawClient.request(-2, ZooDefs.OpCode.ping));
            assertThat(client.readHeader().getXid()).isEqualTo(-2);
            fixture.clock.advance(Duration.ofMillis(RawClient.TIMEOUT + 1));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.logged(client)).singleElement().asString().contains("silent");
        }
    }

    @Test
    @Covers("6.2.1")
    void addressesAreLimitedInTheNumberOfTheirConnections() throws IOException {
        try (PortFixture limited = new PortFixture(s -> PortFixture.withConnectionsPerAddress(s, 2));
                RawClient first = limited.open();
                RawClient second = limited.open()) {
            try (RawClient third = limited.connect()) {
                assertThat(third.isClosedByServer()).isTrue();
                assertThat(limited.logged(third)).singleElement().asString().contains("2 connections");
            }
            first.socket.close();
            await().until(() -> limited.port.statistics().aliveConnections() == 1);
            try (RawClient again = limited.open()) {
                assertThat(again.ask(exists(1)).getErr()).isEqualTo(-101);
            }
            assertThat(second.ask(exists(1)).getErr()).isEqualTo(-101);
        }
    }

    @Test
    void aPortInUseIsNamed() {
        ClientPortSettings taken =
                ClientPortSettings.of("127.0.0.1", fixture.address().getPort());
        assertThatThrownBy(
                        () -> ClientPort.start(taken, fixture.node, fixture.clock, fixture.lot::get, fixture.metrics))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + taken.port())
                .hasMessageContaining("in use");
    }

    @Test
    void aClientThatPipelinesWithoutEndIsReadOnlySoFar() throws IOException {
        var limits = new ClientPortSettings.Limits(0xfffff, 10, 4 << 20, 1 << 20);
        try (PortFixture small = new PortFixture(s -> PortFixture.settings(limits));
                RawClient eager = small.open();
                RawClient other = small.open()) {
            small.node.hold();
            for (int xid = 1; xid <= 100; xid++) {
                eager.sendFrame(exists(xid));
            }
            await().until(() -> small.node.requests().size() == 10);
            other.sendFrame(exists(1));
            await().until(() -> small.node.requests().size() == 11);
            small.node.release();
            for (int xid = 1; xid <= 100; xid++) {
                assertThat(eager.readHeader().getXid()).isEqualTo(xid);
            }
            assertThat(other.readHeader().getXid()).isEqualTo(1);
        }
    }

    @Test
    void largeRequestsCountByTheirBytes() throws IOException {
        var limits = new ClientPortSettings.Limits(0xfffff, 1_000, 100_000, 1 << 20);
        try (PortFixture small = new PortFixture(s -> PortFixture.settings(limits));
                RawClient client = small.open()) {
            small.node.hold();
            byte[] large = RawClient.request(1, ZooDefs.OpCode.setData, new SetDataRequest("/a", new byte[60_000], -1));
            client.sendRaw(RawClient.frames(large, large, large));
            await().until(() -> small.node.requests().size() == 2);
            small.node.release();
            await().until(() -> small.node.requests().size() == 3);
        }
    }

    @Test
    void aClientThatNeverReadsIsClosedBeforeItsRepliesFillTheMemory() throws IOException {
        byte[] data = new byte[500_000];
        var limits = new ClientPortSettings.Limits(0xfffff, 1_000, 4 << 20, 10 << 20);
        try (PortFixture small = new PortFixture(s -> PortFixture.settings(limits));
                RawClient deaf = small.open();
                RawClient other = small.open()) {
            small.node.answer(request ->
                    FakeNode.isPing(request) ? null : new Result.Data(data, new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
            byte[] read = RawClient.request(1, ZooDefs.OpCode.getData, new GetDataRequest("/a", false));
            deaf.sendRaw(RawClient.frames(Collections.nCopies(100, read).toArray(byte[][]::new)));
            await().until(() -> !small.logged(deaf).isEmpty());
            assertThat(small.logged(deaf)).singleElement().asString().contains("unread");
            other.sendFrame(RawClient.request(-2, ZooDefs.OpCode.ping));
            assertThat(other.readHeader().getXid()).isEqualTo(-2);
        }
    }

    @Test
    void aSlowClientGetsAllItPipelined() throws IOException {
        byte[] data = new byte[500_000];
        fixture.node.answer(request -> new Result.Data(data, new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
        try (RawClient slow = fixture.open()) {
            for (int xid = 1; xid <= 100; xid++) {
                slow.sendFrame(RawClient.request(xid, ZooDefs.OpCode.getData, new GetDataRequest("/a", false)));
            }
            for (int xid = 1; xid <= 100; xid++) {
                assertThat(slow.readHeader().getXid()).isEqualTo(xid);
            }
        }
    }

    @Test
    void aClientThatGivesUpWhileItsSessionOpensIsNoticed() throws IOException {
        fixture.node.hold();
        try (RawClient client = fixture.connect()) {
            client.sendFrame(RawClient.bytes(new ConnectRequest(0, 0, 10_000, 0, new byte[16], false)));
            await().until(() -> fixture.node.connects.size() == 1);
            client.socket.close();
            await().until(() -> fixture.node.gone.size() == 1);
        }
    }

    @Test
    void aClientThatVanishesWhileItsSessionOpensIsNotKeptForGood() throws IOException {
        fixture.node.hold();
        try (RawClient client = fixture.connect()) {
            client.sendFrame(RawClient.bytes(new ConnectRequest(0, 0, 10_000, 0, new byte[16], false)));
            await().until(() -> fixture.node.connects.size() == 1);
            fixture.clock.advance(Duration.ofMillis(10_001));
            assertThat(client.isClosedByServer()).isTrue();
            await().until(() -> fixture.node.gone.size() == 1);
        }
    }

    @Test
    void aClientThatVanishesWhileItsSessionClosesIsNotKeptForGood() throws IOException {
        try (RawClient client = fixture.open()) {
            fixture.node.hold();
            client.sendFrame(RawClient.request(1, ZooDefs.OpCode.closeSession));
            await().until(() -> fixture.node.requests().size() == 1);
            fixture.clock.advance(Duration.ofMillis(RawClient.TIMEOUT + 1));
            assertThat(client.isClosedByServer()).isTrue();
            await().until(() -> fixture.node.gone.size() == 1);
        }
    }

    @Test
    void aClientThatLeavesWithoutWaitingIsNoticed() throws IOException {
        try (RawClient client = fixture.open()) {
            fixture.node.hold();
            client.sendRaw(RawClient.frames(RawClient.request(1, ZooDefs.OpCode.closeSession), setData(2)));
            await().until(() -> fixture.node.requests().size() == 1);
            client.socket.close();
            await().until(() -> fixture.node.gone.size() == 1);
        }
    }

    @Test
    void aClientMaySendOnlySoMuchBeforeItsSessionIsOpen() throws IOException {
        fixture.node.hold();
        try (RawClient client = fixture.connect()) {
            client.sendFrame(RawClient.bytes(new ConnectRequest(0, 0, 10_000, 0, new byte[16], false)));
            byte[] large =
                    RawClient.request(1, ZooDefs.OpCode.setData, new SetDataRequest("/a", new byte[200_000], -1));
            client.sendFrame(large);
            await().until(() ->
                    !fixture.port.connections().get(10, TimeUnit.SECONDS).get(0).reading());
            fixture.node.release();
            assertThat(client.read(new ConnectResponse()).getTimeOut()).isEqualTo(10_000);
            assertThat(client.readHeader().getErr()).isEqualTo(-101);
        }
    }

    @Test
    void stoppingThePortClosesEveryConnection() throws IOException {
        try (RawClient client = fixture.open()) {
            fixture.port.stop();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.node.gone).hasSize(1);
        }
    }

    @Test
    void aClientThatWaitsForASlowNodeIsNotCalledSilent() throws IOException {
        var limits = new ClientPortSettings.Limits(0xfffff, 10, 4 << 20, 1 << 20);
        try (PortFixture small = new PortFixture(s -> PortFixture.settings(limits));
                RawClient eager = small.open();
                RawClient silent = small.open()) {
            small.node.hold();
            for (int xid = 1; xid <= 20; xid++) {
                eager.sendFrame(exists(xid));
            }
            await().until(() -> small.node.requests().size() == 10);
            small.clock.advance(Duration.ofMillis(RawClient.TIMEOUT + 1));
            assertThat(silent.isClosedByServer()).isTrue();
            small.node.release();
            for (int xid = 1; xid <= 20; xid++) {
                assertThat(eager.readHeader().getXid()).isEqualTo(xid);
            }
        }
    }

    @Test
    void aClientThatDoesNotTakeItsLastBytesIsNotWaitedForForLong() throws IOException {
        byte[] data = new byte[500_000];
        fixture.node.answer(request -> new Result.Data(data, new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
        try (RawClient deaf = fixture.connect()) {
            ConnectResponse session = deaf.handshake();
            for (int xid = 1; xid <= 40; xid++) {
                deaf.sendFrame(RawClient.request(xid, ZooDefs.OpCode.getData, new GetDataRequest("/a", false)));
            }
            await().until(() -> fixture.node.requests().size() == 40
                    || !fixture.port
                            .connections()
                            .get(10, TimeUnit.SECONDS)
                            .get(0)
                            .reading());
            fixture.node.toSink(session.getSessionId(), sink -> sink.end(SessionSink.End.EXPIRED));
            await().until(() -> fixture.logged(deaf).size() == 1);
            fixture.clock.advance(Duration.ofMillis(5_001));
            await().until(() -> fixture.port.statistics().aliveConnections() == 0);
            assertThat(fixture.logged(deaf)).last().asString().contains("last bytes");
        }
    }

    @Test
    void connectionsOfEveryEventLoopAreReported() throws Exception {
        try (PortFixture wide = new PortFixture(s -> PortFixture.withEventLoops(s, 2));
                RawClient first = wide.open();
                RawClient second = wide.open();
                RawClient third = wide.open()) {
            assertThat(wide.port.connections().get(10, TimeUnit.SECONDS))
                    .extracting(report -> report.peer().getPort())
                    .containsExactlyInAnyOrder(
                            first.socket.getLocalPort(), second.socket.getLocalPort(), third.socket.getLocalPort());
        }
    }
}
