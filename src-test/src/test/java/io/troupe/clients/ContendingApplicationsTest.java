package io.troupe.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two applications in processes of their own, none of them of the ensemble, and one lock, while servers die and hang. */
@ExtendWith(EnsembleExtension.class)
class ContendingApplicationsTest {
    private static final String PATH = "/contended/lock";
    private static final int SOME = 10;

    @Test
    void theLockIsNeverHeldByTwoAndTokensOnlyGrow(EnsembleProcesses ensemble, @TempDir Path directory)
            throws IOException {
        var file = Files.createFile(directory.resolve("section"));
        var places = ensemble.servers().stream()
                .map(server -> server.address().host() + ":" + server.address().peerPort())
                .toList();
        try (var theirs = ForeignProgram.start("contender", command(file, places));
                var ours = new Contender(PATH, file, places)) {
            theirs.awaitLine(Contender.BEGUN);
            awaitProgress(ours);
            for (ServerProcess server : ensemble.servers()) {
                server.kill();
                awaitProgress(ours);
                server.start();
                ensemble.awaitAllServing();
                awaitProgress(ours);
            }
            var leader = ensemble.awaitLeader();
            leader.pause();
            awaitProgress(ours);
            leader.resume();
            ensemble.awaitAllServing();
            awaitProgress(ours);

            assertThat(ours.stop()).isGreaterThan(SOME);
            theirs.tell("enough");
            assertThat(theirs.awaitExit(EnsembleProcesses.PATIENCE))
                    .as(() -> String.join("\n", theirs.said()))
                    .isZero();
            assertThat(theirs.said())
                    .filteredOn(line -> line.startsWith(Contender.TURNS))
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(Integer.parseInt(line.substring(Contender.TURNS.length())))
                            .isGreaterThan(SOME));
        }
    }

    private static void awaitProgress(Contender contender) {
        var enough = contender.turns() + SOME;
        await().atMost(EnsembleProcesses.PATIENCE).until(() -> contender.turns() >= enough);
    }

    private static List<String> command(Path file, List<String> places) {
        var command = new ArrayList<>(ForeignProgram.java("128m"));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Contender.class.getName(),
                PATH,
                file.toString()));
        command.addAll(places);
        return command;
    }
}
