package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.conformance.frames.FrameSession;
import io.troupe.conformance.frames.FrameSession.Received;
import io.troupe.conformance.frames.Reply;
import io.troupe.conformance.frames.Request;
import io.troupe.contract.Covers;
import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SetDataResponse;
import org.apache.zookeeper.proto.SetWatches;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 1 of the contract, frame by frame. */
@ExtendWith(EnsembleExtension.class)
class FrameSessionsTest {
    private static final Request PING = RandomOperation.named("ping", OpCode.ping);

    private FrameSession session;
    private String base;

    @BeforeEach
    void open(EnsembleProcesses ensemble, TestInfo test) throws IOException {
        session = FrameSession.open(port(ensemble));
        base = "/" + test.getTestMethod().orElseThrow().getName() + Long.toHexString(session.id());
        assertThat(session.ask(create(base)).error()).isZero();
    }

    @AfterEach
    void close() throws IOException {
        session.close();
    }

    private static int port(EnsembleProcesses ensemble) {
        return ensemble.server(2).address().clientPort();
    }

    private static Request create(String path) {
        return RandomOperation.named("create", OpCode.create, new CreateRequest(path, null, OfficialClient.OPEN, 0));
    }

    private static Request setData(String path) {
        return RandomOperation.named("setData", OpCode.setData, new SetDataRequest(path, new byte[3], -1));
    }

    private static Request getData(String path, boolean watch) {
        return RandomOperation.named("getData", OpCode.getData, new GetDataRequest(path, watch));
    }

    @Test
    @Covers({"1.7.1", "1.7.2", "2.1.1"})
    void everyReplyTellsAZxidAndAFailedWriteSpendsOne() throws IOException {
        Request withStat = RandomOperation.named(
                "create2", OpCode.create2, new CreateRequest(base + "/a", null, OfficialClient.OPEN, 0));
        Reply created = session.ask(withStat);
        Stat stat = created.body(new Create2Response()).getStat();
        Reply refused = session.ask(withStat);
        Reply read = session.ask(getData(base + "/a", false));
        Reply missing = session.ask(getData(base + "/b", false));
        Reply ping = session.ask(PING);

        assertThat(created.zxid()).isGreaterThanOrEqualTo(stat.getCzxid());
        assertThat(refused.error()).isEqualTo(-110);
        assertThat(refused.zxid()).isGreaterThan(created.zxid());
        assertThat(List.of(refused.zxid(), read.zxid(), missing.zxid(), ping.zxid()))
                .isSorted();
    }

    @Test
    @Covers({"1.3.2", "1.7.3"})
    void anEventTellsTheZxidOfItsCause() throws IOException {
        assertThat(session.ask(getData(base, true)).error()).isZero();
        session.send(List.of(setData(base)));
        Received event = session.next();
        Received reply = session.next();

        assertThat(event.reply().isEvent()).isTrue();
        assertThat(event.reply().zxid())
                .isEqualTo(reply.reply().body(new SetDataResponse()).getStat().getMzxid());
    }

    @Test
    @Covers({"1.3.2", "1.7.3", "3.5.1"})
    void whatWasMissedIsToldBeforeTheReplyWithoutAZxid() throws IOException {
        SetWatches missed = new SetWatches(1, List.of(base, base + "/gone"), List.of(base), List.of());
        session.send(List.of(RandomOperation.named("setWatches", OpCode.setWatches, missed)));
        List<String> told = new ArrayList<>();
        while (session.due() > 0) {
            Received next = session.next();
            told.add(next.reply().xid() + " " + next.reply().error());
            assertThat(next.request() != null || next.reply().zxid() == -1).isTrue();
        }
        assertThat(told).containsExactly("-1 0", "-1 0", "-1 0", "-8 0");
    }

