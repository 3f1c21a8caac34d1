package io.troupe.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.metrics.Metrics;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Under which names Prometheus finds what is counted. */
class MetricsPageTest {
    private final Metrics metrics = new Metrics();
    private final MetricsPage page = new MetricsPage(metrics);

    @AfterEach
    void close() {
        page.close();
    }

    private String text(Map<String, Object> gauges) {
        return page.text(gauges, "");
    }

    @Test
    @Covers("7.2.3")
    void zooKeepersNamesAreThoseOfItsRelease() {
        metrics.counter("commit_count").add(7);
        metrics.summary("fsynctime").add(3);
        metrics.summary("fsynctime").add(4);
        metrics.distribution("readlatency").add(5);
        metrics.distribution("updatelatency");

        assertThat(text(Map.of("znode_count", 12)).lines())
                .contains(
                        "commit_count 7.0",
                        "fsynctime_count 2",
                        "fsynctime_sum 7.0",
                        "readlatency{quantile=\"0.5\"} 5.0",
                        "readlatency{quantile=\"0.99\"} 5.0",
                        "readlatency_count 1",
                        "updatelatency{quantile=\"0.99\"} NaN",
                        "znode_count 12.0");
    }

    @Test
    void troupesOwnFollowPrometheussRules() {
        metrics.counter("troupe_link_resets").add(2);
        metrics.gauge("troupe_phase_age_ms", () -> 9);
        assertThat(text(Map.of()).lines())
                .contains(
                        "troupe_link_resets_total 2.0",
                        "# TYPE troupe_link_resets_total counter",
                        "troupe_phase_age_ms 9.0");
    }

    @Test
    void whatIsCountedForEachNodeAndNamespaceHasItAsItsKey() {
        metrics.distribution("2_ack_latency").add(4);
        metrics.distribution("3_ack_latency").add(6);
        metrics.gauge("3_troupe_acked_zxid", () -> 77);
        metrics.summary("my-app_ü_read_per_namespace").add(10);
        assertThat(text(Map.of("app_quota_count_limit_per_namespace", 10L)).lines())
                .contains(
                        "ack_latency_sum{key=\"2\"} 4.0",
                        "ack_latency_sum{key=\"3\"} 6.0",
                        "troupe_acked_zxid{key=\"3\"} 77.0",
                        "read_per_namespace_count{key=\"my-app_ü\"} 1",
                        "quota_count_limit_per_namespace{key=\"app\"} 10.0");
    }

    @Test
    void theJavaMachineIsThereAndTextsAreNot() {
        String text = text(Map.of("server_state", "leader"));
        assertThat(text)
                .contains("jvm_memory_used_bytes{area=\"heap\"", "process_cpu_usage")
                .doesNotContain("server_state");
        assertThat(Arrays.stream(text.split("\n")).filter(line -> line.startsWith("# TYPE ")))
                .doesNotHaveDuplicates();
    }

    @Test
    void whoAsksForOpenMetricsGetsThem() {
        String accepted = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
        assertThat(page.text(Map.of(), accepted)).endsWith("# EOF\n");
        assertThat(MetricsPage.contentType(accepted)).startsWith("application/openmetrics-text");
        assertThat(MetricsPage.contentType("text/html")).startsWith("text/plain; version=0.0.4");
    }
}
