package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Akka's cluster grows from the quorum outward, around nodes that serve already. One story in order, on an ensemble of its own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {
    private static EnsembleProcesses ensemble;

    @BeforeAll
    static void start() {
        ensemble = EnsembleProcesses.prepare(3);
        assumeTrue(ensemble.program().isTroupe(), "Akka's cluster is Troupe's");
        ensemble.startAll();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static void awaitMembers(List<ServerProcess> servers) {
        await("one cluster of " + servers.size())
                .atMost(EnsembleProcesses.PATIENCE)
                .untilAsserted(() -> {
                    for (ServerProcess server : servers) {
                        assertThat(FourLetterWord.monitor(server.address().clientPort()))
                                .containsEntry("zk_troupe_cluster_members", Integer.toString(servers.size()));
                    }
                });
    }

    private static List<ServerProcess> all(ServerProcess... more) {
        return Stream.concat(ensemble.servers().stream(), Stream.of(more)).toList();
    }

    @Test
    @Order(1)
    void servers_that_serve_form_one_cluster() {
        awaitMembers(all());
    }

    @Test
    @Order(2)
    void a_server_that_comes_back_takes_the_place_of_its_dead_process() {
        ServerProcess leader = ensemble.awaitLeader();
        leader.kill();
        leader.start();
        ensemble.awaitAllServing();

        awaitMembers(all());
    }

    @Test
    @Order(3)
    void after_a_full_outage_the_others_serve_and_form_one_without_the_first_seed() throws Exception {
        ensemble.servers().forEach(ServerProcess::kill);
        List<ServerProcess> others = all().subList(1, 3);
        others.forEach(ServerProcess::start);
        ensemble.awaitServing(others);
        try (OfficialClient client =
                OfficialClient.connect(others.get(0).address().clientAddress())) {
            client.createText("/without-first-seed", "x", CreateMode.PERSISTENT);
        }
        awaitMembers(others);
    }

    @Test
    @Order(4)
    void a_server_that_joins_is_a_member_too() {
        ensemble.startAll();
        ServerProcess fourth = ensemble.prepareJoining();
        fourth.start();
        await("it observes")
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> fourth.mode().filter("observer"::equals).isPresent());

        awaitMembers(all(fourth));
    }
}
