package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.edge.SessionSink;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.junit.jupiter.api.Test;

/** Clients that send or read at a pace of their own. Contract section 1.12. */
class BackPressureTest extends PortTest {
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
}
