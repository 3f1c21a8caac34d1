package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import io.troupe.edge.SessionPassword;
import io.troupe.edge.SessionSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.ExistsRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HandshakeTest extends PortTest {
    private static final int WITHOUT_READ_ONLY = 44;

    private static byte[] greeting(int timeoutMillis, long sessionId) throws IOException {
        return RawClient.bytes(new ConnectRequest(0, 0, timeoutMillis, sessionId, new byte[16], false));
    }

    @Test
    @Covers("1.5.1")
    void aClientThatSendsTheReadOnlyByteGetsItBack() throws IOException {
        try (RawClient client = fixture.connect()) {
            client.sendFrame(greeting(10_000, 0));
            byte[] answer = client.readFrame();
            ConnectResponse response = new ConnectResponse();
            RawClient.archive(answer).readRecord(response, "");
            assertThat(answer).hasSize(37);
            assertThat(response.getReadOnly()).isFalse();
            assertThat(response.getSessionId()).isNotZero();
            assertThat(response.getPasswd()).isEqualTo(SessionPassword.of(response.getSessionId()));
        }
    }

    @Test
    @Covers("1.5.1")
    void aClientThatDoesNotKnowTheReadOnlyByteIsNotSentIt() throws IOException {
        try (RawClient client = fixture.connect()) {
            client.sendFrame(RawClient.cut(greeting(10_000, 0), WITHOUT_READ_ONLY));
            assertThat(client.readFrame()).hasSize(36);
        }
    }

    @ParameterizedTest
    @CsvSource({"10000, 10000", "1, 4000", "-7, 4000", "900000, 40000"})
    @Covers("1.5.4")
    void theTimeoutIsClamped(int asked, int granted) throws IOException {
        try (RawClient client = fixture.connect()) {
            client.sendFrame(greeting(asked, 0));
            assertThat(client.read(new ConnectResponse()).getTimeOut()).isEqualTo(granted);
        }
        assertThat(fixture.node.connects.get(0).timeoutMillis()).isEqualTo(granted);
    }

    @ParameterizedTest
    @EnumSource(
            value = SessionSink.End.class,
            names = {"NOT_SERVING", "CLIENT_AHEAD"})
    void aClientThatShouldTryAnotherServerIsClosedWithoutAnAnswer(SessionSink.End reason) throws IOException {
        fixture.node.refuse(reason);
        try (RawClient client = fixture.connect()) {
            client.sendFrame(greeting(10_000, 0));
            assertThat(client.isClosedByServer()).isTrue();
            await().untilAsserted(() -> assertThat(fixture.logged(client)).hasSize(1));
        }
    }

    @Test
    @Covers("1.6.3")
    void anExpiredSessionIsAnsweredWithZerosAndClosed() throws IOException {
        fixture.node.refuse(SessionSink.End.EXPIRED);
        try (RawClient client = fixture.connect()) {
            client.sendFrame(greeting(10_000, 77));
            assertThat(client.readFrame())
                    .isEqualTo(RawClient.bytes(new ConnectResponse(0, 0, 0, new byte[16], false)));
            assertThat(client.isClosedByServer()).isTrue();
        }
        assertThat(fixture.node.connects.get(0).sessionId()).isEqualTo(77);
    }

    @Test
    @Covers("1.5.5")
    void requestsSentWithTheHandshakeAreAnsweredAfterIt() throws IOException {
        fixture.node.hold();
        try (RawClient client = fixture.connect()) {
            client.sendRaw(RawClient.frames(
                    greeting(10_000, 0),
                    RawClient.request(1, ZooDefs.OpCode.exists, new ExistsRequest("/a", false)),
                    RawClient.request(-2, ZooDefs.OpCode.ping)));
            await().until(() -> fixture.node.connects.size() == 1);
            assertThat(fixture.node.bursts).isEmpty();
            fixture.node.release();
            assertThat(client.read(new ConnectResponse()).getTimeOut()).isEqualTo(10_000);
            assertThat(client.readHeader().getXid()).isEqualTo(1);
            assertThat(client.readHeader().getXid()).isEqualTo(-2);
        }
    }

    @Test
    @Covers("1.6.8")
    void aConnectionThatSaysNothingIsClosedAfterTenSeconds() throws IOException {
        try (RawClient silent = fixture.connect()) {
            await().until(() -> fixture.port.statistics().aliveConnections() == 1);
            fixture.clock.advance(Duration.ofMillis(10_001));
            assertThat(silent.isClosedByServer()).isTrue();
            assertThat(fixture.logged(silent)).singleElement().asString().contains("no handshake");
        }
        assertThat(fixture.node.gone).isEmpty();
    }

    @Test
    void aFrameTooShortForAHandshakeEndsTheConnectionWithOneLine() throws IOException {
        try (RawClient client = fixture.connect()) {
            client.sendFrame(new byte[27]);
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.logged(client)).singleElement().asString().contains("27 bytes");
        }
    }

    @Test
    void aPasswordLongerThanItsFrameEndsTheConnection() throws IOException {
        byte[] greeting = greeting(10_000, 0);
        ByteBuffer.wrap(greeting).putInt(24, Integer.MAX_VALUE);
        try (RawClient client = fixture.connect()) {
            client.sendFrame(greeting);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void theNodeIsToldWhenTheClientHangsUp() throws IOException {
        try (RawClient client = fixture.open()) {
            assertThat(fixture.node.gone).isEmpty();
            client.socket.close();
            await().until(() -> fixture.node.gone.size() == 1);
        }
    }
}
