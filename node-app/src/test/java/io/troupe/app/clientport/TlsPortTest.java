package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.troupe.app.clientport.ClientPortSettings.Secure;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.tls.TestKeys;
import io.troupe.app.tls.TlsContext;
import io.troupe.edge.ClientRequest;
import io.troupe.node.ProcessSettings;
import io.troupe.request.Identity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.zookeeper.ZooDefs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS on the client port, and who its clients are (contract 1.11, 4.4, 6.4). */
class TlsPortTest {
    private static final Identity ADDRESS = new Identity("ip", "127.0.0.1");
    private static final Identity BOB = new Identity("x509", "CN=Bob,O=Example");
    private static final int PATIENCE_MILLIS = 10_000;

    @TempDir
    private static Path directory;

    private static Path server;
    private static Path otherServer;
    private static Path bob;
    private static Path stranger;
    private static Path believed;
    private static Path servers;

    private PortFixture fixture;

    @BeforeAll
    static void makeKeys() throws IOException, GeneralSecurityException {
        TestKeys keys = new TestKeys(directory);
        server = keys.make("server.p12", "CN=server");
        otherServer = keys.make("other.p12", "CN=other");
        bob = keys.make("bob.p12", "CN=Bob, O=Example");
        // Of the same name, so that its client shows it.
        stranger = keys.make("stranger.p12", "CN=Bob, O=Example");
        believed = keys.certificates("believed.pem", bob);
        servers = keys.certificates("servers.pem", server, otherServer);
    }

