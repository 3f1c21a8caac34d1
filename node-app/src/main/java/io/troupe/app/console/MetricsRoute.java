package io.troupe.app.console;

import io.troupe.app.clientport.PortStatus;
import io.troupe.app.metrics.MetricsPage;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The page that Prometheus reads. What makes it is loaded when it is asked for the first time. */
final class MetricsRoute implements Route.Source, AutoCloseable {
    private final Surroundings around;
    private final IntSupplier streams;
    private final Executor executor;
    private @Nullable MetricsPage page;

    /**
     * Of one node.
     *
     * @param streams how many of events are open
     * @param executor where the page is made
     */
    MetricsRoute(Surroundings around, IntSupplier streams, Executor executor) {
        this.around = around;
        this.streams = streams;
        this.executor = executor;
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route("GET", "/metrics", Access.READ, this::answer));
    }

    private CompletionStage<Reply> answer(Exchange exchange) {
        String accepted = exchange.header("Accept").orElse("");
        Optional<PortStatus> port = around.clients().get();
        CompletionStage<Map<String, Object>> quotas =
                port.map(PortStatus::quotas).orElseGet(() -> CompletableFuture.completedFuture(Map.of()));
        return quotas.thenApplyAsync(
                used -> {
                    Map<String, Object> gauges =
                            new LinkedHashMap<>(port.map(PortStatus::gauges).orElse(Map.of()));
                    gauges.putAll(used);
                    gauges.put("troupe_http_streams", streams.getAsInt());
                    byte[] body = page().text(gauges, accepted).getBytes(StandardCharsets.UTF_8);
                    return new Reply(200, MetricsPage.contentType(accepted), body, Map.of());
                },
                executor);
    }

    private synchronized MetricsPage page() {
        MetricsPage made = page;
        if (made == null) {
            made = new MetricsPage(around.metrics());
            page = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (page != null) {
            page.close();
        }
    }
}
