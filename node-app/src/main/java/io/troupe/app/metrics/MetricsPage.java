package io.troupe.app.metrics;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.troupe.metrics.Metrics;
import java.util.Map;

/**
 * All figures of a process in the forms that Prometheus reads: those of the Java machine by Micrometer's binders, those of the node by
 * {@link NodeCollector}. Thread-safe.
 */
public final class MetricsPage implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private volatile Map<String, Object> further = Map.of();

    /**
     * Of one node.
     *
     * @param metrics what it counts
     */
    public MetricsPage(Metrics metrics) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
        registry.getPrometheusRegistry().register(new NodeCollector(metrics, () -> further));
    }

    /**
     * The page.
     *
     * @param gauges figures that the node does not count itself, by name; what is no number among them is left out
     * @param accepted the header {@code Accept} of whoever asks, which may prefer OpenMetrics
     */
    public synchronized String text(Map<String, Object> gauges, String accepted) {
        further = Map.copyOf(gauges);
        return registry.scrape(contentType(accepted));
    }

    /** Type of the page for this header {@code Accept}. */
    public static String contentType(String accepted) {
        return accepted.contains("application/openmetrics-text")
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
