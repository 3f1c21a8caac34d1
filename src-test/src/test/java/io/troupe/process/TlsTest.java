package io.troupe.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The official client over TLS against a node of its own (contract 1.11, 4.4, 6.4). */
class TlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static EnsembleProcesses ensemble;
    private static int securePort;
    private static Path used;
    private static Path server;
    private static Path laterServer;
    private static Path servers;
    private static Path bob;
    private static Path amy;
    private static Path admin;
    private static Path impostor;
    private String base;

    @BeforeAll
    static void start() throws IOException {
        var keys = new Certificates(directory);
        server = keys.make("server.p12", "CN=server");
        laterServer = keys.make("later.p12", "CN=later server");
        servers = keys.believing("servers.pem", server, laterServer);
        bob = keys.make("bob.p12", "CN=Bob, O=Example");
        amy = keys.make("amy.p12", "CN=Amy, O=Example");
        admin = keys.make("admin.p12", "CN=admin");
        impostor = keys.make("impostor.p12", "CN=Bob, O=Example");
        var believed = keys.believing("believed.pem", bob, amy, admin);
        var password = Files.writeString(directory.resolve("password"), Certificates.PASSWORD + "\n");
        used = Files.copy(server, directory.resolve("used.p12"));
        securePort = FreePorts.choose(1).get(0);
        ensemble = EnsembleProcesses.prepare(
                new TroupeProgram(
                        TroupeProgram.packagedDistribution(),
                        Tuning.TEST.with(List.of(
                                "-Dtroupe.secure-client-port=" + securePort,
                                "-Dtroupe.tls.key-store=" + used,
                                "-Dtroupe.tls.key-store-password-file=" + password,
                                "-Dtroupe.tls.trust-store=" + believed,
                                "-Dtroupe.auth.x509-super-user=CN=admin"))),
                1);
        ensemble.startAll();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    @BeforeEach
    void makeBase(TestInfo test) throws Exception {
        try (var anybody = OfficialClient.connect(ensemble.connectString())) {
            base = anybody.createText("/" + test.getTestMethod().orElseThrow().getName(), "", CreateMode.PERSISTENT);
        }
    }

    private static String secureAddress() {
        return ServerAddress.HOST + ":" + securePort;
    }

    private static OfficialClient as(Path keys) {
        return OfficialClient.configured(secureAddress(), Certificates.client(servers, keys))
                .awaitConnected();
    }

    private static List<ACL> everythingFor(String subject) {
        // The client asks whether it contains null, which immutable lists do not answer.
        return Arrays.asList(new ACL(Perms.ALL, new Id("x509", subject)));
    }

    private static Code failure(Callable<?> action) {
        return catchThrowableOfType(KeeperException.class, action::call).code();
    }

    @Test
    @Covers("4.4.6")
    void whatIsOneSubjectsIsNobodyElses() throws Exception {
        try (var asBob = as(bob);
                var asAmy = as(amy);
                var anybody = OfficialClient.connect(ensemble.connectString())) {
            var path = asBob.create(
                    base + "/bobs", "x".getBytes(UTF_8), everythingFor("CN=Bob,O=Example"), CreateMode.PERSISTENT);
            assertThat(asBob.text(path)).isEqualTo("x");
            assertThat(failure(() -> asAmy.text(path))).isEqualTo(Code.NOAUTH);
            assertThat(failure(() -> anybody.text(path))).isEqualTo(Code.NOAUTH);
        }
    }

    @Test
    void authStandsForTheSubject() throws Exception {
        try (var asBob = as(bob)) {
            var path = asBob.create(base + "/bobs", new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
            assertThat(asBob.getACL(path, null)).isEqualTo(everythingFor("CN=Bob,O=Example"));
            assertThat(asBob.whoAmI())
                    .anyMatch(who ->
                            who.getAuthScheme().equals("x509") && who.getUser().equals("CN=Bob,O=Example"));
        }
    }

    @Test
    void theSuperUserPassesEveryCheck() throws Exception {
        try (var asBob = as(bob);
                var asAdmin = as(admin)) {
            var path = asBob.create(
                    base + "/bobs", "x".getBytes(UTF_8), everythingFor("CN=Bob,O=Example"), CreateMode.PERSISTENT);
            assertThat(asAdmin.text(path)).isEqualTo("x");
        }
    }

    @Test
    void listsNameSubjectsOnly() throws Exception {
        try (var anybody = OfficialClient.connect(ensemble.connectString())) {
            assertThat(failure(() -> anybody.create(
                            base + "/no", new byte[0], everythingFor("no subject"), CreateMode.PERSISTENT)))
                    .isEqualTo(Code.INVALIDACL);
        }
    }

    @Test
    void withoutACertificateThatIsBelievedNobodyGetsIn() throws Exception {
        for (ZKClientConfig configuration :
                List.of(Certificates.client(servers), Certificates.client(servers, impostor))) {
            var before = unsuccessfulHandshakes();
            try (var client = OfficialClient.configured(secureAddress(), configuration)) {
                await().atMost(PATIENCE).until(() -> unsuccessfulHandshakes() > before);
                assertThat(client.events().states()).doesNotContain(KeeperState.SyncConnected);
            }
        }
    }

    private static long unsuccessfulHandshakes() throws IOException {
        var port = ensemble.server(1).address().clientPort();
        return Long.parseLong(FourLetterWord.monitor(port).get("zk_unsuccessful_handshake"));
    }

    @Test
    void statusWordsAreAnsweredInsideTls() throws Exception {
        try (var keys = new ClientX509Util()) {
            var context = keys.createSSLContext(Certificates.client(servers, bob));
            try (var socket = context.getSocketFactory().createSocket(ServerAddress.HOST, securePort)) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.getOutputStream().write("conf".getBytes(US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .contains("secureClientPort=" + securePort + "\n");
            }
        }
    }

    @Test
    void repliesThatThePortCannotHoldAllArriveWhole() throws Exception {
        try (var asBob = as(bob)) {
            var data = new byte[500_000];
            Arrays.fill(data, (byte) 'x');
            var path = asBob.create(base + "/large", data, OfficialClient.OPEN, CreateMode.PERSISTENT);
            var whole = new AtomicInteger();
            for (var i = 0; i < 60; i++) {
                asBob.getData(
                        path,
                        false,
                        (code, of, context, read, stat) -> {
                            if (Arrays.equals(data, read)) {
                                whole.incrementAndGet();
                            }
                        },
                        null);
            }
            await().atMost(PATIENCE).until(() -> whole.get() == 60);
        }
    }

    @Test
    void aKeyThatChangesOnDiskIsTakenOverWithoutARestart() throws Exception {
        var laterOnly = new Certificates(directory).believing("later.pem", laterServer);
        try (var before = as(bob);
                var after = OfficialClient.configured(secureAddress(), Certificates.client(laterOnly, bob))) {
            Files.copy(laterServer, used, StandardCopyOption.REPLACE_EXISTING);
            after.awaitConnected();
            assertThat(after.exists(base, false)).isNotNull();
            assertThat(before.exists(base, false)).isNotNull();
            assertThat(before.events().states()).containsExactly(KeeperState.SyncConnected);
        } finally {
            Files.copy(server, used, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
