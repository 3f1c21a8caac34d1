package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Servers without an id join, two at once. One story in order, on an ensemble of its own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JoiningTest {
    private static EnsembleProcesses ensemble;
    private static ServerProcess one;
    private static ServerProcess other;

    @BeforeAll
    static void start() {
        ensemble = EnsembleProcesses.prepare(3);
        assumeTrue(ensemble.program().isTroupe(), "joining through seed nodes is Troupe's");
        one = ensemble.prepareJoiningWithoutId();
        other = ensemble.prepareJoiningWithoutId();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static void awaitObserving(ServerProcess server) {
        await("it observes")
                .atMost(EnsembleProcesses.PATIENCE)
                .failFast("it ended", () -> !server.isAlive())
                .until(() -> server.mode().filter("observer"::equals).isPresent());
    }

    private static String config() throws Exception {
        try (OfficialClient client = OfficialClient.connect(ensemble.connectString())) {
            return new String(client.getConfig(false, new Stat()), UTF_8);
        }
    }

    /** The id that the ensemble lists for a server. */
    private static int idOf(ServerProcess server) throws Exception {
        Matcher line = Pattern.compile("server\\.(\\d+)=" + ServerAddress.HOST + ":"
                        + server.address().peerPort() + ":")
                .matcher(config());
        return line.find() ? Integer.parseInt(line.group(1)) : 0;
    }

    private static void awaitListed(ServerProcess server) {
        await("it is listed").atMost(EnsembleProcesses.PATIENCE).until(() -> idOf(server) != 0);
    }

    @Test
    @Order(1)
    void twoThatJoinAtOnceEvenBeforeTheOthersAreThereGetDifferentIds() throws Exception {
        one.start();
        other.start();
        ensemble.startAll();
        for (ServerProcess server : List.of(one, other)) {
            awaitObserving(server);
            awaitListed(server);
        }

        assertThat(new TreeSet<>(List.of(idOf(one), idOf(other)))).containsExactly(4, 5);
    }

    @Test
    @Order(2)
    void aRestartKeepsTheId() throws Exception {
        int id = idOf(one);
        one.kill();
        one.start();
        awaitObserving(one);

        assertThat(idOf(one)).isEqualTo(id);
    }

    @Test
    @Order(3)
    void aServerThatLostItsDiskComesBackUnderItsId() throws Exception {
        int id = idOf(other);
        other.kill();
        other.wipeData();
        other.start();
        awaitObserving(other);

        assertThat(idOf(other)).isEqualTo(id);
        assertThat(config().lines().filter(line -> line.startsWith("server."))).hasSize(5);
    }

    @Test
    @Order(4)
    void aVoterThatMovesIsFoundByTheOthersAndListedWhereItIs() throws Exception {
        ServerProcess follower = ensemble.servers().stream()
                .filter(server -> server.mode().filter("follower"::equals).isPresent())
                .findFirst()
                .orElseThrow();
        follower.kill();
        ServerProcess moved = ensemble.prepareMoved(follower);
        moved.start();
        await("it follows")
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> moved.mode().filter("follower"::equals).isPresent());
        awaitListed(moved);

        assertThat(idOf(moved)).isEqualTo(follower.id());
        assertThat(config())
                .containsPattern(":" + moved.address().peerPort() + ":\\d+:participant;")
                .doesNotContain(":" + follower.address().peerPort() + ":");
    }
}
