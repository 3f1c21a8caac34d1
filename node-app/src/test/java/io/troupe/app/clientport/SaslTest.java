package io.troupe.app.clientport;

import static io.troupe.app.clientport.SaslFrames.frame;
import static io.troupe.app.clientport.SaslFrames.read;
import static io.troupe.app.clientport.SaslFrames.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.app.clientport.SaslFrames.Answer;
import io.troupe.app.clientport.auth.AuthConfiguration;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.contract.Covers;
import io.troupe.edge.ClientRequest;
import io.troupe.node.AuthSettings;
import io.troupe.request.Identity;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ReplyHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logins by SASL, frame by frame (contract 4.4). */
class SaslTest {
    private static final Identity ADDRESS = new Identity("ip", "127.0.0.1");
    private static final Identity BOB = new Identity("sasl", "bob");
    private static final List<AppConfigurationEntry> USERS = List.of(new AppConfigurationEntry(
            "org.apache.zookeeper.server.auth.DigestLoginModule",
            LoginModuleControlFlag.REQUIRED,
            Map.of("user_bob", "secret", "user_admin", "boss")));

    private static PortFixture port(List<String> required, boolean allowFailed) throws IOException {
        AuthSettings settings = AuthConfiguration.of(
                "troupe.required-auth-schemes = \"" + String.join(",", required) + "\"",
                "troupe.auth.providers = sasl",
                "troupe.auth.sasl.super-users = admin",
                "troupe.auth.sasl.allow-failed-clients = " + allowFailed);
        Authenticators authenticators = Authenticators.of(settings, USERS);
        return new PortFixture(s -> PortFixture.withAuthenticators(s, authenticators));
    }

    private static SaslClient user(String name, String password, @Nullable String asWhom) throws IOException {
        return Sasl.createSaslClient(
                new String[] {"DIGEST-MD5"}, asWhom, "zookeeper", "zk-sasl-md5", Map.of(), callbacks -> {
                    for (Callback callback : callbacks) {
                        if (callback instanceof NameCallback asked) {
                            asked.setName(name);
                        } else if (callback instanceof PasswordCallback asked) {
                            asked.setPassword(password.toCharArray());
                        } else if (callback instanceof RealmCallback asked) {
                            asked.setText(asked.getDefaultText());
                        }
                    }
                });
    }

    private static byte[] ping() throws IOException {
        return RawClient.request(-2, ZooDefs.OpCode.ping);
    }

    /** The client's proof, which is its second token. */
    private static byte[] proof(RawClient client, SaslClient user) throws IOException {
        Answer challenge = say(client, new byte[0]);
        assertThat(challenge.header()).isEqualTo(new ReplyHeader(1, 0, 0));
        return user.evaluateChallenge(challenge.token());
    }

    private static Answer logIn(RawClient client, String name, String password) throws IOException {
        return say(client, proof(client, user(name, password, null)));
    }

    private static List<Identity> identities(PortFixture port, int request) {
        return ((ClientRequest.Read) port.node.requests().get(request)).identities();
    }

    @Test
    @Covers("4.4.4")
    void whoeverKnowsThePasswordHasTheIdentity() throws IOException {
        try (PortFixture port = port(List.of(), false);
                RawClient client = port.open()) {
            SaslClient user = user("bob", "secret", null);
            Answer last = say(client, proof(client, user));
            assertThat(last.header()).isEqualTo(new ReplyHeader(1, 0, 0));
            // The server proves that it knows the password too.
            assertThat(user.evaluateChallenge(last.token())).isNull();
            assertThat(user.isComplete()).isTrue();
            assertThat(client.ask(ping()).getErr()).isZero();
            assertThat(identities(port, 0)).containsExactly(ADDRESS, BOB);
            assertThat(port.node.identified).last().isEqualTo(List.of(ADDRESS, BOB));
        }
    }

