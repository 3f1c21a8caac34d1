package io.troupe.app.console;

import static io.troupe.app.console.ConsoleRig.znode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.troupe.app.command.BackupCommand;
import io.troupe.app.command.RestoreCommand;
import io.troupe.app.console.ConsoleRig.Answer;
import io.troupe.app.doctor.SystemSurroundings;
import io.troupe.app.tls.TestKeys;
import io.troupe.env.system.SystemClock;
import io.troupe.node.HttpSettings;
import io.troupe.node.NodeSettingsReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** TLS on the HTTP port, callers who are users by their certificates, and backups that come that way. */
class HttpTlsTest {
    @TempDir
    static Path directory;

    private static Path server;
    private static Path next;
    private static Path servers;
    private static Path ada;
    private static Path mallory;
    private static Path root;
    private static Path password;
    private static ConsoleRig rig;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeAll
    static void start() throws Exception {
        TestKeys keys = new TestKeys(directory);
        server = keys.make("server.p12", "CN=server");
        next = keys.make("next.p12", "CN=next");
        ada = keys.make("ada.p12", "CN=ada, O=Example");
        Path bob = keys.make("bob.p12", "CN=bob, O=Example");
        root = keys.make("root.p12", "CN=root, O=Example");
        password = Files.writeString(directory.resolve("password"), TestKeys.PASSWORD + "\n");
        mallory = keys.make("mallory.p12", "CN=ada, O=Example");
        servers = keys.certificates("servers.pem", server, next);
        Path believed = keys.certificates("believed.pem", ada, bob, root);
        String lines = """
                troupe.http.tls {
                  key-store = "%s", key-store-password = "%s", trust-store = "%s", client-auth = want
                }
                troupe.http.certificate-users = ["writer: CN=ada,  O=Example", "admin: CN=root, O=Example"]
                """.formatted(server, TestKeys.PASSWORD, believed);
        rig = new ConsoleRig(directory, lines, client(null));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static HttpClient client(@Nullable Path store) throws Exception {
        SSLContext context = TestKeys.client(store, servers);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static HttpResponse<String> as(Path store, HttpRequest.Builder request) throws Exception {
        return client(store).send(request.timeout(ConsoleRig.PATIENCE).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder to(String scheme, String path) {
        return HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + rig.console.port() + path));
    }

    private static HttpRequest.Builder creation(String path) {
        return to("https", "/api/v1/node")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"path\": \"" + path
                        + "\", \"acl\": [{\"scheme\": \"auth\", \"id\": \"\", \"permissions\": \"cdrwa\"}]}"));
    }

