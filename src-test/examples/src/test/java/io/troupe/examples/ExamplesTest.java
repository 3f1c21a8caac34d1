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

    private static final String RUN = "src-test/examples/run ";

    @Test
    void an_election_by_zookeepers_client_wakes_the_next_one_only(TroupeEnsemble ensemble) throws Exception {
        try (ExampleProcess a = ExampleProcess.start(ensemble, RUN + "election-zookeeper a")) {
            a.awaitLine("a: leads");
            try (ExampleProcess b = ExampleProcess.start(ensemble, RUN + "election-zookeeper b")) {
                b.awaitLine("b: follows a");
                try (ExampleProcess c = ExampleProcess.start(ensemble, RUN + "election-zookeeper c")) {
                    c.awaitLine("c: follows b");

                    b.kill();
                    c.awaitLine("c: follows a");
                    ensemble.kill(ensemble.leader());
                    a.kill();
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
            try (ExampleProcess b = ExampleProcess.start(ensemble, RUN + "election b")) {
                b.awaitLine("b: stands");
                assertThat(b.lines()).containsExactly("b: stands");

                a.kill();

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
        try (ExampleProcess one = ExampleProcess.start(ensemble, RUN + "server s-1");
                ExampleProcess client = ExampleProcess.start(ensemble, RUN + "client c")) {
            one.awaitLine("s-1: serves at port [0-9]+");
            client.awaitLine("c: hello from s-1");
            try (ExampleProcess two = ExampleProcess.start(ensemble, RUN + "server s-2")) {
                client.awaitLine("c: hello from s-2");
                int before = client.lines().size();
                one.kill();
                // Later than the kill, of which the registry hears only when the session is over.
                awaitAnswers(client, before, 10);

                assertThat(client.lines().stream().skip(before + 5)).containsOnly("c: hello from s-2");
                two.stop();
                client.awaitAfter(before, "c: no server answers");
            }
        }
    }

    private static void awaitAnswers(ExampleProcess client, int before, int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> client.lines().size() >= before + count);
    }

    @Test
    void a_setting_is_followed_and_rolled_back(TroupeEnsemble ensemble) throws Exception {
        try (ExampleProcess watch = ExampleProcess.start(ensemble, RUN + "config watch")) {
            watch.awaitLine("config: watches");
            command(ensemble, "config set 100");
            watch.awaitLine("config: the limit is 100, version 0");
            ensemble.kill(ensemble.leader());
            command(ensemble, "config set 200");
            watch.awaitLine("config: the limit is 200, version 1");
            command(ensemble, "config rollback 0");
            watch.awaitLine("config: the limit is 100, version 2");
        }
    }

    private static void command(TroupeEnsemble ensemble, String command) throws Exception {
        try (ExampleProcess process = ExampleProcess.start(ensemble, RUN + command)) {
            process.awaitEnd();
            assertThat(process.lines()).noneMatch(line -> line.contains("not changed") || line.contains("failed"));
        }
    }

    @Test
    void of_a_pair_the_other_takes_over_from_one_that_stands_still(TroupeEnsemble ensemble, @TempDir Path directory)
            throws Exception {
        Map<String, String> journal = Map.of("/tmp/journal", directory.toString());
        try (ExampleProcess a = ExampleProcess.start(ensemble, RUN + "pair a /tmp/journal", journal)) {
            a.awaitLine("a: wrote edit 2");
            try (ExampleProcess b = ExampleProcess.start(ensemble, RUN + "pair b /tmp/journal", journal)) {
                b.awaitLine("b: is standby");

                a.signal("STOP");
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
            command(ensemble, "work put wash dry fold");
            one.awaitLine("w-1: begins (wash|dry|fold) with token [0-9]+");
            try (ExampleProcess two =
                    ExampleProcess.start(ensemble, RUN + "work take w-2 2000", Map.of("2000", "10"))) {
                one.kill();

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
