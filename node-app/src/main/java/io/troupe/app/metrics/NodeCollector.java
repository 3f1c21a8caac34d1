package io.troupe.app.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the node counts, under the names that ZooKeeper 3.9 shows it by (contract 7.2): counters without {@code _total}, which dashboards
 * made for it ask for, so that Prometheus is not told that they are counters; summaries with quantiles; what is counted for each node
 * under its key. Troupe's own begin with {@code troupe_} and follow Prometheus's rules.
 */
final class NodeCollector implements MultiCollector {
    private static final String OWN = "troupe_";
    /** What is counted for each node, and for each namespace. */
    private static final Pattern KEYED = Pattern.compile("(\\d+)_(.+)|(.+)_((?:read|write|quota_\\w+)_per_namespace)");

    /** What is asked of a summary that keeps percentiles. */
    private static final double[] PERCENTS = {50, 90, 95, 99, 99.9};

    private final Metrics metrics;
    private final Supplier<Map<String, Object>> gauges;

    /**
     * Of one node.
     *
     * @param gauges further figures by name; what is no number among them is left out
     */
    NodeCollector(Metrics metrics, Supplier<Map<String, Object>> gauges) {
        this.metrics = metrics;
        this.gauges = gauges;
    }

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        gauges.get().forEach((name, value) -> {
            if (value instanceof Number number) {
                families.gauge(name, number.doubleValue());
            }
        });
        metrics.forEachGauge((name, value) -> {
            // ZooKeeper's are among the further ones, on those nodes where they mean something.
            if (name.contains(OWN)) {
                families.gauge(name, value.doubleValue());
            }
        });
        metrics.forEachCounter((name, counter) -> families.counter(name, counter.value()));
        metrics.forEachSummary(families::summary);
        return new MetricSnapshots(families.snapshots());
    }

    /** All figures of one name, those of different nodes among them. */
    private static final class Families {
        private final SortedMap<String, List<GaugeDataPointSnapshot>> gauges = new TreeMap<>();
        private final SortedMap<String, List<UnknownDataPointSnapshot>> unknowns = new TreeMap<>();
        private final SortedMap<String, List<CounterDataPointSnapshot>> counters = new TreeMap<>();
        private final SortedMap<String, List<SummaryDataPointSnapshot>> summaries = new TreeMap<>();

        void gauge(String name, double value) {
            // The same figure is shown by node and port.
            List<GaugeDataPointSnapshot> points = gauges.computeIfAbsent(nameOf(name), n -> new ArrayList<>());
            Labels labels = labelsOf(name);
            if (points.stream().noneMatch(point -> point.getLabels().equals(labels))) {
                points.add(new GaugeDataPointSnapshot(value, labels, null));
            }
        }

        void counter(String name, long value) {
            if (name.startsWith(OWN)) {
                counters.computeIfAbsent(name, n -> new ArrayList<>())
                        .add(new CounterDataPointSnapshot(value, labelsOf(name), null, 0));
            } else {
                unknowns.computeIfAbsent(nameOf(name), n -> new ArrayList<>())
                        .add(new UnknownDataPointSnapshot(value, labelsOf(name), null));
            }
        }

        void summary(String name, Summary summary) {
            List<Quantile> quantiles = new ArrayList<>();
            if (summary.hasPercentiles()) {
                // Of nothing there is none, which Prometheus calls by this number.
                boolean empty = summary.count() == 0;
                for (double percent : PERCENTS) {
                    quantiles.add(new Quantile(percent / 100, empty ? Double.NaN : summary.atPercent(percent)));
                }
            }
            summaries
                    .computeIfAbsent(nameOf(name), n -> new ArrayList<>())
                    .add(new SummaryDataPointSnapshot(
                            summary.count(),
                            summary.sum(),
                            quantiles.isEmpty() ? Quantiles.EMPTY : Quantiles.of(quantiles),
                            labelsOf(name),
                            null,
                            0));
        }

        private static String nameOf(String name) {
            Matcher keyed = KEYED.matcher(name);
            String family = !keyed.matches() ? name : keyed.group(2) != null ? keyed.group(2) : keyed.group(4);
            return PrometheusNaming.sanitizeMetricName(family);
        }

        private static Labels labelsOf(String name) {
            Matcher keyed = KEYED.matcher(name);
            return !keyed.matches()
                    ? Labels.EMPTY
                    : Labels.of("key", keyed.group(1) != null ? keyed.group(1) : keyed.group(3));
        }

        List<MetricSnapshot> snapshots() {
            List<MetricSnapshot> all = new ArrayList<>();
            gauges.forEach((name, points) -> all.add(new GaugeSnapshot(about(name), points)));
            unknowns.forEach((name, points) -> all.add(new UnknownSnapshot(about(name), points)));
            counters.forEach((name, points) -> all.add(new CounterSnapshot(about(name), points)));
            summaries.forEach((name, points) -> all.add(new SummarySnapshot(about(name), points)));
            return all;
        }

        private static MetricMetadata about(String name) {
            return new MetricMetadata(name, Descriptions.of(name));
        }
    }
}
