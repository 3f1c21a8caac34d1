package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.app.command.BackupCommand;
import io.troupe.app.command.RestoreCommand;
import io.troupe.app.console.PasswordHash;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The HTTP port of an ensemble as it is shipped, on every address of this host; the last test ends nodes. */
@TestMethodOrder(OrderAnnotation.class)
class HttpTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String USER = "wendy";
    private static final String PASSWORD = "secret-word";

    private static EnsembleProcesses ensemble;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        var troupe = new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.TEST);
        var user = USER + ":writer:" + PasswordHash.of(PASSWORD.toCharArray());
        var admin = "ada:admin:" + PasswordHash.of(PASSWORD.toCharArray());
        ensemble = EnsembleProcesses.prepare(new HttpProgram(troupe, "0.0.0.0", List.of(user, admin)), 3);
        ensemble.startAll();
        ensemble.awaitAllServing();
        ensemble.servers()
                .forEach(server -> await().atMost(EnsembleProcesses.PATIENCE).until(() -> ready(server)));
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static URI uri(ServerProcess server, String path) {
        return URI.create("http://127.0.0.1:" + server.address().electionPort() + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.timeout(EnsembleProcesses.PATIENCE).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> get(ServerProcess server, String path) {
        return send(HttpRequest.newBuilder(uri(server, path)));
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return MAPPER.readTree(response.body());
    }

    /** 0 for a node that has no port, or ends. */
    private static int status(ServerProcess server, String path) {
        try {
            return get(server, path).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    private static boolean ready(ServerProcess server) {
        return status(server, "/readyz") == 200;
    }

    private static HttpResponse<String> write(ServerProcess server, String method, String path, String body) {
        var credentials = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        return send(HttpRequest.newBuilder(uri(server, path))
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    @Order(1)
    void everyNodeTellsWhoLeads() throws Exception {
        var leader = ensemble.awaitLeader();
        for (var server : ensemble.servers()) {
            var told = json(get(server, "/commands/leader"));
            assertThat(told.path("leader_id").asInt()).isEqualTo(leader.id());
            assertThat(told.path("is_leader").asBoolean()).isEqualTo(server.id() == leader.id());
        }
        var members = json(get(leader, "/api/v1/ensemble")).path("members");
        assertThat(members).hasSize(3);
        assertThat(json(get(leader, "/commands/server_stats")).has("proposal_stats"))
                .isTrue();
    }

    @Test
    @Order(2)
    void theDashboardAsksForNothingThatIsNotThere() throws Exception {
        // A figure of an event that has not happened yet is there once it has.
        write(ensemble.awaitLeader(), "POST", "/api/v1/node", "{\"path\": \"/measured\"}");
        Set<String> there = new HashSet<>();
        for (var server : ensemble.servers()) {
            get(server, "/metrics")
                    .body()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> there.add(line.replaceFirst("[{ ].*", "")));
        }
        var dashboard = Files.readString(Path.of("..", "docs", "grafana", "troupe.json"));
        Set<String> asked = new TreeSet<>();
        for (var panel : MAPPER.readTree(dashboard).path("panels")) {
            for (var target : panel.path("targets")) {
                Pattern.compile("([a-z_0-9]+)\\{")
                        .matcher(target.path("expr").asText())
                        .results()
                        .forEach(found -> asked.add(found.group(1)));
            }
        }
        assertThat(asked).hasSizeGreaterThan(40);
        assertThat(there).containsAll(asked);
    }

    @Test
    @Order(3)
    void otherHostsSeeHealthAlone() throws Exception {
        var server = ensemble.server(1);
        var elsewhere = outwardAddress();
        Assumptions.assumeTrue(elsewhere.isPresent(), "this host has a loopback address alone");
        var base = "http://" + elsewhere.get().getHostAddress() + ":"
                + server.address().electionPort();
        assertThat(send(HttpRequest.newBuilder(URI.create(base + "/readyz"))).statusCode())
                .isEqualTo(200);
        for (var path : List.of("/metrics", "/commands/mntr", "/api/v1/status", "/api/v1/node?path=/")) {
            var refusal = send(HttpRequest.newBuilder(URI.create(base + path)));
            assertThat(refusal.statusCode()).as(path).isEqualTo(401);
        }
        var credentials = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        var plaintext = send(HttpRequest.newBuilder(URI.create(base + "/api/v1/status"))
                .header("Authorization", "Basic " + credentials));
        assertThat(plaintext.statusCode()).isEqualTo(403);
        assertThat(plaintext.body()).contains("unencrypted");
    }

    private static Optional<InetAddress> outwardAddress() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
    }

    @Test
    @Order(3)
    void aBackupOfAFollowerGoesBackThroughAnother() throws Exception {
        var leader = ensemble.awaitLeader();
        var followers = ensemble.servers().stream()
                .filter(server -> server.id() != leader.id())
                .toList();
        write(leader, "POST", "/api/v1/node", "{\"path\": \"/backed-up\", \"data\": \"old\"}");
        var backup = directory.resolve("backup").toString();
        assertThat(run(followers.get(0), new BackupCommand(password(), System.out, System.err), backup))
                .isZero();
        write(leader, "PUT", "/api/v1/node?path=/backed-up", "{\"data\": \"new\"}");
        write(leader, "POST", "/api/v1/node", "{\"path\": \"/backed-up/later\"}");

        assertThat(run(followers.get(1), new RestoreCommand(password(), System.out, System.err), backup))
                .isZero();

        for (var server : ensemble.servers()) {
            var found = json(get(server, "/api/v1/node?path=/backed-up&sync=true"));
            assertThat(found.path("data").asText()).isEqualTo("old");
            assertThat(get(server, "/api/v1/node?path=/backed-up/later").statusCode())
                    .isEqualTo(404);
        }
    }

    private static InputStream password() {
        return new ByteArrayInputStream(PASSWORD.getBytes(StandardCharsets.UTF_8));
    }

    private static int run(ServerProcess server, Callable<Integer> command, String file) {
        return new CommandLine(command)
                .execute("-server", "127.0.0.1:" + server.address().electionPort(), "--user", "ada", file);
    }

    @Test
    @Order(4)
    void aStreamGoesOnAtAnotherNodeAndHealthFollowsTheQuorum() throws Exception {
        var leader = ensemble.awaitLeader();
        var others = ensemble.servers().stream()
                .filter(server -> server.id() != leader.id())
                .toList();
        assertThat(write(leader, "POST", "/api/v1/node", "{\"path\": \"/streamed\"}")
                        .statusCode())
                .isEqualTo(201);
        String lastId;
        try (var lines = stream(leader, "")) {
            var events = lines.iterator();
            assertThat(untilId(events, "event: watching")).isNotEmpty();
            write(others.get(0), "POST", "/api/v1/node", "{\"path\": \"/streamed/a\"}");
            lastId = untilId(events, "event: created");
            leader.kill();
        }
        await().atMost(EnsembleProcesses.PATIENCE).until(() -> ready(others.get(0)) && ready(others.get(1)));
        assertThat(write(others.get(1), "POST", "/api/v1/node", "{\"path\": \"/streamed/b\"}")
                        .statusCode())
                .isEqualTo(201);
        try (var lines = stream(others.get(0), lastId)) {
            var events = lines.iterator();
            assertThat(untilId(events, "event: created")).isNotEqualTo(lastId);
        }

        others.get(1).kill();
        var left = others.get(0);
        await().atMost(EnsembleProcesses.PATIENCE).until(() -> status(left, "/readyz") == 503);
        assertThat(get(left, "/readyz").body()).startsWith("not ready: looking").contains("2 of the nodes");
        assertThat(get(left, "/livez").statusCode()).isEqualTo(200);
        assertThat(get(left, "/api/v1/node?path=/streamed").statusCode()).isEqualTo(503);
        leader.start();
        await().atMost(EnsembleProcesses.PATIENCE).until(() -> ready(left));
    }

    private static Stream<String> stream(ServerProcess server, String lastId) throws Exception {
        var request = HttpRequest.newBuilder(uri(server, "/api/v1/watch?path=/streamed&recursive=true"));
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        var response = CLIENT.send(request.build(), BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    /** The id that comes with the next event of this name. */
    private static String untilId(Iterator<String> lines, String event) {
        var within = false;
        while (lines.hasNext()) {
            var line = lines.next();
            within |= line.equals(event);
            if (within && line.startsWith("id: ")) {
                return line.substring("id: ".length());
            }
        }
        throw new AssertionError("the stream ended before " + event);
    }
}
