package io.troupe.app.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.app.console.ConsoleRig.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

/** What the page in a browser asks of its node; the page itself is looked at in src-test. */
class PageTest {
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

    private static void create(String path) throws Exception {
        assertThat(rig.send("POST", "/api/v1/node", "wendy", "{\"path\": \"" + path + "\"}")
                        .status())
                .isEqualTo(201);
    }

    private static String header(Answer answer, String name) {
        return answer.whole().headers().firstValue(name).orElse("");
    }

    // ---- files ----

    @Test
    void theFilesOfThePageAllowNothingFromElsewhere() throws Exception {
        assertThat(rig.get("/").status()).isEqualTo(302);
        assertThat(header(rig.get("/"), "Location")).isEqualTo("/ui/");
        Answer page = rig.get("/ui/");
        assertThat(page.body()).contains("<title>Troupe</title>").doesNotContain("<style", "onclick");
        assertThat(header(page, "Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        for (String file : List.of("main.js", "preact.js")) {
            assertThat(header(rig.get("/ui/" + file), "Content-Type")).startsWith("text/javascript");
        }
        assertThat(header(rig.get("/ui/base.css"), "Content-Type")).startsWith("text/css");
    }

    @Test
    void aFileThatHasNotChangedIsNotSentAgain() throws Exception {
        Answer first = rig.get("/ui/main.js");
        assertThat(header(first, "Cache-Control")).isEqualTo("no-cache");
        Answer again = rig.get("/ui/main.js", "If-None-Match", header(first, "ETag"));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(rig.get("/ui/main.js", "If-None-Match", "\"another\"").status())
                .isEqualTo(200);
    }

    @Test
    void nothingButFilesOfThePageIsServed() throws Exception {
        for (String name :
                List.of("absent.js", "..%2fopenapi.json", "%2e%2e%2fConsole.class", "preact", "main.js%00")) {
            assertThat(rig.get("/ui/" + name).status()).as(name).isIn(400, 404);
        }
    }

    @Test
    void aScriptIsNotAnsweredByTheBrowsersOwnDialog() throws Exception {
        String body = "{\"path\": \"/denied\"}";
        Answer program = rig.send("POST", "/api/v1/node", "", body);
        assertThat(header(program, "WWW-Authenticate")).startsWith("Basic");
        Answer script = rig.send("POST", "/api/v1/node", "", body, "Sec-Fetch-Dest", "empty");
        assertThat(script.status()).isEqualTo(401);
        assertThat(header(script, "WWW-Authenticate")).isEmpty();
    }

    // ---- what changes ----

    @Test
    void aNodeTellsHowFarItsLogReachesNow() throws Exception {
        String before = rig.get("/api/v1/status").field("loggedZxid");
        create("/logged");
        JsonNode status = rig.get("/api/v1/status").json();
        assertThat(status.path("loggedZxid").asText())
                .isNotEqualTo(before)
                .isEqualTo(status.path("executedZxid").asText());
        assertThat(status.path("committedZxid")).isEqualTo(status.path("loggedZxid"));
        assertThat(status.path("lag").asLong()).isZero();
    }

    @Test
    void aPageIsToldEverythingAtOnceAndThenWhatChanges() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        Set<String> names = new HashSet<>();
        JsonNode state = mapper.nullNode();
        JsonNode elections = mapper.nullNode();
        try (EventReader events = rig.events("/api/v1/live")) {
            while (!names.contains("sample")) {
                EventReader.Event event = events.next();
                names.add(event.name());
                state = event.name().equals("state") ? mapper.readTree(event.data()) : state;
                elections = event.name().equals("elections") ? mapper.readTree(event.data()) : elections;
            }
        }
        assertThat(names).contains("user", "history", "happenings", "elections", "state", "sample");
        assertThat(state.path("leader").asInt()).isEqualTo(1);
        JsonNode node = state.path("nodes").path(0);
        assertThat(node.path("self").asBoolean()).isTrue();
        assertThat(node.path("says").path("serving").asBoolean()).isTrue();
        assertThat(node.path("says").path("lag").asLong()).isZero();
        JsonNode election = elections.path(0);
        assertThat(election.path("cause").asText()).isEqualTo("started");
        assertThat(election.path("leader").asInt()).isEqualTo(1);
        assertThat(election.path("votes").path(0).path("voter").asInt()).isEqualTo(1);
        assertThat(election.path("established").asLong()).isPositive();
    }

