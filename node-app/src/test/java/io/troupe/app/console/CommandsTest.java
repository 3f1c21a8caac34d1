package io.troupe.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.app.console.ConsoleRig.Answer;
import io.troupe.contract.Covers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The admin commands have the shapes of ZooKeeper's: {@code zookeeper-3.9.5-commands.json} is what the AdminServer of ZooKeeper 3.9.5 has
 * answered, as the leader of three, with a client that has an ephemeral and a watch. Every field of it must be there and be of the
 * same kind.
 */
class CommandsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Only a leader of others has them, and a node alone is what is asked here. */
    private static final Set<String> OF_ENSEMBLES = Set.of(
            "peer_state",
            "quorum_size",
            "learners",
            "synced_followers",
            "synced_non_voting_followers",
            "synced_observers",
            "pending_syncs",
            "leader_uptime",
            "last_proposal_size",
            "min_proposal_size",
            "max_proposal_size",
            "proposal_stats");

    @TempDir
    static Path directory;

    private static ConsoleRig rig;
    private static ZooKeeper client;

    @BeforeAll
    static void start() throws Exception {
        rig = new ConsoleRig(directory);
        client = new ZooKeeper(
                "127.0.0.1:" + rig.clients.address().getPort(), (int) ConsoleRig.PATIENCE.toMillis(), event -> {});
        client.create("/eph", new byte[1], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.create("/p", new byte[1], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.getData("/p", event -> {}, null);
        // From every 128th zxid a digest is kept.
        for (int i = 0; i < 130; i++) {
            client.setData("/p", new byte[1], -1);
        }
        client.getData("/p", event -> {}, null);
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        rig.close();
    }

    private static JsonNode captured() throws IOException {
        try (InputStream file = CommandsTest.class.getResourceAsStream("zookeeper-3.9.5-commands.json")) {
            return MAPPER.readTree(file);
        }
    }

    @Test
    @Covers("7.3.1")
    void everyCommandHasEveryFieldOfZooKeepers() throws Exception {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, JsonNode> command : captured().properties()) {
            String name = command.getKey();
            if (Set.of("snapshot", "restore").contains(name)) {
                continue;
            }
            String query = name.equals("set_trace_mask") ? "?traceMask=306" : "";
            Answer answer = rig.send("GET", "/commands/" + name + query, "ada", "");
            assertThat(answer.status()).as(name).isEqualTo(200);
            compare(name, command.getValue().path("body"), answer.json(), missing);
        }
        assertThat(missing).isEmpty();
    }

    private static void compare(String place, JsonNode theirs, JsonNode ours, List<String> missing) {
        if (theirs.isObject() && !byData(place)) {
            theirs.properties().forEach(field -> {
                String inside = place + "." + field.getKey();
                if (ours.has(field.getKey())) {
                    compare(inside, field.getValue(), ours.get(field.getKey()), missing);
                } else if (!OF_ENSEMBLES.contains(field.getKey()) && !ofOneNode(field.getKey())) {
                    missing.add(inside);
                }
            });
        } else if (theirs.isArray() && !theirs.isEmpty() && !theirs.get(0).isNumber()) {
            if (ours.isEmpty()) {
                missing.add(place + "[0]");
            } else {
                compare(place + "[0]", theirs.get(0), ours.get(0), missing);
            }
        } else if (!sameKind(theirs, ours)) {
            missing.add(place + ": " + theirs + " there, " + ours + " here");
        }
    }

    /** Objects whose keys are sessions, paths or times. */
    private static boolean byData(String place) {
        return place.matches(".*\\.(expiry_time_to_session_ids|session_id_to_\\w+|path_to_session_ids|current_config)");
    }

    /** The metrics of another server's followers. */
    private static boolean ofOneNode(String key) {
        return key.matches("(avg|min|max|cnt|sum|p50|p95|p99|p999)_\\d+_.*|.*_per_namespace");
    }

    private static boolean sameKind(JsonNode theirs, JsonNode ours) {
        return theirs.isNull() || ours.isNull() || theirs.getNodeType() == ours.getNodeType();
    }

    @Test
    void theListHasEveryCommandOfZooKeepers() throws Exception {
        String page = rig.get("/commands").body();
        Set<String> listed = new TreeSet<>();
        page.lines().filter(line -> line.startsWith("<a ")).forEach(line -> listed.add(line.replaceAll("<[^>]*>", "")));
        Set<String> theirs = new TreeSet<>();
        captured().fieldNames().forEachRemaining(theirs::add);
        theirs.remove("nonsense");
        assertThat(listed).isEqualTo(theirs);
    }

    @Test
    void theyTellOfTheClientThatIsThere() throws Exception {
        String session = Long.toString(client.getSessionId());
        JsonNode dump = rig.get("/commands/dump").json();
        assertThat(dump.path("session_id_to_ephemeral_paths")
                        .path(session)
                        .path(0)
                        .asText())
                .isEqualTo("/eph");
        assertThat(rig.get("/commands/wchp")
                        .json()
                        .path("path_to_session_ids")
                        .path("/p")
                        .path(0)
                        .asLong())
                .isEqualTo(client.getSessionId());
        assertThat(rig.get("/commands/cons")
                        .json()
                        .path("connections")
                        .path(0)
                        .path("session_id")
                        .asLong())
                .isEqualTo(client.getSessionId());
        assertThat(rig.get("/commands/mntr").json().path("ephemerals_count").asInt())
                .isEqualTo(1);
    }

    @Test
    void thoseThatChangeSomethingAreForAdministrators() throws Exception {
        for (String command : List.of("crst", "srst", "stat_reset", "orst", "stmk?traceMask=1", "snapshot")) {
            Answer refusal = rig.send("GET", "/commands/" + command, "wendy", "");
            assertThat(refusal.status()).as(command).isEqualTo(403);
            assertThat(refusal.field("error")).as(command).contains("administrator");
        }
        assertThat(rig.get("/commands/stat_reset").status()).isEqualTo(401);
        assertThat(rig.send("POST", "/commands/restore", "ada", "{}").status()).isEqualTo(503);
    }

    @Test
    void secretsOfTheProcessAreNotShown() throws Exception {
        System.setProperty("troupe.test.password", "do-not-show");
        try {
            assertThat(rig.get("/commands/system_properties").body())
                    .contains("troupe.test.password")
                    .doesNotContain("do-not-show");
        } finally {
            System.clearProperty("troupe.test.password");
        }
    }
}