    @Test
    @Covers({"1.3.2", "1.7.4", "4.4.2"})
    void aFailedProofIsToldAndEndsTheConnection() throws IOException {
        Reply good = session.ask(auth("digest", "me:secret"));
        assertThat(List.of(good.xid(), good.error(), (int) good.zxid())).containsExactly(-4, 0, 0);
        Reply bad = session.ask(auth("nosuch", "x"));
        assertThat(List.of(bad.xid(), bad.error(), (int) bad.zxid())).containsExactly(-4, -115, 0);
        assertThat(session.isClosedByServer()).isTrue();
    }

    private static Request auth(String scheme, String proof) {
        return RandomOperation.named("auth", OpCode.auth, new AuthPacket(0, scheme, proof.getBytes(UTF_8)));
    }

    @Test
    @Covers({"1.3.1", "1.8.1"})
    void repliesComeInTheOrderOfTheRequestsWithTheirNumbers(EnsembleProcesses ensemble) throws IOException {
        try (FrameSession fresh = FrameSession.open(port(ensemble))) {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                requests.add(i % 3 == 1 ? setData(base) : getData(base, false));
            }
            fresh.send(requests);
            for (int xid = 1; xid <= requests.size(); xid++) {
                Received received = fresh.next();
                assertThat(received.reply().xid()).isEqualTo(xid);
                assertThat(received.reply().error()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 13, 99, 1000})
    @Covers({"1.4.1", "1.4.2", "1.6.2"})
    void anUnknownTypeEndsTheConnectionAndNotTheSession(int type, EnsembleProcesses ensemble) throws IOException {
        Reply reply = session.ask(new Request("unknown", type, Request.bytes(new CheckVersionRequest(base, -1))));
        assertThat(reply.error()).isEqualTo(-6);
        assertThat(reply.zxid()).isEqualTo(-1);
        assertThat(session.isClosedByServer()).isTrue();
        assertCanBeTakenUp(ensemble);
    }

    private void assertCanBeTakenUp(EnsembleProcesses ensemble) throws IOException {
        try (FrameSession again = FrameSession.connected(port(ensemble))) {
            assertThat(again.handshake(0, FrameSession.TIMEOUT_MILLIS, session.id(), session.password()))
                    .isTrue();
            assertThat(again.id()).isEqualTo(session.id());
            assertThat(again.ask(PING).error()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 0x100000, Integer.MAX_VALUE})
    @Covers("1.2.1")
    void aFrameOfAnImpossibleLengthEndsTheConnectionAndNotTheSession(int length, EnsembleProcesses ensemble)
            throws IOException {
        session.connection().writeRaw(ByteBuffer.allocate(4).putInt(length).array());
        assertThat(session.isClosedByServer()).isTrue();
        assertCanBeTakenUp(ensemble);
    }

    @Test
    @Covers({"1.2.3", "2.1.2"})
    void aReadThatCannotBeReadIsAnErrorWithoutABodyAndTheConnectionLives() throws IOException {
        Request whole = getData(base, false);
        for (int length = 0; length < whole.body().length; length++) {
            Reply reply = session.ask(whole.cut(length));
            assertThat(reply.error()).isEqualTo(-5);
        }
        assertThat(session.ask(whole).error()).isZero();
    }

    @Test
    @Covers("1.1.2")
    void bytesBehindARequestAreIgnored() throws IOException {
        Request whole = getData(base, false);
        byte[] longer = java.util.Arrays.copyOf(whole.body(), whole.body().length + 9);
        assertThat(session.ask(whole.with("and more", longer)).error()).isZero();
    }

    @Test
    @Covers("1.5.2")
    void aClientThatHasSeenALaterStateIsSentAway(EnsembleProcesses ensemble) throws IOException {
        try (FrameSession late = FrameSession.connected(port(ensemble))) {
            assertThat(late.handshake(Long.MAX_VALUE, FrameSession.TIMEOUT_MILLIS, 0, new byte[16]))
                    .isFalse();
        }
    }
}
