package io.troupe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What can be measured: the rows of the comparison with ZooKeeper and the series, in their order. */
class ScenarioListTest {
    @Test
    void everyRowOfTheComparisonHasAScenario() {
        assertThat(Scenario.all().stream().filter(each -> !each.isSeries()).map(Scenario::title))
                .containsExactly(
                        "write-pipelined",
                        "create-pipelined",
                        "write-64x1",
                        "read-pipelined",
                        "read-64x1",
                        "mixed-pipelined",
                        "open-loop",
                        "million-znodes",
                        "watches-of-many-znodes",
                        "watches-of-one-znode",
                        "session-churn",
                        "idle-sessions",
                        "failover-kill",
                        "failover-stop",
                        "failover-term",
                        "failover-cut");
        assertThat(Scenario.all().stream().filter(each -> !each.isSeries()))
                .allSatisfy(each -> assertThat(each.targets()).as(each.title()).isNotEmpty());
    }

    @Test
    void everythingThatCostMayGrowWithIsASeries() {
        List<Scenario> series =
                Scenario.all().stream().filter(Scenario::isSeries).toList();
        assertThat(series.stream().map(Scenario::axis))
                .containsExactly("servers", "bytes of data", "sessions", "znodes", "children");
        assertThat(series).allSatisfy(each -> {
            assertThat(each.points()).isSorted().doesNotHaveDuplicates();
            assertThat(each.points())
                    .allSatisfy(point ->
                            assertThat(each.conditions(point).servers()).isPositive());
        });
    }

    @Test
    void conditionsThatDifferFromTheUsualOnesAreSaid() {
        assertThat(Conditions.USUAL.remarks()).isEmpty();
        assertThat(Conditions.USUAL
                        .withServers(5)
                        .withHeap(2_048)
                        .withSnapshotEvery(10_000)
                        .withRequestsUpTo(4 << 20)
                        .withCrowd()
                        .remarks())
                .isEqualTo(
                        "5 servers, heap 2048 MiB, snapshots every 10,000 requests, "
                                + "limit of a request raised to 4,194,304 B for both, no limit of connections per address for both");
    }
}
