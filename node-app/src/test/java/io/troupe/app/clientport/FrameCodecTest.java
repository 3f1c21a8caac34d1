package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.SetDataRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest extends PortTest {
    private static final int LONGEST = 0xfffff;

    private static void assertServes(RawClient client) throws IOException {
        client.send(-2, ZooDefs.OpCode.ping);
        assertThat(client.readHeader().getXid()).isEqualTo(-2);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, LONGEST + 1, Integer.MAX_VALUE})
    @Covers("1.2.1")
    void anImpossibleLengthCostsOneLineAndTheConnectionAndHarmsNobodyElse(int length) throws IOException {
        try (RawClient broken = fixture.open();
                RawClient other = fixture.open()) {
            broken.sendRaw(ByteBuffer.allocate(100).putInt(length).array());
            assertThat(broken.isClosedByServer()).isTrue();
            assertServes(other);
            assertThat(fixture.logged(broken))
                    .singleElement()
                    .asString()
                    .contains("/127.0.0.1:")
                    .contains("frame of " + length + " bytes");
            assertThat(fixture.logged(other)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, LONGEST + 1})
    void anImpossibleFirstLengthCostsOneLineToo(int length) throws IOException {
        try (RawClient broken = fixture.connect()) {
            broken.sendRaw(ByteBuffer.allocate(4).putInt(length).array());
            assertThat(broken.isClosedByServer()).isTrue();
            assertThat(fixture.logged(broken)).hasSize(1);
        }
    }

    @Test
    @Covers("1.2.2")
    void aFrameOfTheGreatestLengthIsServed() throws IOException {
        byte[] frame = RawClient.request(
                1, ZooDefs.OpCode.setData, new SetDataRequest("/a", new byte[LONGEST - 8 - 6 - 4 - 4], -1));
        assertThat(frame).hasSize(LONGEST);
        try (RawClient client = fixture.open()) {
            client.sendFrame(frame);
            assertThat(client.readHeader().getErr()).isEqualTo(-101);
        }
    }

    @Test
    void aFrameMayArriveByteByByte() throws IOException {
        try (RawClient client = fixture.open()) {
            for (byte b : RawClient.frames(RawClient.request(-2, ZooDefs.OpCode.ping))) {
                client.sendRaw(new byte[] {b});
            }
            assertThat(client.readHeader().getXid()).isEqualTo(-2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void aFrameWithoutRoomForAHeaderEndsTheConnectionWithOneLine(int length) throws IOException {
        try (RawClient client = fixture.open()) {
            client.sendFrame(new byte[length]);
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.logged(client)).singleElement().asString().contains("too short");
        }
    }
}