    @BeforeEach
    void start() throws IOException {
        fixture = port(0, 0, TestKeys.settings(server, believed));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    /** Starts with other settings. */
    private void start(String... lines) throws IOException {
        start(0, 0, TestKeys.settings(server, believed, lines));
    }

    private void start(int port, int securePort, ProcessSettings process) throws IOException {
        fixture.close();
        fixture = port(port, securePort, process);
    }

    private static PortFixture port(int port, int securePort, ProcessSettings process) throws IOException {
        return new PortFixture(s -> PortFixture.withTls(
                s,
                port,
                new Secure("127.0.0.1", securePort, TlsContext.load(process.tls())),
                Authenticators.of(process.auth(), List.of())));
    }

    private static SSLSocket connect(InetSocketAddress address, @Nullable Path keys, String... protocols)
            throws IOException, GeneralSecurityException {
        SSLContext context = TestKeys.client(keys, servers);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address.getAddress(), address.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return socket;
    }

    private RawClient client(@Nullable Path keys, String... protocols) throws IOException, GeneralSecurityException {
        return new RawClient(connect(fixture.port.secureAddress(), keys, protocols));
    }

    private List<Identity> identitiesOf(RawClient client) throws IOException {
        client.handshake();
        assertThat(client.ask(RawClient.request(-2, ZooDefs.OpCode.ping)).getErr())
                .isZero();
        return ((ClientRequest.Read) fixture.node.requests().get(0)).identities();
    }

    private long counter(String name) {
        return fixture.metrics.counter(name).value();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientIsTheSubjectOfItsCertificate(String protocol) throws Exception {
        try (RawClient client = client(bob, protocol)) {
            assertThat(identitiesOf(client)).containsExactly(ADDRESS, BOB);
        }
        assertThat(fixture.node.connects.get(0).identities()).containsExactly(ADDRESS, BOB);
        assertThat(fixture.port.statistics().connectionsWithoutCertificate(true))
                .isZero();
    }

    @Test
    void theConfiguredSubjectIsTheSuperUser() throws Exception {
        start("troupe.auth.x509-super-user = \"CN=Bob,O=Example\"");
        try (RawClient client = client(bob)) {
            assertThat(identitiesOf(client)).containsExactly(ADDRESS, BOB, new Identity("super", ""));
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, true", "TLSv1.3, true", "TLSv1.2, false", "TLSv1.3, false"})
    void whoeverHasNoCertificateThatIsBelievedIsCutOff(String protocol, boolean any) throws Exception {
        try (RawClient client = client(any ? stranger : null, protocol)) {
            assertThatThrownBy(client::handshake).isInstanceOf(IOException.class);
            await().untilAsserted(() -> assertThat(fixture.logged(client))
                    .singleElement()
                    .asString()
                    .contains("did not get through the TLS handshake"));
        }
        assertThat(counter("unsuccessful_handshake")).isEqualTo(1);
        assertThat(fixture.port.statistics().handshakesUnderWay()).isZero();
        assertThat(fixture.node.connects).isEmpty();
    }

    @Test
    void aCertificateThatIsOnlyWantedMayBeMissing() throws Exception {
        start("troupe.tls.client-auth = want");
        try (RawClient client = client(null)) {
            assertThat(identitiesOf(client)).containsExactly(ADDRESS);
        }
        assertThat(fixture.port.statistics().connectionsWithoutCertificate(true))
                .isEqualTo(1);
        try (RawClient client = client(stranger)) {
            assertThatThrownBy(client::handshake).isInstanceOf(IOException.class);
        }
    }

    @Test
    void nobodyIsAskedForACertificateWhereNoneIsWanted() throws Exception {
        start("troupe.tls.client-auth = none");
        try (RawClient client = client(stranger)) {
            assertThat(identitiesOf(client)).containsExactly(ADDRESS);
        }
    }

    @Test
    void aCertificateMayBeDemandedToNameTheAddress() throws Exception {
        Path elsewhere = new TestKeys(directory).makeFor("10.1.2.3", "elsewhere.p12", "CN=Elsewhere");
        Path both = new TestKeys(directory).certificates("both.pem", bob, elsewhere);
        start(0, 0, TestKeys.settings(server, both, "troupe.tls.verify-client-host = true"));
        try (RawClient client = client(bob)) {
            assertThat(identitiesOf(client)).contains(BOB);
        }
        try (RawClient client = client(elsewhere)) {
            assertThatThrownBy(client::handshake).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aCertificateIsAProofThatCanBeDemanded() throws Exception {
        start("troupe.required-auth-schemes = x509", "troupe.tls.client-auth = want");
        try (RawClient client = client(bob)) {
            assertThat(identitiesOf(client)).contains(BOB);
        }
        try (RawClient client = client(null)) {
            client.handshake();
            assertThat(client.ask(RawClient.request(-2, ZooDefs.OpCode.ping)).getErr())
                    .isEqualTo(-124);
        }
    }

    @Test
    void statusWordsAreAnsweredInsideTls() throws Exception {
        try (RawClient client = client(bob)) {
            client.sendRaw("ruok".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII))
                    .isEqualTo("imok");
        }
    }

    @Test
    void configurationShowsBothPorts() throws Exception {
        start(-1, 0, TestKeys.settings(server, believed, "troupe.client-port = 0"));
        try (RawClient client = client(bob)) {
            client.sendRaw("conf".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII))
                    .contains("clientPort=-1\nsecureClientPort=0\n");
        }
    }

    @Test
    void whoeverSpeaksNoTlsIsCutOffFromTheSecurePortAlone() throws Exception {
        try (RawClient client = new RawClient(fixture.port.secureAddress())) {
            client.sendRaw("ruok\n\n\n\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readToEnd().length).isLessThan(20);
            // Not the bytes themselves, of which a client may send any number.
            await().untilAsserted(() -> assertThat(fixture.logged(client))
                    .singleElement()
                    .asString()
                    .contains("what it sent is not TLS"));
        }
        try (RawClient client = fixture.open()) {
            assertThat(client.ask(RawClient.request(-2, ZooDefs.OpCode.ping)).getErr())
                    .isZero();
        }
        assertThat(fixture.port.statistics().connectionsWithoutCertificate(true))
                .isEqualTo(1);
    }

    @Test
    void thePlainPortMayUnderstandTlsToo() throws Exception {
        start(0, -1, TestKeys.settings(server, believed, "troupe.tls.client-port-too = true"));
        try (RawClient client = new RawClient(connect(fixture.address(), bob))) {
            assertThat(identitiesOf(client)).containsExactly(ADDRESS, BOB);
        }
        try (RawClient client = fixture.connect()) {
            client.sendRaw("ruok".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII))
                    .isEqualTo("imok");
        }
        try (RawClient client = fixture.open()) {
            assertThat(client.ask(RawClient.request(-2, ZooDefs.OpCode.ping)).getErr())
                    .isZero();
        }
        assertThat(fixture.port.statistics().connectionsWithoutCertificate(true))
                .isEqualTo(2);
    }

    @Test
    void handshakesAreLimited() throws Exception {
        start("troupe.tls.handshakes = 1");
        try (Socket idle = new Socket()) {
            idle.connect(fixture.port.secureAddress());
            await().until(() -> fixture.port.statistics().handshakesUnderWay() == 1);
            try (RawClient client = client(bob)) {
                assertThatThrownBy(client::handshake).isInstanceOf(IOException.class);
            }
            assertThat(counter("tls_handshake_exceeded")).isEqualTo(1);
        }
        await().until(() -> fixture.port.statistics().handshakesUnderWay() == 0);
        try (RawClient client = client(bob)) {
            assertThat(identitiesOf(client)).contains(BOB);
        }
    }

    @Test
    void aHandshakeThatTakesTooLongEndsTheConnection() throws Exception {
        start("troupe.tls.handshake-timeout = 200ms");
        try (RawClient idle = new RawClient(fixture.port.secureAddress())) {
            assertThat(idle.isClosedByServer()).isTrue();
        }
        assertThat(counter("unsuccessful_handshake")).isEqualTo(1);
    }

    @Test
    void filesThatChangeTakeEffectOnLaterConnections() throws Exception {
        Path used = directory.resolve("used.p12");
        Files.copy(server, used, StandardCopyOption.REPLACE_EXISTING);
        start(0, 0, TestKeys.settings(used, believed));
        try (RawClient before = client(bob)) {
            before.handshake();
            assertThat(subject()).isEqualTo("CN=server");
            Files.writeString(used, "half a file");
            Files.copy(otherServer, used, StandardCopyOption.REPLACE_EXISTING);
            await().untilAsserted(() -> assertThat(subject()).isEqualTo("CN=other"));
            assertThat(before.ask(RawClient.request(-2, ZooDefs.OpCode.ping)).getErr())
                    .isZero();
        }
    }

    private String subject() throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect(fixture.port.secureAddress(), bob)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLException e) {
            throw new IOException(e);
        }
    }
}
