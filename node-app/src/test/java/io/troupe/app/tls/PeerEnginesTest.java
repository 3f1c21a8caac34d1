package io.troupe.app.tls;

import static io.troupe.app.tls.TestKeys.PASSWORD;
import static io.troupe.app.tls.TestKeys.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.remote.artery.tcp.SSLEngineProvider;
import io.troupe.node.ConfigurationException;
import io.troupe.node.PeerSecurity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both ends of connections between nodes, which come to terms with each other and with nobody else. */
class PeerEnginesTest {
    private static final String SECRET = "Y2VydGFpbmx5IG5vIHNlY3JldCBhbnkgbW9yZSwgbm93";

    @TempDir
    private static Path directory;

    private static Path node;
    private static Path other;
    private static Path believed;

    @BeforeAll
    static void makeKeys() throws Exception {
        TestKeys keys = new TestKeys(directory);
        node = keys.make("node.p12", "CN=node1.example.org,O=Example");
        other = keys.make("other.p12", "CN=stranger");
        believed = keys.certificates("believed.pem", node);
    }

    private static SSLEngineProvider sharing(String secret) throws IOException {
        Path file = Files.createTempFile(directory, "secret", "");
        return PeerEngines.of(new PeerSecurity.SharedSecret(
                        Files.writeString(file, secret).toString()))
                .orElseThrow();
    }

    private static SSLEngineProvider showing(Path keyStore, Path trustStore, String... more) {
        return PeerEngines.of(peers(keyStore, trustStore, more)).orElseThrow();
    }

    private static PeerSecurity peers(Path keyStore, Path trustStore, String... more) {
        return settings(Stream.concat(
                                Stream.of(
                                        "troupe.peer-tls.key-store = \"" + keyStore + "\"",
                                        "troupe.peer-tls.key-store-password = \"" + PASSWORD + "\"",
                                        "troupe.peer-tls.trust-store = \"" + trustStore + "\""),
                                Stream.of(more))
                        .toArray(String[]::new))
                .peers();
    }