    @Test
    void requestsAndLoginsAreEncrypted() throws Exception {
        assertThat(rig.get(znode("children", "/")).status()).isEqualTo(200);
        Answer made = rig.send("POST", "/api/v1/node", "wendy", "{\"path\": \"/by-password\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(made.whole().sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    }

    @Test
    void withoutTlsThereIsHealthAndAnExplanation() throws Exception {
        HttpClient plain = HttpClient.newHttpClient();
        assertThat(plain.send(to("http", "/livez").build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        HttpRequest reading = to("http", znode("node", "/"))
                .header("Authorization", ConsoleRig.basic("ada", "secret-ada"))
                .build();
        HttpResponse<String> refused = plain.send(reading, BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("plaintext", "https://");
    }

    @Test
    void aCertificateIsAUserWithARoleAndAnIdentity() throws Exception {
        HttpResponse<String> made = as(ada, creation("/by-certificate"));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(rig.send("GET", znode("acl", "/by-certificate"), "ada", "").body())
                .contains("x509", "CN=ada,O=Example");
        // The access list names nobody else.
        assertThat(rig.get(znode("node", "/by-certificate")).status()).isEqualTo(403);
        assertThat(as(ada, to("https", znode("node", "/by-certificate"))).statusCode())
                .isEqualTo(200);
        assertThat(as(ada, to("https", "/commands/stat_reset")).body())
                .contains("CN=ada,O=Example is no administrator");
    }

    @Test
    void aBelievedCertificateThatIsNoUserChangesNothing() throws Exception {
        HttpResponse<String> refused = as(directory.resolve("bob.p12"), creation("/by-bob"));
        assertThat(refused.statusCode()).isEqualTo(401);
    }

    @Test
    void aCertificateOfTheSameNameThatNobodySignedIsNotBelieved() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> as(mallory, to("https", "/livez")));
    }

    private int run(Function<PrintStream, Callable<Integer>> command, Object... arguments) {
        printed.reset();
        return new CommandLine(command.apply(new PrintStream(printed, true, StandardCharsets.UTF_8)))
                .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    }

    private static String address() {
        return "127.0.0.1:" + rig.console.port();
    }

    private int backup(Object... arguments) {
        return run(
                output -> new BackupCommand(
                        new ByteArrayInputStream("secret-ada\n".getBytes(StandardCharsets.UTF_8)), output, output),
                arguments);
    }

    private String told() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void backupsGoThroughTlsByCertificateOrByPassword() {
        Path byPassword = directory.resolve("by-password");
        assertThat(backup("-server", address(), "--trust-store", servers, "--user", "ada", byPassword))
                .as(told())
                .isZero();
        Object[] byCertificate = {
            "-server",
            address(),
            "--trust-store",
            servers,
            "--key-store",
            root,
            "--key-store-password-file",
            password,
            byPassword
        };
        assertThat(backup(Stream.concat(Stream.of("--overwrite"), Stream.of(byCertificate))
                        .toArray()))
                .as(told())
                .isZero();
        assertThat(run(
                        output -> new RestoreCommand(InputStream.nullInputStream(), output, output),
                        Stream.concat(Stream.of("--dry-run"), Stream.of(byCertificate))
                                .toArray()))
                .as(told())
                .isZero();
        assertThat(told()).contains("Changes     0");
    }

    @Test
    void aBackupThatTlsRefusesSaysWhichFileToName() throws Exception {
        Path none = directory.resolve("none");
        assertThat(backup("-server", "https://" + address(), "--user", "ada", none))
                .isEqualTo(1);
        assertThat(told()).contains("this Java does not believe", "--trust-store");
        Path others = new TestKeys(directory).certificates("others.pem", mallory);
        assertThat(backup("-server", address(), "--trust-store", others, "--user", "ada", none))
                .isEqualTo(1);
        assertThat(told()).contains("believed by nothing in " + others, "--trust-store");
        assertThat(backup("--trust-store", servers, "--key-store", mallory, none))
                .isEqualTo(1);
        assertThat(told()).contains(mallory + ", which --key-store names, needs a password", "-password-file");
        assertThat(backup("--trust-store", servers.resolveSibling("no.pem"), "--user", "ada", none))
                .isEqualTo(1);
        assertThat(told()).contains("no.pem, which --trust-store names, does not exist");
        assertThat(backup("-server", "http://127.0.0.1:1", "--trust-store", servers, "--user", "ada", none))
                .isEqualTo(1);
        assertThat(told()).contains("write https://");
        assertThat(none).doesNotExist();
    }

    @Test
    void aBackupWhoseCertificateTheNodeDoesNotBelieveSaysSo() {
        assertThat(backup(
                        "-server",
                        address(),
                        "--trust-store",
                        servers,
                        "--key-store",
                        mallory,
                        "--key-store-password-file",
                        password,
                        directory.resolve("none")))
                .isEqualTo(1);
        assertThat(told()).contains("ended the TLS handshake", "does not believe the certificate in " + mallory);
    }

    @Test
    void theDoctorKnowsTheNodeBesideItByItsOwnCertificate() {
        SystemSurroundings here = new SystemSurroundings(new SystemClock());
        assertThat(here.node(asSeenBesideIt(server), "/api/v1/ensemble").orElseThrow())
                .satisfies(answer -> {
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.body()).contains("\"members\"");
                });
        assertThat(here.node(asSeenBesideIt(mallory), "/livez")).isEmpty();
    }

    private static HttpSettings asSeenBesideIt(Path keys) {
        return NodeSettingsReader.read(
                        ConfigFactory.parseString("""
                akka.cluster.seed-nodes = ["akka://troupe@127.0.0.1:25520"]
                troupe.http.port = %d
                troupe.http.tls { key-store = "%s", key-store-password = "%s", client-auth = none }
                """.formatted(rig.console.port(), keys, TestKeys.PASSWORD)))
                .http();
    }

    @Test
    void newCertificatesServeWithoutARestart() throws Exception {
        Path moved = directory.resolve("moved.p12");
        Files.copy(next, moved);
        Files.move(moved, server, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(ConsoleRig.PATIENCE).until(() -> subject().contains("cn=next"));
        assertThat(rig.get("/livez").status()).isEqualTo(200);
    }

    private static String subject() throws Exception {
        return client(null)
                .send(to("https", "/livez").build(), BodyHandlers.ofString())
                .sslSession()
                .orElseThrow()
                .getPeerPrincipal()
                .getName()
                .toLowerCase(Locale.ROOT);
    }
}
