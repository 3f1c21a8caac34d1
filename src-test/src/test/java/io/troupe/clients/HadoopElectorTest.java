package io.troupe.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZKUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hadoop's ActiveStandbyElector, by which NameNodes and ResourceManagers choose the active one and fence the one before. */
@ExtendWith(EnsembleExtension.class)
class HadoopElectorTest {
    private static final Path PROGRAM = Path.of("clients", "hadoop").toAbsolutePath();
    private static final String PARENT = "/hadoop-ha/cluster";
    private static final String LOCK = PARENT + "/ActiveStandbyElectorLock";
    private static final String BREADCRUMB = PARENT + "/ActiveBreadCrumb";
    private static final Duration SESSION = Duration.ofSeconds(6);

    private static final String ACTIVE = "become active";
    private static final String STANDBY = "become standby";

    private final List<ForeignProgram> electors = new ArrayList<>();

    @AfterEach
    void endElectors() {
        electors.forEach(ForeignProgram::close);
    }

    @Test
    void theStandbyTakesOverAndFencesAndTheDeathOfTheLeaderChangesNothing(EnsembleProcesses ensemble) throws Exception {
        try (var client = OfficialClient.connect(ensemble.connectString())) {
            var first = start("first", ensemble);
            first.awaitLine(ACTIVE);
            var second = start("second", ensemble);
            second.awaitLine(STANDBY);
            assertActive("first", client);

            first.kill();
            second.awaitLine(ACTIVE);
            assertThat(calls(second)).containsExactly(STANDBY, "fence first", ACTIVE);
            assertActive("second", client);

            var third = start("third", ensemble);
            third.awaitLine(STANDBY);
            var lock = client.stat(LOCK);
            ensemble.awaitLeader().kill();
            ensemble.awaitLeader();
            await("the active one stays active for longer than its session could be silent")
                    .during(SESSION.multipliedBy(3).dividedBy(2))
                    .atMost(EnsembleProcesses.PATIENCE)
                    .ignoreException(KeeperException.ConnectionLossException.class)
                    .until(() -> client.stat(LOCK).equals(lock));
            assertActive("second", client);
            tellsWhoIsActive(second, "second");
            tellsWhoIsActive(third, "second");
            assertThat(calls(second)).doesNotContain("fence second");
            assertThat(calls(third)).doesNotContain(ACTIVE);

            second.pause();
            third.awaitLine(ACTIVE);
            assertThat(calls(third)).endsWith("fence second", ACTIVE);
            assertActive("third", client);
            var before = calls(second).stream().filter(STANDBY::equals).count();
            second.resume();
            second.awaitLine(STANDBY, (int) before + 1);
            assertActive("third", client);

            endElectors();
            ZKUtil.deleteRecursive(client, "/hadoop-ha");
        }
    }

    private ForeignProgram start(String name, EnsembleProcesses ensemble) {
        var command = new ArrayList<>(ForeignProgram.java("64m"));
        command.addAll(List.of(
                "-Dlog4j.configuration=" + PROGRAM.resolve("log4j.properties").toUri(),
                "-cp",
                ForeignProgram.classPath("hadoop"),
                PROGRAM.resolve("Elector.java").toString(),
                ensemble.connectString(),
                PARENT,
                name,
                Long.toString(SESSION.toMillis())));
        var elector = ForeignProgram.start("elector-" + name, command);
        electors.add(elector);
        return elector;
    }

    /** Everything that the elector told its application, but for what it says while it has no connection. */
    private static List<String> calls(ForeignProgram elector) {
        return elector.said().stream()
                .filter(line -> line.startsWith("become ") || line.startsWith("fence ") || line.startsWith("fatal"))
                .toList();
    }

    private static void tellsWhoIsActive(ForeignProgram elector, String name) {
        elector.tell("who?");
        elector.awaitLine("active is " + name);
    }

    private static void assertActive(String name, OfficialClient client) throws Exception {
        client.syncAll();
        assertThat(client.text(LOCK)).isEqualTo(name);
        assertThat(client.stat(LOCK).getEphemeralOwner()).isNotZero();
        assertThat(client.text(BREADCRUMB)).isEqualTo(name);
        assertThat(client.stat(BREADCRUMB).getEphemeralOwner()).isZero();
    }
}
