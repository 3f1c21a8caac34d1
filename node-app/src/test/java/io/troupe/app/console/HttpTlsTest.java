package io.troupe.app.console;

import static io.troupe.app.console.ConsoleRig.znode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.troupe.app.console.ConsoleRig.Answer;
import io.troupe.app.tls.TestKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on the HTTP port, and callers who are users by their certificates. */
class HttpTlsTest {
    @TempDir
    static Path directory;

    private static Path server;
    private static Path next;
    private static Path servers;
    private static Path ada;
    private static Path mallory;
    private static ConsoleRig rig;

    @BeforeAll
    static void start() throws Exception {
        TestKeys keys = new TestKeys(directory);
        server = keys.make("server.p12", "CN=server");
        next = keys.make("next.p12", "CN=next");
        ada = keys.make("ada.p12", "CN=ada, O=Example");
        Path bob = keys.make("bob.p12", "CN=bob, O=Example");
        mallory = keys.make("mallory.p12", "CN=ada, O=Example");
        servers = keys.certificates("servers.pem", server, next);
        Path believed = keys.certificates("believed.pem", ada, bob);
        String lines = """
                troupe.http.tls {
                  key-store = "%s", key-store-password = "%s", trust-store = "%s", client-auth = want
                }
                troupe.http.certificate-users = ["writer: CN=ada,  O=Example"]
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
