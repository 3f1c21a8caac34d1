package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.conformance.IntendedDifferences.Of;
import io.troupe.contract.Covers;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.FourLetterWord;
import io.troupe.process.OfficialClient;
import io.troupe.process.ServerProcess;
import io.troupe.process.ServerProgram;
import io.troupe.process.TroupeProgram;
import io.troupe.process.Tuning;
import io.troupe.process.ZooKeeperProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * After the same requests a server of Apache ZooKeeper and one of Troupe answer status words alike (contract 7.1, 7.2): the same
 * keys, the same lines where values are masked. What differs on purpose stands in {@link IntendedDifferences}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatusWordsTest {
    /** Enough for a digest in {@code hash}, which keeps one of every 128 zxids. */
    private static final int WRITES = 150;

    /** Their answers hold nothing but what both servers must say. */
    private static final List<String> EXACT = List.of("ruok", "isro", "gtmk", "stmk\0\0\0\0\0\0\1\2", "crst", "srst");

    /** In the order in which a server prints its lines. */
    private static final List<String> ORDERED = List.of("srvr", "conf", "envi", "dump", "wchs", "dirs", "hash");

    /** Of clients or paths in no certain order. */
    private static final List<String> UNORDERED = List.of("stat", "cons", "wchc", "wchp");

    private record Pair(String role, ServerProcess theirs, ServerProcess ours) {}

    /** An ensemble with a session at every server, which has written, read and watched. */
    private static final class Busy implements AutoCloseable {
        private final EnsembleProcesses ensemble;
        private final List<OfficialClient> clients = new ArrayList<>();

        Busy(ServerProgram program, int size) throws Exception {
            ensemble = EnsembleProcesses.prepare(program, size);
            ensemble.startAll();
            for (ServerProcess server : ensemble.servers()) {
                OfficialClient client = OfficialClient.connect(server.address().clientAddress());
                clients.add(client);
                use(client, "/words-" + (server == ensemble.awaitLeader() ? "l" : "f" + server.id()));
            }
        }

        private static void use(OfficialClient client, String path) throws Exception {
            client.createText(path, "", CreateMode.PERSISTENT);
            client.createText(path + "/mine", "", CreateMode.EPHEMERAL);
            for (int i = 0; i < WRITES; i++) {
                client.setData(path, ("" + i).getBytes(UTF_8), -1);
            }
            client.getData(path, true, null);
            client.getChildren(path, true);
            client.exists(path + "/mine", true);
            client.addWatch(path, AddWatchMode.PERSISTENT);
        }

        ServerProcess leader() {
            return ensemble.awaitLeader();
        }

        ServerProcess follower() {
            ServerProcess leader = leader();
            return ensemble.servers().stream()
                    .filter(server -> server != leader)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void close() {
            clients.forEach(OfficialClient::close);
            ensemble.close();
        }
    }

    private static Busy zookeeper(int size) throws Exception {
        return new Busy(new ZooKeeperProgram(Tuning.TEST), size);
    }

    private static Busy troupe(int size) throws Exception {
        return new Busy(new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.TEST), size);
    }

    @Test
    @Covers({"7.1.1", "7.2.1"})
    void anEnsembleOfThreeAnswersAlike() throws Exception {
        try (Busy theirs = zookeeper(3);
                Busy ours = troupe(3)) {
            compare(new Pair("leader", theirs.leader(), ours.leader()));
            compare(new Pair("follower", theirs.follower(), ours.follower()));
        }
    }

    @Test
    @Covers({"7.1.1", "7.2.1"})
    void aStandaloneServerAnswersAlike() throws Exception {
        try (Busy theirs = zookeeper(1);
                Busy ours = troupe(1)) {
            compare(new Pair("standalone", theirs.leader(), ours.leader()));
        }
    }

    private static void compare(Pair pair) throws IOException {
        compareKeys(pair);
        for (String word : ORDERED) {
            assertThat(shapes(word, pair.ours()))
                    .as("%s of a %s", word, pair.role())
                    .containsExactlyElementsOf(shapes(word, pair.theirs()));
        }
        for (String word : UNORDERED) {
            assertThat(new TreeSet<>(shapes(word, pair.ours())))
                    .as("%s of a %s", word, pair.role())
                    .containsExactlyElementsOf(new TreeSet<>(shapes(word, pair.theirs())));
        }
        for (String word : EXACT) {
            assertThat(ask(pair.ours(), word))
                    .as("%s of a %s", word, pair.role())
                    .isEqualTo(ask(pair.theirs(), word));
        }
    }

    private static void compareKeys(Pair pair) throws IOException {
        Set<String> theirs = keys(pair.theirs());
        Set<String> ours = keys(pair.ours());
        Set<String> missing = new TreeSet<>(theirs);
        missing.removeAll(ours);
        Set<String> added = new TreeSet<>(ours);
        added.removeAll(theirs);
        assertThat(IntendedDifferences.unexplained(missing, Of.KEYS_MISSING))
                .as("keys of mntr that a %s of ours lacks", pair.role())
                .isEmpty();
        assertThat(IntendedDifferences.unexplained(added, Of.KEYS_ADDED))
                .as("keys of mntr that only a %s of ours has", pair.role())
                .isEmpty();
        assertThat(theirs).hasSizeGreaterThan(400);
        if (pair.role().equals("leader")) {
            assertThat(IntendedDifferences.outdated(missing, Of.KEYS_MISSING)).isEmpty();
            assertThat(IntendedDifferences.outdated(added, Of.KEYS_ADDED)).isEmpty();
        }
    }

    /** Learners by their ids and namespaces are named alike on both sides only once they are masked. */
    private static Set<String> keys(ServerProcess server) throws IOException {
        return FourLetterWord.monitor(server.address().clientPort()).keySet().stream()
                .map(key -> key.replaceAll("_\\d+_(learner_handler_|ack_latency)", "_ID_$1")
                        .replaceAll("_[^_]+_(read|write)_per_namespace", "_NAMESPACE_$1_per_namespace"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String ask(ServerProcess server, String word) throws IOException {
        return FourLetterWord.ask(server.address().clientPort(), word);
    }

    /** The different lines of an answer, values masked, in the order of their first appearance. */
    private static List<String> shapes(String word, ServerProcess server) throws IOException {
        return ask(server, word)
                .lines()
                .map(line -> shape(word, line))
                .distinct()
                .toList();
    }

    private static String shape(String word, String line) {
        return switch (word) {
            case "wchs" -> line;
            case "wchc", "wchp" -> line.replaceAll("0x[0-9a-f]+", "0xX");
            case "envi" -> line.replaceAll("=.*", "=V");
            case "conf" -> line.startsWith("server.") ? line.replaceAll("\\d+", "N") : line.replaceAll("=.*", "=V");
            case "hash" -> line.replaceAll("^[0-9a-f]+: -?\\d+$", "X: N");
            default ->
                line.replaceAll("version: 3\\.9\\.5-\\S+, built on .*", "version: V")
                        .replaceAll(
                                "expire at \\w{3} \\w{3} \\d\\d \\d\\d:\\d\\d:\\d\\d \\S+ \\d{4}:", "expire at DATE:")
                        .replaceAll("/words-.*", "/PATH")
                        .replaceAll("lop=\\w{4}", "lop=WORD")
                        .replaceAll("0x[0-9a-f]+", "0xX")
                        .replaceAll("-?\\d+(\\.\\d+)?", "N");
        };
    }
}
