package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Shows;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.sim.SimNode.Death;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients were told or could do that they should not; see the other scenarios. */
class ClientScenariosTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int RECURSIVE = 1;

    /** An event as a client hears of it. */
    private record Heard(WatchEvent.Type type, String path, long zxid) {}

    private static SimClient listening(Scenario scenario, SimNode at, Identity who, List<Heard> heard) {
        SimClient client =
                new SimClient(scenario.world(), "watcher", List.of(at), 10_000, List.of(who), new SimClient.Listener() {
                    @Override
                    public void event(WatchEvent event, long zxid) {
                        heard.add(new Heard(event.type(), event.path(), zxid));
                    }
                });
        client.start();
        return client;
    }

    private static SimClient watching(Scenario scenario, SimNode at, String path, List<Heard> heard) {
        SimClient client = listening(scenario, at, Identity.ANYONE, heard);
        Call watch = scenario.await(client.read(new ReadOperation.AddWatch(path, RECURSIVE), call -> {}));
        assertThat(watch.ok()).isTrue();
        return client;
    }

    @Test
    @Shows("S25")
    void S25_a_watcher_hears_of_every_change_once_in_order_and_before_it_can_see_it() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient writer = scenario.clientOf(scenario.leader());
            scenario.mustCreate(writer, "/a");
            List<Heard> heard = new ArrayList<>();
            SimNode slow = scenario.followers().get(0);
            SimClient watcher = watching(scenario, slow, "/a", heard);
            List<Heard> made = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                if (i % 20 == 0) {
                    slow.pause(Duration.ofMillis(150));
                }
                // The watcher's own writes are answered behind their events, which the client checks.
                Call write = scenario.await(scenario.set(i % 3 == 0 ? watcher : writer, "/a", "v" + i));
                assertThat(write.ok()).isTrue();
                made.add(new Heard(WatchEvent.Type.DATA_CHANGED, "/a", write.zxid()));
            }
            scenario.run(SHORT);
            assertThat(heard).isEqualTo(made);
        }
    }

    @Test
    @Shows("S26")
    void S26_who_may_not_read_a_znode_hears_nothing_of_it_at_any_server() {
        try (Scenario scenario = new Scenario(3)) {
            Identity alice = new Identity("digest", "alice:hash");
            SimClient owner = listening(scenario, scenario.leader(), alice, new ArrayList<>());
            scenario.mustCreate(owner, "/a");
            List<List<Heard>> heard = new ArrayList<>();
            for (SimNode node : scenario.ensemble().nodes()) {
                List<Heard> here = new ArrayList<>();
                heard.add(here);
                watching(scenario, node, "/a", here);
            }
            Operation secret = new Operation.Create(
                    "/a/secret", new byte[0], List.of(new Acl(Acl.ALL, alice)), CreateMode.PERSISTENT, true, -1);
            assertThat(scenario.await(owner.write(secret, call -> {})).ok()).isTrue();
            scenario.mustSet(owner, "/a/secret", "changed");
            scenario.mustCreate(owner, "/a/open");
            Call removed = scenario.await(owner.write(new Operation.Delete("/a/secret", -1), call -> {}));
            assertThat(removed.ok()).isTrue();
            scenario.run(SHORT);
            assertThat(heard)
                    .allSatisfy(here -> assertThat(here).extracting(Heard::path).containsExactly("/a/open"));
        }
    }

    @Test
    @Shows("S30")
    void S30_a_recursive_watch_names_the_znode_that_changed() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient writer = scenario.clientOf(scenario.leader());
            scenario.mustCreate(writer, "/a");
            List<Heard> heard = new ArrayList<>();
            watching(scenario, scenario.followers().get(0), "/a", heard);
            scenario.mustCreate(writer, "/a/b");
            scenario.mustCreate(writer, "/a/b/c");
            scenario.mustSet(writer, "/a/b/c", "changed");
            scenario.mustSet(writer, "/a", "changed");
            scenario.run(SHORT);
            assertThat(heard).extracting(Heard::path).containsExactly("/a/b", "/a/b/c", "/a/b/c", "/a");
        }
    }

    @Test
    @Shows("S37")
    void S37_a_multi_that_fails_leaves_no_trace_but_its_zxid() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.clientOf(scenario.leader());
            scenario.mustCreate(client, "/a");
            List<Heard> heard = new ArrayList<>();
            watching(scenario, scenario.followers().get(0), "/a", heard);
            TreeDump before = scenario.mustAgree();
            Call last = scenario.await(scenario.create(client, "/a", CreateMode.PERSISTENT));
            Operation.Multi multi = new Operation.Multi(List.of(
                    new Operation.Create("/a/b", new byte[0], Acl.OPEN, CreateMode.PERSISTENT, true, -1),
                    new Operation.SetData("/a", "changed".getBytes(UTF_8), -1),
                    new Operation.Check("/a", 99)));
            Call failed = scenario.await(client.write(multi, call -> {}));
            assertThat(failed.result() instanceof Result.Many many ? many.results() : List.<Result>of())
                    .extracting(Result::error)
                    .containsExactly(ErrorCode.OK, ErrorCode.OK, ErrorCode.BAD_VERSION);
            assertThat(failed.zxid()).isEqualTo(last.zxid() + 1);
            scenario.run(SHORT);
            assertThat(heard).isEmpty();
            assertThat(scenario.mustAgree().differenceFrom(before)).isEmpty();
        }
    }

    @Test
    @Shows("S39")
    void S39_without_a_leader_no_client_is_kept_in_the_belief_that_its_session_lives() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode left = scenario.followers().get(0);
            SimClient client = scenario.client(List.of(left), 4_000);
            scenario.mustCreate(client, "/a");
            scenario.ensemble().nodes().stream().filter(node -> node != left).forEach(node -> node.die(Death.KILL));
            scenario.run(Duration.ofSeconds(1));
            Call read = client.read(new ReadOperation.GetData("/a", false), call -> {});
            scenario.run(Duration.ofSeconds(4));
            assertThat(read.ok()).as("a read without a leader").isFalse();
            assertThat(client.connected()).as("a timeout later").isFalse();
            scenario.ensemble().startAll();
            scenario.leader();
            scenario.mustSet(client, "/a", "afterwards");
        }
    }
}