    @Test
    void asManyPagesAsThatAreTooMany() throws Exception {
        List<EventReader> open = new ArrayList<>();
        try {
            for (int i = 0; i < LiveApi.MOST_STREAMS; i++) {
                open.add(rig.events("/api/v1/live"));
            }
            Answer refusal = rig.get("/api/v1/live");
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.field("cause")).isEqualTo("too-many-streams");
        } finally {
            open.forEach(EventReader::close);
        }
        await().atMost(ConsoleRig.PATIENCE)
                .ignoreExceptionsInstanceOf(AssertionError.class)
                .untilAsserted(() -> rig.events("/api/v1/live").close());
    }

    // ---- the tree ----

    private static JsonNode search(String text, String more) throws Exception {
        Answer answer = rig.get("/api/v1/search?text=" + URLEncoder.encode(text, StandardCharsets.UTF_8) + more);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static List<String> paths(JsonNode found) {
        List<String> paths = new ArrayList<>();
        found.path("paths").forEach(path -> paths.add(path.asText()));
        return paths;
    }

    @Test
    void aSearchGoesOnWhereItStoppedAndFindsEachZnodeOnce() throws Exception {
        create("/wood");
        for (int i = 0; i < 6; i++) {
            create("/wood/tree-" + i);
            create("/wood/tree-" + i + "/Leaf");
            create("/wood/tree-" + i + "/Leaf/leaf");
            create("/wood/tree-" + i + "/root");
        }
        List<String> all = new ArrayList<>();
        String after = "";
        do {
            JsonNode found = search("leaf", "&path=/wood&limit=1" + after);
            all.addAll(paths(found));
            String next = found.path("next").asText();
            after = found.path("next").isNull() ? "" : "&after=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
        } while (!after.isEmpty());
        assertThat(all)
                .hasSize(12)
                .doesNotHaveDuplicates()
                .allMatch(path -> path.toLowerCase(Locale.ROOT).endsWith("/leaf"));
        assertThat(paths(search("leaf", "&path=/wood"))).containsExactlyElementsOf(all);
    }

    @Test
    void aPathFindsWhatBeginsLikeItAndWhatIsBelow() throws Exception {
        create("/shop");
        create("/shop/item-1");
        create("/shop/item-1/price");
        create("/shop/other");
        assertThat(paths(search("/shop/it", ""))).containsExactly("/shop/item-1", "/shop/item-1/price");
        assertThat(search("/shop/it", "").path("visited").asInt()).isLessThanOrEqualTo(3);
        assertThat(paths(search("/absent/x", ""))).isEmpty();
    }

    @Test
    void aSearchLooksAtSoManyZnodesAtMost() throws Exception {
        create("/many");
        StringBuilder operations = new StringBuilder("{\"operations\": [");
        int count = TreeSearch.MOST_VISITS + 100;
        for (int i = 0; i < count; i++) {
            operations
                    .append(i == 0 ? "" : ",")
                    .append("{\"op\": \"create\", \"path\": \"/many/n")
                    .append(i)
                    .append("\"}");
        }
        Answer created = rig.send("POST", "/api/v1/multi", "wendy", operations + "]}");
        assertThat(created.status()).as(created.body()).isEqualTo(200);
        JsonNode first = search("absent", "&path=/many");
        assertThat(first.path("visited").asInt()).isEqualTo(TreeSearch.MOST_VISITS);
        JsonNode second = search(
                "absent",
                "&path=/many&after=" + URLEncoder.encode(first.path("next").asText(), StandardCharsets.UTF_8));
        assertThat(second.path("visited").asInt()).isEqualTo(100);
        assertThat(second.path("next").isNull()).isTrue();
    }

    @Test
    void aSearchThatCannotBeIsRefused() throws Exception {
        assertThat(rig.get("/api/v1/search").status()).isEqualTo(400);
        assertThat(rig.get("/api/v1/search?text=a&path=/b&after=/c/d").status()).isEqualTo(400);
    }

    @Test
    void childrenAreToldWithWhatTheyAre() throws Exception {
        create("/family");
        create("/family/b");
        create("/family/a");
        create("/family/b/c");
        JsonNode details =
                rig.get("/api/v1/children?path=/family&details=true").json().path("details");
        assertThat(details).hasSize(2);
        assertThat(details.path(1).path("name").asText()).isEqualTo("b");
        assertThat(details.path(1).path("children").asInt()).isEqualTo(1);
        assertThat(details.path(0).path("ephemeral").asBoolean()).isFalse();
    }

    @Test
    void withoutEphemeralsNobodyWaits() throws Exception {
        JsonNode told = rig.get("/api/v1/queues").json();
        assertThat(told.path("total").asInt()).isZero();
        assertThat(told.path("queues")).isEmpty();
    }
}