    /** Where the caller's end stands after the handshake; throws what either end found wrong. */
    private static void meet(SSLEngineProvider caller, SSLEngineProvider called) throws SSLException {
        SSLEngine calling = caller.createClientSSLEngine("127.0.0.1", 25_520);
        SSLEngine answering = called.createServerSSLEngine("127.0.0.1", 25_520);
        ByteBuffer there = ByteBuffer.allocate(1 << 16);
        ByteBuffer back = ByteBuffer.allocate(1 << 16);
        for (int i = 0; i < 20; i++) {
            step(calling, back, there);
            step(answering, there, back);
        }
        assertThat(calling.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
        assertThat(answering.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
        raise(caller.verifyServerSession("127.0.0.1", calling.getSession()));
        raise(called.verifyClientSession("127.0.0.1", answering.getSession()));
    }

    private static void raise(scala.Option<Throwable> verdict) throws SSLException {
        if (verdict.isDefined() && verdict.get() instanceof SSLException found) {
            throw found;
        }
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(1 << 16);
        in.flip();
        do {
            engine.unwrap(in, plain.clear());
            work(engine);
        } while (in.hasRemaining() && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP);
        in.compact();
        do {
            engine.wrap(ByteBuffer.allocate(0), out);
            work(engine);
        } while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    }

    private static void work(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Test
    void nodesThatShareASecretComeToTerms() throws Exception {
        meet(sharing(SECRET), sharing(SECRET + "\n"));
    }

    @Test
    void aNodeWithAnotherSecretIsTurnedAwayByEitherSide() throws Exception {
        SSLEngineProvider node = sharing(SECRET);
        SSLEngineProvider stranger = sharing(SECRET + "!");

        assertThatThrownBy(() -> meet(stranger, node)).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> meet(node, stranger)).isInstanceOf(SSLException.class);
    }

    /** The key's form must not change between releases: nodes of both must understand each other. */
    @Test
    void theKeyOfASecretIsTheSameEverywhereAndAlways() throws Exception {
        SSLEngine engine = sharing(SECRET).createServerSSLEngine("127.0.0.1", 25_520);
        assertThat(engine.getNeedClientAuth()).isTrue();
        assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.3");

        byte[] certificate = SelfSigned.certificate(SharedSecret.keyPair(SECRET.getBytes(StandardCharsets.UTF_8)));
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate)))
                .isEqualTo("dd594734a52df4ba34ddaaef215b950761c0f96a56280ca85af573c4718706b2");
    }

    @ParameterizedTest
    @CsvSource({"short, holds 5 characters", "'', holds 0 characters"})
    void aSecretThatCouldBeGuessedIsRefused(String secret, String problem) {
        assertThatThrownBy(() -> sharing(secret))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("troupe.peer-tls.secret-file", problem, "/dev/urandom");
    }

    @Test
    void aSecretThatIsNotThereIsNamedWithItsRemedy() {
        Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> PeerEngines.of(new PeerSecurity.SharedSecret(absent.toString())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(absent.toString(), "does not exist", "copy it to all nodes");
    }

    @Test
    void nodesWithBelievedCertificatesComeToTerms() throws Exception {
        meet(showing(node, believed), showing(node, believed));
    }

    @Test
    void aNodeWhoseCertificateNobodyBelievesIsTurnedAwayByEitherSide() {
        SSLEngineProvider nodes = showing(node, believed);
        SSLEngineProvider stranger = showing(other, believed);

        assertThatThrownBy(() -> meet(stranger, nodes)).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> meet(nodes, stranger)).isInstanceOf(SSLException.class);
    }

    @Test
    void aCertificateMustNameTheHostThatIsCalled() throws Exception {
        TestKeys keys = new TestKeys(directory);
        Path elsewhere = keys.makeFor("127.0.0.9", "elsewhere.p12", "CN=node9");
        Path both = keys.certificates("both.pem", node, elsewhere);

        assertThatThrownBy(() -> meet(showing(node, both), showing(elsewhere, both)))
                .isInstanceOf(SSLException.class);
        meet(showing(node, both, "troupe.peer-tls.verify-host = false"), showing(elsewhere, both));
    }

    @ParameterizedTest
    @CsvSource({
        "node1.example.org, true",
        "*.example.org, true",
        "127.0.0.1, true",
        "'elsewhere.example.org, NODE1.example.org', true",
        "example.org, false",
        "*.example.com, false",
    })
    void namesAreAsked(String names, boolean accepted) throws Exception {
        SSLEngineProvider nodes = showing(node, believed, "troupe.peer-tls.names = \"" + names + "\"");
        if (accepted) {
            meet(nodes, nodes);
        } else {
            assertThatThrownBy(() -> meet(nodes, nodes))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("troupe.peer-tls.names");
        }
    }

    @Test
    void connectionsThatComeLaterUseWhatTheFilesHoldThen() throws Exception {
        Path used = Files.copy(node, directory.resolve("used.p12"));
        Path trusted = Files.copy(believed, directory.resolve("trusted.pem"));
        SSLEngineProvider nodes = showing(used, trusted);
        meet(nodes, nodes);

        Files.copy(other, used, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> meet(nodes, nodes)).isInstanceOf(SSLException.class);
        Files.copy(
                new TestKeys(directory).certificates("others.pem", other),
                trusted,
                StandardCopyOption.REPLACE_EXISTING);

        meet(nodes, nodes);
    }

    @Test
    void mistakesAreNamedWithTheirRemedies() {
        assertThatThrownBy(() -> settings("troupe.peer-tls.key-store = node.p12"))
                .hasMessageContaining("troupe.peer-tls.trust-store");
        assertThatThrownBy(() -> settings(
                        "troupe.peer-tls.key-store = node.p12",
                        "troupe.peer-tls.trust-store = nodes.pem",
                        "troupe.peer-tls.secret-file = secret"))
                .hasMessageContaining("remove one of the two");
        assertThatThrownBy(() -> settings("troupe.bind-host = \"0.0.0.0\""))
                .hasMessageContainingAll("secret-file", "key-store", "peer-open = true");
        assertThat(settings("troupe.bind-host = \"0.0.0.0\"", "troupe.peer-open = true")
                        .peers())
                .isEqualTo(new PeerSecurity.None(true));
        assertThat(List.of(settings().peers())).containsExactly(new PeerSecurity.None(false));
        assertThatThrownBy(() -> showing(directory.resolve("absent.p12"), believed))
                .hasMessageContaining("troupe.peer-tls.key-store (ssl.quorum.keyStore.location)");
    }
}
