package io.troupe.app.console;

import io.troupe.edge.Frontend;
import io.troupe.edge.ReadOperation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Watches as server-sent events. Bounded: each stream holds a connection and a session. */
final class WatchApi implements Route.Source {
    /** How often a reader hears that all is well. */
    static final long BEAT_MILLIS = 10_000;

    /** What a reader may leave unread; he comes back with the last id that he has seen. */
    private static final long MOST_UNSENT = 1 << 20;

    private final NodeGate gate;
    private final int mostStreams;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<WatchStream> streams = ConcurrentHashMap.newKeySet();

    WatchApi(NodeGate gate, int mostStreams) {
        this.gate = gate;
        this.mostStreams = mostStreams;
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route("GET", "/api/v1/watch", Access.READ, this::watch));
    }

    /** How many are open. */
    int open() {
        return count.get();
    }

    /** Lets every reader hear. */
    void beat() {
        streams.forEach(WatchStream::beat);
    }

    /** Ends all streams. */
    void end() {
        streams.forEach(WatchStream::endForAll);
    }

    private CompletionStage<Reply> watch(Exchange exchange) {
        Frontend node = gate.serving();
        WatchStream.Watch watch = new WatchStream.Watch(
                exchange.path(), exchange.flag("recursive"), since(exchange).orElse(null));
        if (count.incrementAndGet() > mostStreams) {
            count.decrementAndGet();
            throw Problem.of(
                            503,
                            "too-many-streams",
                            "Too many streams are open",
                            mostStreams + " may be, by troupe.http.watch-streams; come later, or ask another node")
                    .with("Retry-After", "5");
        }
        EventStream out = exchange.events(MOST_UNSENT);
        WatchStream stream = new WatchStream(node, exchange.caller().identities(), watch, out, gate.executor());
        streams.add(stream);
        out.onEnd(() -> {
            streams.remove(stream);
            count.decrementAndGet();
            stream.close();
        });
        // Whoever comes from another node may be ahead of this one.
        CompletionStage<?> current = watch.since() == null
                ? CompletableFuture.completedFuture(null)
                : gate.read(List.of(), new ReadOperation.Sync("/"));
        return current.thenCompose(synced -> stream.open());
    }

    /** What a browser says when it connects again, or a program the first time. */
    private static Optional<Long> since(Exchange exchange) {
        return exchange.header("Last-Event-ID")
                .or(() -> exchange.query("since"))
                .filter(written -> !written.isBlank())
                .map(written -> Exchange.number("Last-Event-ID", written));
    }
}
