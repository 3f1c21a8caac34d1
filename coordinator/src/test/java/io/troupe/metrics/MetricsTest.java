package io.troupe.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.metrics.Summary.Percentile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void oneNameIsOneCounter() {
        metrics.counter("a").increment();
        metrics.counter("a").add(2);
        metrics.counter("b").increment();
        assertThat(metrics.counter("a").value()).isEqualTo(3);
        assertThat(metrics.counter("b").value()).isEqualTo(1);
    }

    @Test
    void anEmptySummaryIsAllZero() {
        Summary empty = metrics.distribution("a");
        assertThat(List.of(empty.count(), empty.sum(), empty.least(), empty.greatest()))
                .containsOnly(0L);
        assertThat(empty.average()).isZero();
        assertThat(empty.percentile(Percentile.P999)).isZero();
    }

    @Test
    void aSummaryKnowsExtremesAndMean() {
        Summary summary = metrics.summary("a");
        List.of(4, 2, 9).forEach(summary::add);
        assertThat(summary.count()).isEqualTo(3);
        assertThat(summary.sum()).isEqualTo(15);
        assertThat(summary.least()).isEqualTo(2);
        assertThat(summary.greatest()).isEqualTo(9);
        assertThat(summary.average()).isEqualTo(5);
        assertThatThrownBy(() -> summary.percentile(Percentile.P50)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void percentilesAreExactToTwoDigits() {
        Summary summary = metrics.distribution("a");
        IntStream.rangeClosed(1, 1000).forEach(summary::add);
        assertThat(summary.percentile(Percentile.P50)).isBetween(495L, 505L);
        assertThat(summary.percentile(Percentile.P95)).isBetween(945L, 960L);
        assertThat(summary.percentile(Percentile.P99)).isBetween(985L, 1000L);
        assertThat(summary.percentile(Percentile.P999)).isBetween(990L, 1010L);
    }

    @Test
    void whatTakesForEverOrRunsBackwardsIsMeasuredAllTheSame() {
        Summary summary = metrics.distribution("a");
        summary.add(Long.MAX_VALUE);
        summary.add(-1);
        assertThat(summary.greatest()).isEqualTo(Long.MAX_VALUE);
        assertThat(summary.least()).isEqualTo(-1);
        assertThat(summary.percentile(Percentile.P50)).isZero();
    }

    @Test
    void sizesRememberTheLastAndBothExtremes() {
        Sizes sizes = metrics.sizes("a");
        assertThat(List.of(sizes.last(), sizes.least(), sizes.greatest())).containsOnly(-1L);
        List.of(5, 3, 4).forEach(sizes::add);
        assertThat(List.of(sizes.last(), sizes.least(), sizes.greatest())).containsExactly(4L, 3L, 5L);
    }

    @Test
    void aResetForgetsWhatWasCountedAndKeepsWhatCounts() {
        Counter counter = metrics.counter("a");
        Summary summary = metrics.distribution("b");
        Sizes sizes = metrics.sizes("c");
        counter.increment();
        summary.add(7);
        sizes.add(7);
        metrics.reset();
        assertThat(counter.value()).isZero();
        assertThat(summary.count()).isZero();
        assertThat(summary.percentile(Percentile.P50)).isZero();
        assertThat(sizes.last()).isEqualTo(Sizes.NONE);
        counter.increment();
        assertThat(metrics.counter("a").value()).isEqualTo(1);
    }

    @Test
    void aGaugeShowsTheMoment() {
        long[] now = {1};
        assertThat(metrics.gauge("a")).isZero();
        metrics.gauge("a", () -> now[0]);
        now[0] = 2;
        assertThat(metrics.gauge("a")).isEqualTo(2);
    }

    @Test
    void nothingIsLostBetweenThreads() {
        Summary summary = metrics.distribution("a");
        Sizes sizes = metrics.sizes("a");
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(CompletableFuture.runAsync(
                    () -> IntStream.rangeClosed(1, 10_000).forEach(value -> {
                        summary.add(value);
                        sizes.add(value);
                    })));
        }
        CompletableFuture.allOf(writers.toArray(CompletableFuture<?>[]::new)).join();
        assertThat(summary.count()).isEqualTo(40_000);
        assertThat(summary.greatest()).isEqualTo(10_000);
        assertThat(List.of(sizes.least(), sizes.greatest())).containsExactly(1L, 10_000L);
    }
}
