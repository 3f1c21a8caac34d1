package io.troupe.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.heartbeat.HeartbeatProtocol.Reapable;
import io.troupe.heartbeat.HeartbeatProtocol.Timer;
import io.troupe.request.Operation;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a leader has abandoned containers removed. */
class HeartbeatReapingTest extends HeartbeatRig {
    @Test
    void only_an_established_leader_looks_for_abandoned_containers() {
        following(2);
        actor.run(Timer.REAP);
        assertThat(tree.hasMessages()).isFalse();
        leading();
        actor.run(Timer.REAP);

        assertThat(tree.getAllReceived()).hasExactlyElementsOfTypes(DataTreeProtocol.FindReapable.class);
    }

    @Test
    @Covers("2.11.1")
    void abandoned_containers_are_removed_by_requests_like_any_other() {
        leading();
        actor.run(new Reapable(new DataTreeProtocol.Reapable(List.of("/a", "/b"))));
        actor.run(new Reapable(new DataTreeProtocol.Reapable(List.of())));

        assertThat(proposed()).containsExactly(reap("/a"), reap("/b"));
    }

    private static Operation reap(String path) {
        return new Operation.Reap(path, EPOCH, 300_000);
    }

    private static List<String> paths(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "/c" + i).toList();
    }

    @Test
    void reaping_is_spread_over_the_minute_and_goes_on_while_there_is_more() {
        leading();
        tree.getAllReceived();
        actor.run(new Reapable(new DataTreeProtocol.Reapable(paths(0, 1_000))));
        assertThat(proposed()).containsExactly(reap("/c0"), reap("/c1"));
        findings.clear();
        actor.run(Timer.REAP);
        for (int i = 1; i < 500; i++) {
            actor.run(Timer.REAP_SOME);
        }
        assertThat(proposed()).hasSize(998).endsWith(reap("/c999"));
        assertThat(tree.hasMessages()).isFalse();
        actor.run(Timer.REAP_SOME);

        assertThat(tree.getAllReceived())
                .singleElement()
                .isInstanceOfSatisfying(
                        DataTreeProtocol.FindReapable.class,
                        find -> assertThat(find.neverUsedMillis()).isEqualTo(300_000));
        actor.run(new Reapable(new DataTreeProtocol.Reapable(paths(0, 1))));
        actor.run(Timer.REAP_SOME);
        actor.run(Timer.REAP_SOME);
        assertThat(tree.hasMessages()).isFalse();
    }

    @Test
    void who_no_longer_leads_reaps_nothing() {
        leading();
        actor.run(new Reapable(new DataTreeProtocol.Reapable(paths(0, 10))));
        following(2);
        leading();
        findings.clear();
        actor.run(Timer.REAP_SOME);

        assertThat(proposed()).isEmpty();
    }
}
