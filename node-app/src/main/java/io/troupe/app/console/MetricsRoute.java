package io.troupe.app.console;

import io.troupe.app.clientport.PortStatus;
import io.troupe.app.metrics.MetricsPage;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The page that Prometheus reads. What makes it is loaded when it is asked for the first time. */
final class MetricsRoute implements Route.Source, AutoCloseable {
    private final Surroundings around;
    private final IntSupplier streams;
    private @Nullable MetricsPage page;

    MetricsRoute(Surroundings around, IntSupplier streams) {
        this.around = around;
        this.streams = streams;
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route(
                "GET", "/metrics", Access.READ, e -> CompletableFuture.completedFuture(text(e.header("Accept")
                        .orElse("")))));
    }

    private Reply text(String accepted) {
        byte[] body = page().text(accepted).getBytes(StandardCharsets.UTF_8);
        return new Reply(200, MetricsPage.contentType(accepted), body, Map.of());
    }

    private synchronized MetricsPage page() {
        MetricsPage made = page;
        if (made == null) {
            made = new MetricsPage(around.metrics(), this::gauges);
            page = made;
        }
        return made;
    }

    private Map<String, Object> gauges() {
        Map<String, Object> gauges = new LinkedHashMap<>(
                around.clients().get().map(PortStatus::gauges).orElse(Map.of()));
        gauges.put("troupe_http_streams", streams.getAsInt());
        return gauges;
    }

    @Override
    public synchronized void close() {
        if (page != null) {
            page.close();
        }
    }
}
