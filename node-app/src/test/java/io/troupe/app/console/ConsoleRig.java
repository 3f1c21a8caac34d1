package io.troupe.app.console;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.app.audit.AuditTrail;
import io.troupe.app.clientport.ClientPort;
import io.troupe.app.clientport.ClientPortSettings;
import io.troupe.app.clientport.PortStatus;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.tls.TlsContext;
import io.troupe.edge.Frontend;
import io.troupe.env.system.SystemClock;
import io.troupe.env.system.SystemEntropy;
import io.troupe.node.NodeRunner;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
import io.troupe.node.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A node alone with a port for ZooKeeper's clients and one for HTTP, and a client of the latter. */
final class ConsoleRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Each user's password is the name behind "secret-". */
    private static final List<String> USERS = List.of("rita:reader", "wendy:writer", "ada:admin");

    final NodeRunner node;
    final Console console;
    final ClientPort clients;

    /** Whether the console sees no node, as at the beginning of its start. */
    volatile boolean hidden;

    private final SystemClock clock = new SystemClock();
    private final AuditTrail trail = new AuditTrail(null, clock);
    private final HttpClient client;
    private final String scheme;

    ConsoleRig(Path directory) throws Exception {
        this(directory, "", HttpClient.newHttpClient());
    }

    /**
     * One with more than the usual settings.
     *
     * @param lines of the configuration
     * @param client that speaks with it
     */
    ConsoleRig(Path directory, String lines, HttpClient client) throws Exception {
        this.client = client;
        Config config = ConfigFactory.parseString(configuration(directory) + lines);
        ProcessSettings process = NodeSettingsReader.read(config);
        Authenticators authenticators = Authenticators.of(process.auth(), List.of());
        TlsSettings tls = process.http().tls();
        scheme = tls == null ? "http" : "https";
        node = NodeRunner.start(process.node(), config);
        Frontend frontend = node.frontend().toCompletableFuture().join();
        await().atMost(PATIENCE).until(() -> frontend.status().serving());
        clients = ClientPort.start(
                ClientPortSettings.of("127.0.0.1", 0), frontend, clock, new SystemEntropy(), node.metrics());
        console = Console.open(new Surroundings(
                process,
                () -> hidden ? Optional.empty() : Optional.of(frontend),
                () -> hidden ? Optional.empty() : Optional.of(clients.status()),
                node.metrics(),
                node.overview(),
                authenticators,
                tls == null ? null : TlsContext.load(tls),
                trail,
                clock));
    }

    private static String configuration(Path directory) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String users = String.join(
                ", ",
                USERS.stream()
                        .map(user -> "\"" + user + ":"
                                + PasswordHash.of(("secret-" + user.substring(0, user.indexOf(':'))).toCharArray(), 100)
                                + "\"")
                        .toList());
        return """
                akka.cluster.seed-nodes = ["akka://troupe@127.0.0.1:%d"]
                troupe { host = "127.0.0.1", peer-port = %d, data-dir = "%s" }
                troupe.http { port = 0, users = [%s], watch-streams = 3 }
                """.formatted(port, port, directory.resolve("data"), users);
    }

    PortStatus port() {
        return clients.status();
    }

    /** An answer. */
    record Answer(int status, String body, HttpResponse<String> whole) {
        JsonNode json() throws IOException {
            return MAPPER.readTree(body);
        }

        /** What a field says, in words. */
        String field(String name) throws IOException {
            return json().path(name).asText();
        }
    }

    static String znode(String route, String path) {
        return "/api/v1/" + route + "?path=" + URLEncoder.encode(path, StandardCharsets.UTF_8);
    }

    Answer get(String path, String... headers) throws Exception {
        return send("GET", path, "", "", headers);
    }

    /**
     * Sends a request.
     *
     * @param user empty for none
     * @param body empty for none, else JSON
     * @param headers names and values in turn
     */
    Answer send(String method, String path, String user, String body, String... headers) throws Exception {
        HttpRequest.Builder request = request(path, headers)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!user.isEmpty()) {
            request.header("Authorization", basic(user, "secret-" + user));
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body(), response);
    }

    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(scheme + "://127.0.0.1:" + console.port() + path))
                .timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }

    /** A stream of events that is read as far as somebody asks. */
    EventReader events(String path, String... headers) throws Exception {
        return EventReader.open(client, request(path, headers).build());
    }

    @Override
    public void close() {
        console.close();
        clients.stop();
        node.stop();
        trail.close();
        clock.close();
    }
}
