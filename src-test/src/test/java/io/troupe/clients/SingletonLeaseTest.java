package io.troupe.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.nemesis.NetworkLab;
import io.troupe.process.EnsembleProcesses;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A cluster singleton with a lease at an ensemble. Both parts of a divided network take each other for dead, as operators who down by hand
 * make them: without the lease each would have its singleton.
 */
class SingletonLeaseTest {
    /** What the page says, and an operator. */
    private static final String SINGLETON = AkkaPage.configuration("Singletons and shards") + """
            akka.cluster.downing-provider-class = ""
            akka.cluster.singleton.lease-retry-interval = 1s
            """;

    private static final int OLDEST = 4;
    private static final List<Integer> OTHERS = List.of(5, 6);

    @Test
    void thereAreNeverTwoAndItComesBackWhereTheEnsembleIs() {
        try (var host = DividedHost.start("singleton", 1 + OTHERS.size(), SINGLETON)) {
            awaitStart(host, List.of(OLDEST), 1);

            host.cut(List.of(1, OLDEST), List.of(2, 3, 5, 6));
            OTHERS.forEach(id -> down(host, OLDEST, id));
            OTHERS.forEach(id -> down(host, id, OLDEST));
            host.member(OLDEST).awaitLine(DividedHost.up(List.of(OLDEST)));
            awaitStart(host, OTHERS, 1);

            // Still two clusters, of which one has it; and another member gets it once that is dead.
            host.heal();
            var holder = starts(host, List.of(5)) > 0 ? 5 : 6;
            var rest = List.of(OLDEST, holder == 5 ? 6 : 5);
            var before = starts(host, rest);
            var killed = System.nanoTime();
            host.member(holder).kill();
            down(host, rest.get(1), holder);
            awaitStart(host, rest, before + 1);

            assertNeverTwo(lives(host, holder, killed));
        }
    }

    private static void down(DividedHost host, int who, int whom) {
        host.member(who).tell(NetworkLab.address(whom));
    }

    private static void awaitStart(DividedHost host, List<Integer> members, long times) {
        await("singleton number " + times + " starts at " + members)
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> starts(host, members) >= times);
    }

    private static long starts(DividedHost host, List<Integer> members) {
        return members.stream()
                .flatMap(id -> host.member(id).said().stream())
                .filter(line -> line.startsWith(ClusterApplication.STARTS))
                .count();
    }

    /** A singleton, from when to when by the clock of the host, and its lease's token. */
    private record Life(int member, long start, long stop, long token) {}

    /** In the order of their starts. */
    private static List<Life> lives(DividedHost host, int holder, long killed) {
        var lives = new ArrayList<Life>();
        for (var id : List.of(OLDEST, 5, 6)) {
            var lines = host.member(id).said().stream()
                    .filter(line -> line.startsWith("singleton"))
                    .map(line -> line.split(" ", -1))
                    .toList();
            for (var i = 0; i < lines.size(); i += 2) {
                assertThat(String.join(" ", lines.get(i))).startsWith(ClusterApplication.STARTS);
                var end = id == holder ? killed : Long.MAX_VALUE;
                var stop = i + 1 < lines.size() ? Long.parseLong(lines.get(i + 1)[2]) : end;
                lives.add(new Life(id, Long.parseLong(lines.get(i)[2]), stop, Long.parseLong(lines.get(i)[3])));
            }
        }
        lives.sort(Comparator.comparingLong(Life::start));
        return lives;
    }

    private static void assertNeverTwo(List<Life> lives) {
        assertThat(lives).hasSizeGreaterThanOrEqualTo(3);
        for (var i = 1; i < lives.size(); i++) {
            var before = lives.get(i - 1);
            var life = lives.get(i);
            assertThat(life.start()).as(lives.toString()).isGreaterThan(before.stop());
            if (life.member() != before.member()) {
                assertThat(life.token()).as(lives.toString()).isGreaterThan(before.token());
            }
        }
    }
}
