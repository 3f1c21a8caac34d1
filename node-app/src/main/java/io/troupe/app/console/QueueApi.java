package io.troupe.app.console;

import io.troupe.app.console.LockQueues.Entry;
import io.troupe.app.console.LockQueues.Queue;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.TreeReport;
import io.troupe.env.Clock;
import io.troupe.request.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who waits for whom. What is asked of the tree is bounded, however many queues there are. */
final class QueueApi implements Route.Source {
    private static final int PAGE = 20;
    private static final int LARGEST_PAGE = 100;

    /** Of a long queue its head is told: who holds it, and who is next. */
    private static final int MOST_ENTRIES = 10;

    /** Finding the queues takes all ephemerals there are: whoever asks within this time is told of the same. */
    private static final long LASTS_MILLIS = 1_000;

    private record Known(long atMillis, CompletionStage<List<Queue>> queues) {}

    private final NodeGate gate;
    private final Clock clock;
    private @Nullable Known known;

    QueueApi(NodeGate gate, Clock clock) {
        this.gate = gate;
        this.clock = clock;
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route("GET", "/api/v1/queues", Access.READ, this::queues));
    }

    private CompletionStage<Reply> queues(Exchange exchange) {
        int limit = exchange.whole("limit", PAGE, 1, LARGEST_PAGE);
        return all().thenCompose(all -> {
            CompletionStage<List<Object>> told = CompletableFuture.completedFuture(new ArrayList<>());
            for (Queue queue : all.subList(0, Math.min(limit, all.size()))) {
                told = told.thenCombine(queue(exchange, queue), QueueApi::with);
            }
            return told.thenApply(queues -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("total", all.size());
                fields.put("queues", queues);
                return Reply.json(fields);
            });
        });
    }

    private synchronized CompletionStage<List<Queue>> all() {
        Known last = known;
        long now = clock.monotonicMillis();
        if (last == null || now - last.atMillis() >= LASTS_MILLIS) {
            last = new Known(
                    now, gate.report(TreeReport.Part.SESSIONS).thenApply(report -> LockQueues.of(report.sessions())));
            known = last;
        }
        return last.queues();
    }

    private static <T> List<T> with(List<T> list, T one) {
        list.add(one);
        return list;
    }

    private CompletionStage<Object> queue(Exchange exchange, Queue queue) {
        List<Entry> head = queue.entries()
                .subList(0, Math.min(MOST_ENTRIES, queue.entries().size()));
        CompletionStage<List<Object>> told = CompletableFuture.completedFuture(new ArrayList<>());
        for (Entry entry : head) {
            told = told.thenCombine(entry(exchange, queue.path(), entry), QueueApi::with);
        }
        return told.thenApply(entries -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", queue.path());
            fields.put("kind", queue.kind());
            fields.put("length", queue.entries().size());
            fields.put("waiting", queue.waiting());
            fields.put("head", entries);
            return fields;
        });
    }

    private CompletionStage<Object> entry(Exchange exchange, String parent, Entry entry) {
        String path = parent.equals("/") ? "/" + entry.name() : parent + "/" + entry.name();
        return gate.read(exchange.caller().identities(), new ReadOperation.Exists(path, false))
                .thenApply(answer -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("name", entry.name());
                    fields.put("session", Json.hex(entry.session()));
                    fields.put("holds", entry.holds());
                    fields.put("shared", entry.shared());
                    // Null for one that has gone in between.
                    fields.put(
                            "since",
                            answer.result() instanceof Result.Found found
                                    ? found.stat().ctime()
                                    : null);
                    return fields;
                });
    }
}
