package io.troupe.app.console;

import static io.troupe.app.console.ConsoleRig.znode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.app.console.ConsoleRig.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can be asked over HTTP, of a node alone with its real tree. Each test has znodes of its own. */
class ConsoleTest {
    @TempDir
    static Path directory;

    private static ConsoleRig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new ConsoleRig(directory);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static Answer create(String user, String json) throws Exception {
        return rig.send("POST", "/api/v1/node", user, json);
    }

    private static void refused(int status, String cause, Answer answer) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.field("cause")).isEqualTo(cause);
        assertThat(answer.whole().headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    // ---- the audit log ----

    @Test
    void whatIsChangedOrRefusedIsInTheAuditLogForAdministrators() throws Exception {
        assertThat(create("wendy", "{\"path\": \"/booked\", \"data\": \"secret\"}")
                        .status())
                .isEqualTo(201);
        assertThat(create("rita", "{\"path\": \"/booked-2\"}").status()).isEqualTo(403);
        assertThat(rig.send("GET", "/api/v1/audit", "wendy", "").status()).isEqualTo(403);
        await().atMost(ConsoleRig.PATIENCE).untilAsserted(() -> {
            Answer page = rig.send("GET", "/api/v1/audit?path=/booked&user=wendy", "ada", "");
            JsonNode event = page.json().path("events").path(0);
            assertThat(event.path("operation").asText()).isEqualTo("create");
            assertThat(event.path("ip").asText()).isEqualTo("127.0.0.1");
            assertThat(event.path("result").asText()).isEqualTo("success");
            Answer refused = rig.send("GET", "/api/v1/audit?operation=http%20POST%20/api/v1/node", "ada", "");
            assertThat(refused.json().path("events").path(0).path("error").asText())
                    .isEqualTo("role");
        });
        Answer all = rig.send("GET", "/api/v1/audit?limit=1", "ada", "");
        assertThat(all.json().path("events")).hasSize(1);
        assertThat(all.json().path("next").isNumber()).isTrue();
        assertThat(all.body()).doesNotContain("secret");
    }

    // ---- health ----

    @Test
    void aNodeIsAliveAllTheTimeAndReadyOnceItServes() throws Exception {
        assertThat(rig.get("/livez").status()).isEqualTo(200);
        assertThat(rig.get("/readyz").status()).isEqualTo(200);
        rig.hidden = true;
        try {
            Answer starting = rig.get("/readyz");
            assertThat(starting.status()).isEqualTo(503);
            assertThat(starting.body()).contains("not ready: starting", "snapshot");
            assertThat(rig.get("/healthz").status()).isEqualTo(200);
            refused(503, "not-serving", rig.get(znode("node", "/")));
            Answer command = rig.get("/commands/leader");
            assertThat(command.status()).isEqualTo(200);
            assertThat(command.field("error")).contains("not currently serving");
        } finally {
            rig.hidden = false;
        }
    }

    // ---- the tree ----

    @Test
    void aZnodeIsMadeReadReplacedAndDeletedByItsVersions() throws Exception {
        Answer made = create("wendy", "{\"path\": \"/round\", \"data\": \"größe\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(made.whole().headers().firstValue("Location")).contains("/api/v1/node?path=%2Fround");

        Answer read = rig.get(znode("node", "/round"));
        assertThat(read.field("data")).isEqualTo("größe");
        assertThat(read.json().path("stat").path("version").asInt(-1)).isZero();
        String tag = read.whole().headers().firstValue("ETag").orElseThrow();
        assertThat(rig.get(znode("node", "/round") + "&encoding=base64").field("data"))
                .isEqualTo("Z3LDtsOfZQ==");

        String binary = "{\"data\": \"AP8=\", \"encoding\": \"base64\"}";
        assertThat(rig.send("PUT", znode("node", "/round"), "wendy", binary, "If-Match", tag)
                        .status())
                .isEqualTo(200);
        refused(412, "bad-version", rig.send("PUT", znode("node", "/round"), "wendy", binary, "If-Match", tag));
        Answer again = rig.get(znode("node", "/round") + "&sync=true");
        assertThat(again.field("data")).isEqualTo("AP8=");
        assertThat(again.field("encoding")).isEqualTo("base64");

        refused(412, "bad-version", rig.send("DELETE", znode("node", "/round") + "&version=7", "wendy", ""));
        assertThat(rig.send("DELETE", znode("node", "/round") + "&version=1", "wendy", "")
                        .status())
                .isEqualTo(204);
        refused(404, "no-node", rig.get(znode("stat", "/round")));
    }

    @Test
    void modesAreThoseOfZnodesThatNeedNoSession() throws Exception {
        String name = create("wendy", "{\"path\": \"/q-\", \"mode\": \"persistent-sequential\"}")
                .field("path");
        assertThat(name).matches("/q-\\d{10}");
        assertThat(create("wendy", "{\"path\": \"/box\", \"mode\": \"container\"}")
                        .status())
                .isEqualTo(201);
        Answer passing =
                create("wendy", "{\"path\": \"/ttl\", \"mode\": \"persistent-with-ttl\", \"ttlMillis\": 90000}");
        assertThat(passing.status()).as(passing.body()).isEqualTo(201);
        refused(422, "no-session", create("wendy", "{\"path\": \"/e\", \"mode\": \"ephemeral\"}"));
        refused(400, "bad-request", create("wendy", "{\"path\": \"/e\", \"mode\": \"eternal\"}"));
        refused(400, "bad-request", create("wendy", "{\"path\": \"/t\", \"mode\": \"persistent-with-ttl\"}"));
        refused(409, "node-exists", create("wendy", "{\"path\": \"/box\"}"));
    }

    @Test
    void severalChangesAreMadeTogetherOrNoneIs() throws Exception {
        create("wendy", "{\"path\": \"/many\"}");
        String failing = """
                {"operations": [{"op": "create", "path": "/many/a"}, {"op": "check", "path": "/many", "version": 9}]}""";
        Answer refusal = rig.send("POST", "/api/v1/multi", "wendy", failing);
        refused(412, "bad-version", refusal);
        assertThat(refusal.field("detail")).contains("operation 2", "/many");
        String passing = """
                {"operations": [{"op": "create", "path": "/many/a", "data": "x"},
                                {"op": "set", "path": "/many/a", "data": "y", "version": 0},
                                {"op": "check", "path": "/many", "version": 0}]}""";
        Answer done = rig.send("POST", "/api/v1/multi", "wendy", passing);
        assertThat(done.status()).as(done.body()).isEqualTo(200);
        assertThat(done.json().path("results").path(0).path("path").asText()).isEqualTo("/many/a");
        assertThat(rig.get(znode("node", "/many/a")).field("data")).isEqualTo("y");
    }

    @Test
    void accessListsAreThoseOfTheUsers() throws Exception {
        String own = "[{\"scheme\": \"auth\", \"id\": \"\", \"permissions\": \"cdrwa\"}]";
        assertThat(create("wendy", "{\"path\": \"/private\", \"data\": \"p\", \"acl\": " + own + "}")
                        .status())
                .isEqualTo(201);
        refused(403, "no-auth", rig.get(znode("node", "/private")));
        refused(403, "no-auth", rig.send("GET", znode("node", "/private"), "rita", ""));
        assertThat(rig.send("GET", znode("node", "/private"), "wendy", "").field("data"))
                .isEqualTo("p");
        assertThat(rig.send("GET", znode("node", "/private"), "ada", "").status())
                .isEqualTo(200);
        Answer list = rig.send("GET", znode("acl", "/private"), "wendy", "");
        assertThat(list.json().path("acl").path(0).path("id").asText()).startsWith("wendy:");

        String everybodyReads = "{\"acl\": [{\"scheme\": \"world\", \"id\": \"anyone\", \"permissions\": \"r\"}]}";
        assertThat(rig.send("PUT", znode("acl", "/private") + "&version=0", "wendy", everybodyReads)
                        .status())
                .isEqualTo(200);
        assertThat(rig.get(znode("node", "/private")).status()).isEqualTo(200);
        refused(403, "no-auth", rig.send("PUT", znode("node", "/private"), "wendy", "{\"data\": \"2\"}"));
        refused(
                400,
                "invalid-acl",
                rig.send("PUT", znode("acl", "/private"), "ada", everybodyReads.replace("anyone", "someone")));
    }

    @Test
    void childrenComeInPages() throws Exception {
        create("wendy", "{\"path\": \"/pages\"}");
        StringBuilder all = new StringBuilder();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 250; i++) {
            names.add("child-" + i);
            all.append(i == 0 ? "" : ",").append("{\"op\": \"create\", \"path\": \"/pages/child-" + i + "\"}");
        }
        rig.send("POST", "/api/v1/multi", "wendy", "{\"operations\": [" + all + "]}");

        List<String> seen = new ArrayList<>();
        String after = "";
        do {
            JsonNode page =
                    rig.get(znode("children", "/pages") + "&limit=40" + after).json();
            page.path("children").forEach(name -> seen.add(name.asText()));
            after = page.path("next").isNull()
                    ? ""
                    : "&after=" + page.path("next").asText();
        } while (!after.isEmpty());
        assertThat(seen).doesNotHaveDuplicates().hasSameElementsAs(names);

        List<String> whole = new ArrayList<>();
        rig.get(znode("children", "/pages") + "&limit=251")
                .json()
                .path("children")
                .forEach(n -> whole.add(n.asText()));
        assertThat(whole).isSorted().hasSize(250);
        refused(400, "bad-request", rig.get(znode("children", "/pages") + "&limit=0"));
    }

    @Test
    void whatCannotBeUsedIsNamed() throws Exception {
        refused(400, "bad-request", rig.get("/api/v1/node"));
        refused(400, "bad-request", rig.get(znode("node", "a/b")));
        refused(404, "no-node", rig.get(znode("node", "/a/../b")));
        refused(400, "bad-arguments", create("wendy", "{\"path\": \"/a\\u0001\"}"));
        refused(400, "bad-request", create("wendy", "{\"path\": "));
        refused(400, "bad-request", create("wendy", "[1]"));
        refused(415, "content-type", rig.send("POST", "/api/v1/node", "wendy", "", "Content-Type", "text/plain"));
        refused(404, "no-route", rig.get("/api/v2/node"));
        refused(405, "method", rig.send("DELETE", "/metrics", "ada", ""));
        refused(405, "method", rig.send("TRACE", "/livez", "", ""));
        String large = "{\"path\": \"/large\", \"data\": \"" + "x".repeat(1_100_000) + "\"}";
        refused(413, "too-large", create("wendy", large));
        refused(413, "too-large", create("wendy", "{\"path\": \"" + "x".repeat(3_000_000) + "\"}"));
    }

    @Test
    void whoMayNotIsToldWhyAndHow() throws Exception {
        Answer nobody = create("", "{\"path\": \"/no\"}");
        refused(401, "unauthorized", nobody);
        assertThat(nobody.whole().headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic"));
        refused(403, "role", create("rita", "{\"path\": \"/no\"}"));
        refused(
                403,
                "cross-site",
                rig.send("POST", "/api/v1/node", "ada", "{\"path\": \"/no\"}", "Origin", "http://x"));
        refused(404, "no-node", rig.get(znode("node", "/no")));
    }

    // ---- watches ----

    @Test
    void aStreamTellsOfChangesAndGoesOnWhereItsReaderLeft() throws Exception {
        create("wendy", "{\"path\": \"/watched\"}");
        String watch = znode("watch", "/watched") + "&recursive=true";
        String last;
        try (EventReader events = rig.events(watch)) {
            assertThat(events.next().name()).isEqualTo("watching");
            rig.send("PUT", znode("node", "/watched"), "wendy", "{\"data\": \"1\"}");
            EventReader.Event changed = events.next();
            assertThat(changed.name()).isEqualTo("data-changed");
            assertThat(changed.data()).contains("\"path\":\"/watched\"");
            last = changed.id();
        }
        String both = """
                {"operations": [{"op": "create", "path": "/watched/a"}, {"op": "create", "path": "/watched/b"}]}""";
        rig.send("POST", "/api/v1/multi", "wendy", both);
        try (EventReader events = rig.events(watch, "Last-Event-ID", last)) {
            EventReader.Event first = events.next();
            assertThat(first.name()).isEqualTo("created");
            // Whoever stops here is told of the whole transaction again.
            assertThat(first.id()).isEmpty();
            EventReader.Event second = events.next();
            assertThat(second.data()).contains("/watched/b", second.id());
            assertThat(events.next().name()).isEqualTo("watching");
        }
    }

    @Test
    void streamsAreBoundedAndGivenBack() throws Exception {
        create("wendy", "{\"path\": \"/bounded\"}");
        String watch = "/api/v1/watch?path=/&recursive=true";
        List<EventReader> open = new ArrayList<>();
        AssertionError refusal = null;
        while (refusal == null) {
            try {
                open.add(rig.events(watch));
            } catch (AssertionError e) {
                refusal = e;
            }
        }
        assertThat(open.size()).isBetween(1, 3);
        assertThat(refusal).hasMessageStartingWith("503").hasMessageContaining("troupe.http.watch-streams");
        open.forEach(EventReader::close);
        // That a reader has gone shows when something is written to him.
        await().atMost(ConsoleRig.PATIENCE).until(() -> {
            rig.send("PUT", znode("node", "/bounded"), "wendy", "{\"data\": \"1\"}");
            try (EventReader events = rig.events(watch)) {
                return events.next().name().equals("watching");
            } catch (AssertionError e) {
                return false;
            }
        });
    }

    // ---- the node ----

    @Test
    void statusEnsembleAndSessionsAreTold() throws Exception {
        JsonNode status = rig.get("/api/v1/status").json();
        assertThat(status.path("role").asText()).isEqualTo("leading");
        assertThat(status.path("missing").isNull()).isTrue();
        JsonNode ensemble = rig.get("/api/v1/ensemble").json();
        assertThat(ensemble.path("members")).hasSize(1);
        assertThat(ensemble.path("leader").asInt()).isEqualTo(1);
        assertThat(rig.get("/api/v1/sessions").json().path("sessions").isArray())
                .isTrue();
    }

    @Test
    void theDescriptionHasEveryRouteAndNoOther() throws Exception {
        Set<String> described = new HashSet<>();
        JsonNode paths = new ObjectMapper().readTree(OpenApi.text()).path("paths");
        paths.properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        assertThat(rig.console.routes().stream().map(route -> route.method() + " " + route.path()))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(described);
        assertThat(rig.get("/openapi.json").field("openapi")).startsWith("3.1");
    }
}
