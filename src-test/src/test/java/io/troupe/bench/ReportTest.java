package io.troupe.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From samples to medians, verdicts, tables, plots and a page. */
class ReportTest {
    private static final Scenario WRITES = Workload.WRITE_PIPELINED;

    private static Results results(double troupe, double zookeeper) {
        Results results = new Results();
        results.add(WRITES.title(), "2026-01-01", 0, Contender.ZOOKEEPER, Map.of(Load.RATE, zookeeper));
        results.add(WRITES.title(), "2026-01-01", 0, Contender.TROUPE, Map.of(Load.RATE, troupe));
        return results;
    }

    @Test
    void aSpreadIsMedianLeastAndGreatest() {
        assertThat(Spread.of(List.of(30.0, 10.0, 20.0))).isEqualTo(new Spread(20, 10, 30));
        assertThat(Spread.of(List.of(10.0, 40.0, 20.0, 30.0)).median()).isEqualTo(25);
        assertThat(Spread.of(List.of(1234.0, 0.25, 12.34))).hasToString("12.3 (0.25 to 1,234)");
        assertThat(Spread.of(List.of(7.0))).hasToString("7");
        assertThat(Spread.of(List.of())).hasToString("-");
    }

    @Test
    void boundsAreOfRatiosOrOfTheFigureItself() {
        assertThat(Bound.ratioAtLeast(2).met(200, 100)).isTrue();
        assertThat(Bound.ratioAtLeast(2).met(199, 100)).isFalse();
        assertThat(Bound.ratioAtMost(0.5).met(50, 100)).isTrue();
        assertThat(Bound.ratioAtMost(0.5).met(51, 100)).isFalse();
        assertThat(Bound.valueAtMost(20).met(20, Double.NaN)).isTrue();
        assertThat(Bound.ratioAtMost(0.5).met(1, Double.NaN)).isFalse();
        assertThat(Bound.ratioAtMost(1.0 / 3)).hasToString("\u2264 1/3x");
        assertThat(Bound.ratioAtMost(0.6)).hasToString("\u2264 0.60x");
        assertThat(Bound.valueAtMost(150)).hasToString("\u2264 150");
    }

    @Test
    void aVerdictSaysHowFarItCame() {
        Target target = new Target(Load.RATE, Bound.ratioAtLeast(2), Bound.ratioAtLeast(4));
        assertThat(target.verdict(400, 100)).isEqualTo("aim");
        assertThat(target.verdict(250, 100)).isEqualTo("reached");
        assertThat(target.verdict(150, 100)).isEqualTo("short");
        assertThat(target.verdict(150, Double.NaN)).isEqualTo("-");
    }

    @Test
    void whatFallsShortIsNamed() {
        assertThat(new Report(results(250, 100)).shortfalls(List.of(WRITES))).isEmpty();
        assertThat(new Report(results(150, 100)).shortfalls(List.of(WRITES)))
                .containsExactly("write-pipelined, operations/s: 150, ZooKeeper 100, ratio 1.50; to reach: \u2265 2x");
    }

    @Test
    void aTableHasTheTargetBesideTheFigure() {
        assertThat(new Report(results(250, 100)).figures(List.of(WRITES)).markdown())
                .isEqualTo("""
                        | workload | figure | Troupe | ZooKeeper | ratio | reach | aim |  |
                        |---|---|---|---|---|---|---|---|
                        | setData 100 B, 32 sessions x 64 outstanding | operations/s | 250 | 100 | 2.50 | \u2265 2x | \u2265 4x | reached |
                        """);
        Table table = new Table("a", "b");
        table.row(List.of("long", "1"));
        assertThat(table.text()).isEqualTo("a     b\nlong  1\n");
        assertThatThrownBy(() -> table.row(List.of("one"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void resultsAreKeptAndReplacedByScenario(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("results.tsv");
        Results first = results(1, 2);
        first.add("failover-kill", "2026-01-01", 0, Contender.TROUPE, Map.of(Outage.GAP, 200.0));
        first.add("failover-kill", "2026-01-01", 0, Contender.TROUPE, Map.of(Outage.GAP, 300.0));
        first.write(file);
        Results kept = Results.read(file);
        kept.replaceBy(results(5, 6));
        Results.Key rate = new Results.Key(0, Load.RATE);
        assertThat(kept.spread(WRITES, rate, Contender.TROUPE).median()).isEqualTo(5);
        assertThat(kept.spread(Failover.FAILOVER_KILL, new Results.Key(0, Outage.GAP), Contender.TROUPE))
                .isEqualTo(new Spread(250, 200, 300));
        assertThat(kept.spread(Failover.FAILOVER_KILL, rate, Contender.ZOOKEEPER)
                        .median())
                .isNaN();
        Files.writeString(file, "nonsense\n");
        assertThatThrownBy(() -> Results.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nonsense")
                .hasMessageContaining("remove the line");
    }

    @Test
    void aPageKeepsWhatWasWrittenByHand() {
        String once = Documents.replaced("By hand.\n", "jdk17", "first\n");
        String both = Documents.replaced(once, "jdk25", "other\n");
        String again = Documents.replaced(both, "jdk17", "$1 second\n");
        assertThat(again)
                .startsWith("By hand.\n")
                .contains("$1 second\n")
                .contains("other\n")
                .doesNotContain("first");
    }

    @Test
    void plotsHoldEveryPoint() {
        TreeMap<Long, Double> curve = new TreeMap<>(Map.of(1L, 10.0, 3L, 100.0, 5L, 1_000.0));
        String series = new SeriesChart(
                        "servers", List.of(new SeriesChart.Panel("a < b", Map.of(Contender.TROUPE, curve))))
                .draw();
        assertThat(series).contains("a &lt; b").contains("<polyline").contains("prefers-color-scheme: dark");
        assertThat(series.split("<circle", -1)).hasSize(1 + 3 + 1);
        String ratios = RatioChart.draw(
                List.of(new RatioChart.Bar("good", 3, 2, 4), new RatioChart.Bar("bad", 0.5, 2, Double.NaN)));
        assertThat(ratios.split("<rect", -1)).hasSize(1 + 2);
        assertThat(ratios.split("class=\"aim\"", -1)).hasSize(1 + 1);
    }
}
