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
import java.util.function.Supplier;

/**
 * All figures of a process in the forms that Prometheus reads: those of the Java machine by Micrometer's binders, those of the node by
 * {@link NodeCollector}. Thread-safe.
 */
public final class MetricsPage implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /**
     * Of one node.
     *
     * @param metrics what it counts
     * @param gauges further figures by name; what is no number among them is left out
     */
    public MetricsPage(Metrics metrics, Supplier<Map<String, Object>> gauges) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
        registry.getPrometheusRegistry().register(new NodeCollector(metrics, gauges));
    }

    /**
     * The page.
     *
     * @param accepted the header {@code Accept} of whoever asks, which may prefer OpenMetrics
     */
    public String text(String accepted) {
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
