package io.troupe.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.nemesis.NetworkLab;
import io.troupe.process.EnsembleProcesses;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An Akka cluster of five whose split brain resolver asks a lease at an ensemble, while the network falls into two parts. */
class SplitBrainResolverTest {
    /** What the page says, and times for a test. */
    private static final String RESOLVER = AkkaPage.configuration("Split brain resolver") + """
            akka.cluster.split-brain-resolver {
              stable-after = 6s
              # It would end both parts where a busy host delays a heartbeat.
              down-all-when-unstable = off
            }
            """;

    private static final List<Integer> THREE = List.of(4, 5, 6);
    private static final List<Integer> TWO = List.of(7, 8);

    @Test
    void oneOfTwoPartsThatBothReachTheEnsembleSurvives() {
        try (var host = DividedHost.start("both-reach", THREE.size() + TWO.size(), RESOLVER)) {
            host.cut(THREE, TWO);
            await().atMost(EnsembleProcesses.PATIENCE.multipliedBy(2))
                    .until(() -> hasEnded(host, THREE) || hasEnded(host, TWO));
            assertSurvives(host, hasEnded(host, TWO) ? THREE : TWO, hasEnded(host, TWO) ? TWO : THREE);
        }
    }

    @Test
    void thePartWithTheMajorityOfTheEnsembleSurvivesThoughItIsTheSmallerOne() {
        try (var host = DividedHost.start("one-reaches", THREE.size() + TWO.size(), RESOLVER)) {
            host.cut(with(THREE, 1), with(TWO, 2, 3));
            await().atMost(EnsembleProcesses.PATIENCE.multipliedBy(2)).until(() -> hasEnded(host, THREE));
            assertSurvives(host, TWO, THREE);
        }
    }

    private static List<Integer> with(List<Integer> members, Integer... servers) {
        return Stream.concat(members.stream(), Stream.of(servers)).toList();
    }

    private static boolean hasEnded(DividedHost host, List<Integer> members) {
        return members.stream().noneMatch(id -> host.member(id).isAlive());
    }

    private static void assertSurvives(DividedHost host, List<Integer> part, List<Integer> other) {
        part.forEach(id -> host.member(id).awaitLine(DividedHost.up(part)));
        part.forEach(id -> assertThat(host.member(id).isAlive()).isTrue());
        var downed = part.stream()
                .map(id -> ClusterApplication.DOWN + NetworkLab.address(id))
                .toList();
        Stream.concat(part.stream(), other.stream())
                .forEach(id -> assertThat(host.member(id).said())
                        .as("nobody has downed those who survive, not for a while either")
                        .doesNotContainAnyElementsOf(downed));
    }
}
