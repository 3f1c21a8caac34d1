package io.troupe.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import com.typesafe.config.ConfigFactory;
import io.troupe.broadcast.BroadcastProtocol.Frame;
import io.troupe.ensemble.Member;
import io.troupe.link.ConnectionId;
import java.io.NotSerializableException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrameSerializerTest {
    private static final byte[] BYTES = {1, 2, 3, -1};
    private static final ConnectionId CONNECTION = new ConnectionId(2, 0x0102030405060708L, 9);
    private static final String HEADER =
            "03000000" + "1500000000000080" + "02000000" + "0807060504030201" + "09000000" + "0a00000000000000";

    private static ActorSystem<Void> system;
    private static Serialization serialization;

    @BeforeAll
    static void start() {
        system = ActorSystem.create(
                Behaviors.empty(),
                "frames",
                ConfigFactory.parseString("""
                akka.actor.provider = local
                akka.loggers = []
                """)
                        .withFallback(ConfigFactory.parseResources("troupe-akka.conf"))
                        .withFallback(ConfigFactory.defaultReferenceUnresolved())
                        .resolve());
        serialization = SerializationExtension.get(system);
    }

    @AfterAll
    static void stop() {
        system.terminate();
    }

    private static List<PeerMessage> messages() {
        Member member = new Member(3, true, "10.0.0.3", 25520, 25520, "10.0.0.3", 2181, 1);
        return List.of(
                new PeerMessage.LearnerInfo(member, "ensemble", 4, 5, true),
                new PeerMessage.NewEpoch(4),
                new PeerMessage.AckEpoch(4, 3, 0x300000007L, true),
                new PeerMessage.CutBack(0x300000005L),
                new PeerMessage.TakeSnapshot(0x300000006L),
                new PeerMessage.NewLeader(4, 0x300000007L),
                new PeerMessage.AckNewLeader(4, 0x300000007L),
                new PeerMessage.UpToDate(4, 0x300000007L),
                new PeerMessage.Propose(BYTES, 0x300000008L),
                new PeerMessage.Ack(0x400000001L),
                new PeerMessage.Commit(0x400000002L),
                new PeerMessage.Forward(BYTES),
                new PeerMessage.AskCommitPoint(11),
                new PeerMessage.CommitPoint(11, 0x400000003L),
                new PeerMessage.ConfirmLeader(12),
                new PeerMessage.LeaderConfirmed(12),
                new PeerMessage.StepDown(true),
                new PeerMessage.TreeDiffers(0x400000004L, -1),
                new PeerMessage.TakeTreeAnew());
    }

    private static Frame frame(PeerMessage message) {
        return new Frame(3, 0x8000000000000015L, CONNECTION, 10, message);
    }

    private static FrameSerializer serializer() {
        return (FrameSerializer) serialization.findSerializerFor(frame(new PeerMessage.Ack(1)));
    }

    @Test
    void everyKindIsTried() {
        assertThat(messages().stream().map(each -> each.getClass().getName()))
                .containsExactlyInAnyOrderElementsOf(Stream.of(PeerMessage.class.getPermittedSubclasses())
                        .map(Class::getName)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void comesBackFromBytes(PeerMessage message) throws NotSerializableException {
        Frame frame = frame(message);

        byte[] bytes = serializer().toBinary(frame);

        assertThat(serializer().fromBinary(bytes, serializer().manifest(frame)))
                .usingRecursiveComparison()
                .isEqualTo(frame);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void comesBackFromArterysBuffer(PeerMessage message) throws NotSerializableException {
        Frame frame = frame(message);
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(1024).order(ByteOrder.LITTLE_ENDIAN).position(100);

        FrameSerializer serializer = serializer();
        serializer.toBinary(frame, buffer);
        buffer.flip().position(100);

        assertThat(serializer.fromBinary(buffer, serializer().manifest(frame)))
                .usingRecursiveComparison()
                .isEqualTo(frame);
        assertThat(buffer.hasRemaining()).isFalse();
    }

    /** Between releases these must not change without another manifest (decision 053). */
    @ParameterizedTest
    @CsvSource({
        "p, 0800000003000000010203ff",
        "f, 010203ff",
        "a, 0100000004000000",
        "c, 0200000004000000",
    })
    void whatEveryWriteNeedsIsAsItWas(String manifest, String message) {
        Frame frame = messages().stream()
                .map(FrameSerializerTest::frame)
                .filter(each -> serializer().manifest(each).equals(manifest))
                .findFirst()
                .orElseThrow();

        assertThat(HexFormat.of().formatHex(serializer().toBinary(frame))).isEqualTo(HEADER + message);
    }

    @ParameterizedTest
    @CsvSource({"p", "f", "a", "c"})
    void refusesWhatIsCutOff(String manifest) {
        byte[] header = HexFormat.of().parseHex(HEADER);

        assertThatThrownBy(() -> serializer().fromBinary(Arrays.copyOf(header, header.length - 1), manifest))
                .isInstanceOf(BufferUnderflowException.class);
    }
}
