package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import java.io.IOException;
import java.time.Duration;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.junit.jupiter.api.Test;

/** Clients that vanish, and what becomes of their connections. */
class SilentClientTest extends PortTest {
    private static final int EPHEMERAL = 1;

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
    void aClientThatGivesUpWhileItsSessionIsMadeKnownToAllIsNoticed() throws IOException {
        try (PortFixture upgrading = new PortFixture(PortFixture::withUpgrades)) {
            upgrading.node.replicateNoSessions();
            try (RawClient client = upgrading.open()) {
                upgrading.node.hold();
                client.send(
                        1,
                        ZooDefs.OpCode.create,
                        new CreateRequest("/e", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, EPHEMERAL));
                await().until(() -> upgrading.node.upgrades.size() == 1);
                client.socket.close();
                await().until(() -> upgrading.node.gone.size() == 1);
            }
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
}
