package io.troupe.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.troupe.testkit.TroupeEnsemble;
import io.troupe.testkit.TroupeExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what their README says, also when a participant or a node of the ensemble is killed. */
class ExamplesTest {
    @RegisterExtension
    static final TroupeExtension TROUPE = TroupeExtension.of(3);

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String RUN = "src-test/examples/run ";

    @Test
    void an_election_by_zookeepers_client_wakes_the_next_one_only(TroupeEnsemble ensemble) throws Exception {
        try (ExampleProcess a = ExampleProcess.start(ensemble, RUN + "election-zookeeper a")) {
            a.awaitLine("a: leads");
            long first = a.session();
            try (ExampleProcess b = ExampleProcess.start(ensemble, RUN + "election-zookeeper b")) {
                b.awaitLine("b: follows a");
                long second = b.session();
                try (ExampleProcess c = ExampleProcess.start(ensemble, RUN + "election-zookeeper c")) {
                    c.awaitLine("c: follows b");

                    b.kill();
                    ensemble.expireSession(second);
                    c.awaitLine("c: follows a");
                    ensemble.kill(ensemble.leader());
                    a.kill();
                    ensemble.expireSession(first);
                    c.awaitLine("c: leads");

                    assertThat(b.lines()).doesNotContain("b: leads");
                }
            }
        }
    }

    @Test
    void an_election_by_actors_gives_greater_tokens(TroupeEnsemble ensemble) throws Exception {
        try (ExampleProcess a = ExampleProcess.start(ensemble, RUN + "election a")) {
            a.awaitLine("a: leads with token [0-9]+");
            long session = a.session();
            try (ExampleProcess b = ExampleProcess.start(ensemble, RUN + "election b")) {
                b.awaitLine("b: stands");
                assertThat(b.lines()).containsExactly("b: stands");

                a.kill();
                ensemble.expireSession(session);

                b.awaitLine("b: leads with token [0-9]+");
                assertThat(token(b)).isGreaterThan(token(a));
            }
        }
    }

    private static long token(ExampleProcess process) {
        return process.lines().stream()
                .filter(line -> line.contains("token "))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_client_is_answered_while_servers_die_and_come(TroupeEnsemble ensemble) throws Exception {
        try (ExampleProcess one = ExampleProcess.start(ensemble, RUN + "server s-1")) {
            one.awaitLine("s-1: serves at port [0-9]+");
            try (ExampleProcess two = ExampleProcess.start(ensemble, RUN + "server s-2");
                    ExampleProcess client = ExampleProcess.start(ensemble, RUN + "client c")) {
                client.awaitLine("c: hello from s-1");
                client.awaitLine("c: hello from s-2");

                one.kill();
                // Its session lives on for a while, and the registry with it.
                await().atMost(MINUTE).until(() -> last(10, client).allMatch("c: hello from s-2"::equals));
                assertThat(client.lines()).doesNotContain("c: no server answers");

                two.stop();
                client.awaitLine("c: no server answers");
            }
        }
    }

    private static Stream<String> last(int count, ExampleProcess process) {
        List<String> lines = process.lines();
        return lines.stream().skip(Math.max(0, lines.size() - count));
    }

    @Test
    void a_setting_is_followed_and_rolled_back(TroupeEnsemble ensemble) throws Exception {
        try (ExampleProcess watch = ExampleProcess.start(ensemble, RUN + "config watch")) {
            watch.awaitLine("config: watches");
            command(ensemble, "config set 100", "config: made version 0");
            watch.awaitLine("config: the limit is 100, version 0");
            ensemble.kill(ensemble.leader());
            command(ensemble, "config set 200", "config: made version 1");
            watch.awaitLine("config: the limit is 200, version 1");
            command(ensemble, "config rollback 0", "config: made version 2");
            watch.awaitLine("config: the limit is 100, version 2");
        }
    }

    private static void command(TroupeEnsemble ensemble, String command, String answer) throws Exception {
        try (ExampleProcess process = ExampleProcess.start(ensemble, RUN + command)) {
            process.awaitEnd();
            assertThat(process.lines()).contains(answer);
        }
    }

    @Test
    void of_a_pair_the_other_takes_over_from_one_that_stands_still(TroupeEnsemble ensemble, @TempDir Path directory)
            throws Exception {
        Map<String, String> journal = Map.of("/tmp/journal", directory.toString());
        try (ExampleProcess a = ExampleProcess.start(ensemble, RUN + "pair a /tmp/journal", journal)) {
            a.awaitLine("a: wrote edit 2");
            long session = a.session();
            try (ExampleProcess b = ExampleProcess.start(ensemble, RUN + "pair b /tmp/journal", journal)) {
                b.awaitLine("b: is standby");

                a.signal("STOP");
                ensemble.expireSession(session);
                b.awaitLine("b: is active in epoch [0-9]+, after [0-9]+ edits");
                b.awaitLine("b: wrote edit [0-9]+");
                int before = a.lines().size();
                a.signal("CONT");
                a.awaitAfter(before, "a: .*(is standby|has expired).*");

                assertThat(a.lines().stream().skip(before)).noneMatch(line -> line.contains("wrote"));
                List<String> edits = Files.readAllLines(directory.resolve("edits"));
                assertThat(edits.stream()
                                .map(edit -> edit.substring(edit.length() - 1))
                                .distinct())
                        .containsExactly("a", "b");
            }
        }
    }

    @Test
    void a_journal_takes_nothing_of_an_epoch_that_is_over(@TempDir Path directory) throws Exception {
        Journal journal = new Journal(directory);
        journal.open(7);
        journal.append(7, "1 by a");

        assertThat(journal.open(9)).containsExactly("1 by a");

        assertThatThrownBy(() -> journal.append(7, "2 by a")).isInstanceOf(Journal.FencedException.class);
        assertThatThrownBy(() -> journal.open(8)).isInstanceOf(Journal.FencedException.class);
        journal.append(9, "2 by b");
        assertThat(directory.resolve("edits")).hasContent("1 by a\n2 by b");
    }

    @Test
    void the_job_of_a_killed_worker_is_done_by_another(TroupeEnsemble ensemble) throws Exception {
        String forever = "3600000";
        try (ExampleProcess one = ExampleProcess.start(ensemble, RUN + "work take w-1 2000", Map.of("2000", forever))) {
            one.awaitLine("w-1: waits for work");
            long session = one.session();
            command(ensemble, "work put wash dry fold", "put: put 3 jobs");
            one.awaitLine("w-1: begins (wash|dry|fold) with token [0-9]+");
            try (ExampleProcess two =
                    ExampleProcess.start(ensemble, RUN + "work take w-2 2000", Map.of("2000", "10"))) {
                two.awaitLine("w-2: begins .*");
                one.kill();
                ensemble.expireSession(session);

                for (String job : List.of("wash", "dry", "fold")) {
                    two.awaitLine("w-2: did " + job);
                }
            }
        }
    }

    @Test
    void every_program_has_less_than_a_hundred_lines() throws Exception {
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/troupe/examples"))) {
            for (Path source : sources.toList()) {
                assertThat(Files.readAllLines(source)).as(source.toString()).hasSizeLessThan(100);
            }
        }
    }
}
