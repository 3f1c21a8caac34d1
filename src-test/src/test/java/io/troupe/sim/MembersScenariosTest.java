package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Member;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.sim.SimNode.Death;
import io.troupe.sim.SimOptions.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of members that a node has slept through; its own list is then wrong about who leads, and about itself. */
class MembersScenariosTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Nodes 1, 2 and 3 are the voters of the first start. */
    private final SimEnsemble ensemble = new SimEnsemble(
            new SimOptions(1, 3, 2, Set.of(Mode.PROBES, Mode.PRODUCTION_BEATS), Duration.ZERO, Trace.quiet()),
            Seeds.PRODUCTION);

    private final SimClient operator = new SimClient(
            ensemble.world(),
            "operator",
            ensemble.nodes(),
            10_000,
            List.of(new Identity("super", "")),
            new SimClient.Listener() {});

    @AfterEach
    void close() {
        ensemble.close();
    }

    private void await(String what, Duration atMost, BooleanSupplier condition) {
        boolean met = ensemble.world().runUntil(condition, atMost);
        assertThat(ensemble.world().failure()).isNull();
        assertThat(met)
                .as(() ->
                        what + "\n" + String.join("\n", ensemble.world().trace().recent()))
                .isTrue();
    }

    private boolean serves(int node) {
        NodeStatus status = ensemble.node(node).status();
        return status != null && status.serving();
    }

    private boolean leads(int node) {
        return ensemble.leader().filter(leader -> leader.id() == node).isPresent();
    }

    private void mustChange(List<Member> joining, List<Integer> leaving) {
        Call change = operator.write(new Operation.Reconfigure(joining, leaving, null, -1, true), call -> {});
        await("the change is answered", PATIENCE, change::done);
        assertThat(change.ok()).as("%s", change).isTrue();
    }

    private static Member voter(int node) {
        return new Member(node, "n" + node, 25520, "n" + node, 2181, 0);
    }

    @Test
    void a_node_that_was_away_while_everybody_was_replaced_finds_the_leader_though_it_is_listed_no_more() {
        List.of(1, 2, 3).forEach(id -> ensemble.node(id).start());
        await("all are there", PATIENCE, () -> serves(1) && serves(2) && serves(3));
        ensemble.node(2).die(Death.KILL);
        List.of(4, 5).forEach(id -> ensemble.node(id).start());
        operator.start();
        await("the newcomers are there", PATIENCE, () -> serves(4) && serves(5));
        mustChange(List.of(voter(4), voter(5)), List.of());
        mustChange(List.of(), List.of(1, 2, 3));
        await("somebody leads whom node 2 does not know", PATIENCE, () -> leads(4) || leads(5));
        ensemble.node(2).start();

        await("node 2 serves", SOON, () -> serves(2));
        assertThat(ensemble.leader()
                        .map(SimNode::status)
                        .map(NodeStatus::membership)
                        .orElseThrow()
                        .members())
                .extracting(Member::nodeId)
                .containsExactly(4, 5);
    }
}
