package io.troupe.app.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Looks for znodes by name. */
final class SearchApi implements Route.Source {
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;
    private static final int LONGEST_TEXT = 1_000;

    private final NodeGate gate;

    SearchApi(NodeGate gate) {
        this.gate = gate;
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route("GET", "/api/v1/search", Access.READ, this::search));
    }

    private CompletionStage<Reply> search(Exchange exchange) {
        String text = exchange.query("text")
                .filter(written -> !written.isEmpty() && written.length() <= LONGEST_TEXT)
                .orElseThrow(() ->
                        Problem.badRequest("say what a name contains, ?text=job, or how a path begins, ?text=/app/jo"));
        String root = Exchange.checkedPath(exchange.query("path").orElse("/"));
        int limit = exchange.whole("limit", PAGE, 1, LARGEST_PAGE);
        String after = exchange.query("after").orElse(null);
        return new TreeSearch(gate, exchange.caller().identities(), root, text, after, limit)
                .run()
                .thenApply(SearchApi::reply);
    }

    private static Reply reply(TreeSearch.Found found) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("paths", found.paths());
        fields.put("visited", found.visited());
        fields.put("hidden", found.hidden());
        fields.put("next", found.next());
        return Reply.json(fields);
    }
}
