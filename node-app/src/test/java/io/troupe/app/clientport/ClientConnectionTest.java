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
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.WatcherEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one connection carries to and fro. */
class ClientConnectionTest extends PortTest {
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
    void aPingIsAnsweredWithTheXidOfPingsWhateverItCameWith() throws IOException {
        try (RawClient client = fixture.open()) {
            assertThat(client.ask(RawClient.request(5, ZooDefs.OpCode.ping)).getXid())
                    .isEqualTo(-2);
            assertThat(client.ask(exists(6)).getXid()).isEqualTo(6);
        }
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
    void norIsWhatFollowsCountedAsUnreadForGood() throws IOException {
        try (RawClient client = fixture.connect()) {
            ConnectResponse session = client.handshake();
            fixture.node.toSink(session.getSessionId(), sink -> {
                sink.event(FakeNode.changed("/a"), 1);
                sink.reply(9, 1, Result.Done.INSTANCE);
                sink.event(FakeNode.changed("/b"), 2);
            });
            assertThat(client.isClosedByServer()).isTrue();
            await().untilAsserted(() -> assertThat(fixture.port.unsentBytes()).isZero());
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
    void stoppingThePortClosesEveryConnection() throws IOException {
        try (RawClient client = fixture.open()) {
            fixture.port.stop();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.node.gone).hasSize(1);
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