    @ParameterizedTest
    @CsvSource({"bob, wrong", "nobody, secret", "bob, ''"})
    @Covers({"4.4.4", "4.4.2"})
    void anyoneElseIsToldSoAndCutOff(String name, String password) throws IOException {
        try (PortFixture port = port(List.of(), false);
                RawClient client = port.open()) {
            Answer last = logIn(client, name, password);
            assertThat(last.header()).isEqualTo(new ReplyHeader(1, 0, -115));
            assertThat(last.token()).isNull();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(port.logged(client)).singleElement().asString().contains("SASL");
        }
    }

    @Test
    void aTokenThatMakesNoSenseIsAFailure() throws IOException {
        try (PortFixture port = port(List.of(), false);
                RawClient client = port.open()) {
            say(client, new byte[0]);
            assertThat(say(client, new byte[] {1, 2, 3}).header().getErr()).isEqualTo(-115);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aSecondLoginOnOneConnectionIsAFailure() throws IOException {
        try (PortFixture port = port(List.of(), false);
                RawClient client = port.open()) {
            logIn(client, "bob", "secret");
            assertThat(say(client, new byte[0]).header().getErr()).isEqualTo(-115);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aClientIsWhomItHasProvenToBeAndNotWhomItAsksToBe() throws IOException {
        try (PortFixture port = port(List.of(), false);
                RawClient client = port.open()) {
            say(client, proof(client, user("bob", "secret", "admin")));
            client.ask(ping());
            assertThat(identities(port, 0)).containsExactly(ADDRESS, BOB);
        }
    }

    @Test
    void aConfiguredUserPassesEveryCheck() throws IOException {
        try (PortFixture port = port(List.of(), false);
                RawClient client = port.open()) {
            logIn(client, "admin", "boss");
            client.ask(ping());
            assertThat(identities(port, 0))
                    .containsExactly(ADDRESS, new Identity("sasl", "admin"), new Identity("super", ""));
        }
    }

    @Test
    void whatIsSentBehindAProofWaitsForIt() throws IOException {
        try (PortFixture port = port(List.of("sasl"), false);
                RawClient client = port.open()) {
            byte[] proof = proof(client, user("bob", "secret", null));
            client.sendRaw(RawClient.frames(frame(proof), ping(), ping()));
            assertThat(read(client).header().getErr()).isZero();
            assertThat(client.readHeader().getErr()).isZero();
            assertThat(client.readHeader().getErr()).isZero();
            assertThat(identities(port, 0)).containsExactly(ADDRESS, BOB);
        }
    }

    @Test
    void aStepIsAnsweredBeforeRequestsThatStillWait() throws IOException {
        try (PortFixture port = port(List.of(), false);
                RawClient client = port.open()) {
            port.node.hold();
            client.sendFrame(ping());
            logIn(client, "bob", "secret");
            client.sendFrame(ping());
            port.node.release();
            assertThat(client.readHeader().getXid()).isEqualTo(-2);
            assertThat(client.readHeader().getXid()).isEqualTo(-2);
            assertThat(identities(port, 0)).containsExactly(ADDRESS);
            assertThat(identities(port, 1)).containsExactly(ADDRESS, BOB);
        }
    }

    @Test
    @Covers("4.4.5")
    void whereALoginIsDemandedItsFailureSaysSo() throws IOException {
        try (PortFixture port = port(List.of("sasl"), true);
                RawClient client = port.open();
                RawClient silent = port.open()) {
            assertThat(logIn(client, "bob", "wrong").header()).isEqualTo(new ReplyHeader(1, 0, -124));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(silent.ask(ping())).isEqualTo(new ReplyHeader(-2, 0, -124));
            assertThat(silent.isClosedByServer()).isTrue();
            assertThat(port.node.requests()).isEmpty();
        }
    }

    @Test
    @Covers("4.4.4")
    void aFailureCanBeForgivenButGivesNoIdentity() throws IOException {
        try (PortFixture port = port(List.of(), true);
                RawClient client = port.open()) {
            Answer last = logIn(client, "bob", "wrong");
            assertThat(last.header()).isEqualTo(new ReplyHeader(1, 0, 0));
            assertThat(last.token()).isNull();
            assertThat(client.ask(ping()).getErr()).isZero();
            assertThat(identities(port, 0)).containsExactly(ADDRESS);
        }
    }
}
