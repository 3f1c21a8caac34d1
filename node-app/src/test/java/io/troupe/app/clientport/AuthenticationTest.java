package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.app.clientport.auth.AuthConfiguration;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.contract.Covers;
import io.troupe.edge.ClientRequest;
import io.troupe.request.Identity;
import io.troupe.request.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.GetSASLRequest;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.SetSASLResponse;
import org.apache.zookeeper.proto.WhoAmIResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest extends PortTest {
    private static final Identity ADDRESS = new Identity("ip", "127.0.0.1");
    private static final Identity BOB = new Identity("digest", "bob:fyVmFCwVbTJYrznoSu1koqYEYF0=");

    private static final Identity AMY = new Identity("digest", "amy:Iq0onHjzb4KyxPAp8YWOIC8zzwY=");

    private static final Authenticators DEMANDING =
            Authenticators.of(AuthConfiguration.of("troupe.required-auth-schemes = digest"), List.of());

    private static byte[] auth(String scheme, String data) throws IOException {
        return RawClient.request(
                -4, ZooDefs.OpCode.auth, new AuthPacket(0, scheme, data.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] ping() throws IOException {
        return RawClient.request(-2, ZooDefs.OpCode.ping);
    }

    private ClientRequest.Read request(int index) {
        return (ClientRequest.Read) fixture.node.requests().get(index);
    }

    @Test
    @Covers("4.4.1")
    void everyClientIsKnownByItsAddress() throws IOException {
        try (RawClient client = fixture.open()) {
            client.ask(ping());
        }
        assertThat(request(0).identities()).containsExactly(ADDRESS);
        assertThat(fixture.node.connects.get(0).identities()).containsExactly(ADDRESS);
    }

    @Test
    @Covers("1.8.3")
    void anIdentityAppliesToRequestsReceivedAfterItOnly() throws IOException {
        try (RawClient client = fixture.open()) {
            fixture.node.hold();
            client.sendRaw(RawClient.frames(ping(), auth("digest", "bob:secret"), ping()));
            // The node is held, so that the answer to the auth packet overtakes the first ping's.
            assertThat(client.readHeader()).isEqualTo(new ReplyHeader(-4, 0, 0));
            fixture.node.release();
            assertThat(client.readHeader().getXid()).isEqualTo(-2);
            assertThat(client.readHeader().getXid()).isEqualTo(-2);
        }
        assertThat(fixture.node.identified).containsExactly(List.of(ADDRESS, BOB));
        assertThat(request(0).identities()).containsExactly(ADDRESS);
        assertThat(request(1).identities()).containsExactly(ADDRESS, BOB);
    }

    @Test
    @Covers("4.4.5")
    void whereAProofIsDemandedNothingIsServedWithoutOne() throws IOException {
        try (PortFixture strict = new PortFixture(s -> PortFixture.withAuthenticators(s, DEMANDING));
                RawClient client = strict.open()) {
            assertThat(client.ask(ping())).isEqualTo(new ReplyHeader(-2, 0, -124));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(strict.node.requests()).isEmpty();
        }
    }

    @Test
    void whereAProofIsDemandedWhoeverHasGivenOneIsServed() throws IOException {
        try (PortFixture strict = new PortFixture(s -> PortFixture.withAuthenticators(s, DEMANDING));
                RawClient client = strict.open()) {
            assertThat(client.ask(auth("digest", "bob:secret"))).isEqualTo(new ReplyHeader(-4, 0, 0));
            assertThat(client.ask(ping()).getErr()).isZero();
        }
    }

    @Test
    void identitiesAddUpWithoutRepetition() throws IOException {
        try (RawClient client = fixture.open()) {
            for (String who : new String[] {"bob:secret", "amy:secret", "bob:secret"}) {
                assertThat(client.ask(auth("digest", who)).getErr()).isZero();
            }
            assertThat(client.ask(auth("ip", "")).getErr()).isZero();
            client.ask(ping());
        }
        assertThat(request(0).identities()).containsExactly(ADDRESS, BOB, AMY);
    }

    @Test
    void identitiesThatNoMessageBetweenNodesCouldHoldAreRefused() throws IOException {
        try (RawClient client = fixture.open()) {
            assertThat(client.ask(auth("digest", "a".repeat(40_000) + ":secret"))
                            .getErr())
                    .isZero();
            assertThat(client.ask(auth("digest", "b".repeat(40_000) + ":secret"))
                            .getErr())
                    .isEqualTo(-115);
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.logged(client)).singleElement().asString().contains("65536 characters");
        }
    }

    @Test
    @Covers("4.4.3")
    void theConfiguredDigestIsTheSuperUser() throws IOException {
        try (RawClient client = fixture.open()) {
            assertThat(client.ask(auth("digest", "super:admin")).getErr()).isZero();
            client.ask(ping());
        }
        assertThat(request(0).identities()).contains(new Identity("super", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"world", "auth", "super", "sasl", "x509", "nonsense"})
    @Covers("4.4.2")
    void schemesThatProveNothingEndTheConnection(String scheme) throws IOException {
        try (RawClient client = fixture.open()) {
            assertThat(client.ask(auth(scheme, "anyone"))).isEqualTo(new ReplyHeader(-4, 0, -115));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.logged(client)).singleElement().asString().contains(scheme);
        }
    }

    /** A proof that fails is answered; bytes that are none are not. */
    @Test
    void aBrokenAuthPacketOrSaslStepEndsTheConnectionWithoutAWord() throws IOException {
        byte[] step = RawClient.request(1, ZooDefs.OpCode.sasl, new GetSASLRequest(new byte[4]));
        for (byte[] broken : List.of(RawClient.cut(auth("digest", "bob:secret"), 14), RawClient.cut(step, 10))) {
            try (RawClient client = fixture.open()) {
                client.sendFrame(broken);
                assertThat(client.isClosedByServer()).isTrue();
                assertThat(fixture.logged(client)).singleElement().asString().contains("cannot be read");
            }
        }
    }

    @Test
    void withoutJaasASaslStepIsAnsweredWithoutAToken() throws IOException {
        try (RawClient client = fixture.open()) {
            client.sendFrame(RawClient.request(1, ZooDefs.OpCode.sasl, new GetSASLRequest(new byte[] {1})));
            assertThat(client.readReply(1, new SetSASLResponse(new byte[1])).getToken())
                    .isNull();
        }
    }

    private static PortFixture port(String... settings) throws IOException {
        Authenticators authenticators = Authenticators.of(AuthConfiguration.of(settings), List.of());
        return new PortFixture(s -> PortFixture.withAuthenticators(s, authenticators));
    }

    @Test
    @Covers("2.7.4")
    void whoAmIShowsUsersAndNoDigests() throws IOException {
        fixture.node.answer(request -> new Result.Who(((ClientRequest.Read) request).identities()));
        try (RawClient client = fixture.open()) {
            client.ask(auth("digest", "bob:secret"));
            client.ask(auth("digest", "super:admin"));
            client.sendFrame(RawClient.request(1, ZooDefs.OpCode.whoAmI));
            assertThat(client.readReply(1, new WhoAmIResponse()).getClientInfo())
                    .containsExactly(
                            new ClientInfo("ip", "127.0.0.1"),
                            new ClientInfo("digest", "bob"),
                            new ClientInfo("digest", "super"),
                            new ClientInfo("super", ""));
        }
    }

    @Test
    @Covers("4.4.7")
    void whoeverLooksForAnotherEnsembleIsCutOffWithoutAWord() throws IOException {
        try (PortFixture port =
                        port("troupe.auth.providers = ensemble", "troupe.auth.ensemble-names = \"left,right\"");
                RawClient client = port.open()) {
            for (String right : List.of("right", "left", "")) {
                assertThat(client.ask(auth("ensemble", right))).isEqualTo(new ReplyHeader(-4, 0, 0));
            }
            client.ask(ping());
            assertThat(((ClientRequest.Read) port.node.requests().get(0)).identities())
                    .containsExactly(ADDRESS);
            client.sendFrame(auth("ensemble", "middle"));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(port.logged(client)).singleElement().asString().contains("middle");
            assertThat(port.metrics.counter("ensemble_auth_success").value()).isEqualTo(2);
            assertThat(port.metrics.counter("ensemble_auth_skip").value()).isEqualTo(1);
            assertThat(port.metrics.counter("ensemble_auth_fail").value()).isEqualTo(1);
        }
    }

    @Test
    void whereAccessIsNotCheckedEverybodyIsTheSuperUser() throws IOException {
        try (PortFixture port = port("troupe.auth.skip-acl = true");
                RawClient client = port.open()) {
            client.ask(ping());
            assertThat(port.node.connects.get(0).identities()).containsExactly(ADDRESS, new Identity("super", ""));
            assertThat(((ClientRequest.Read) port.node.requests().get(0)).identities())
                    .containsExactly(ADDRESS, new Identity("super", ""));
        }
    }

    @Test
    void withoutPasswordsNoneProvesAnything() throws IOException {
        try (PortFixture port = port("troupe.auth.digest-enabled = false");
                RawClient client = port.open()) {
            assertThat(client.ask(auth("digest", "bob:secret"))).isEqualTo(new ReplyHeader(-4, 0, -115));
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aLineOfTheLogIsALineWhateverAClientSends() throws IOException {
        try (RawClient client = fixture.open()) {
            client.ask(auth("x\ny", ""));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(fixture.logged(client)).singleElement().asString().contains("x?y");
        }
    }
}
