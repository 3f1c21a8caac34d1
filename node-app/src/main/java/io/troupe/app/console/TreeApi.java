package io.troupe.app.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.edge.ReadOperation;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tree as JSON. */
final class TreeApi implements Route.Source {
    private static final String API = "/api/v1/";
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 10_000;
    private static final int LARGEST_DETAILED_PAGE = 1_000;

    private final NodeGate gate;
    private final Operations operations;

    TreeApi(NodeGate gate, Operations operations) {
        this.gate = gate;
        this.operations = operations;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", API + "node", Access.READ, this::get),
                new Route("POST", API + "node", Access.WRITE, this::create),
                new Route("PUT", API + "node", Access.WRITE, this::set),
                new Route("DELETE", API + "node", Access.WRITE, this::delete),
                new Route("GET", API + "stat", Access.READ, this::stat),
                new Route("GET", API + "children", Access.READ, this::children),
                new Route("GET", API + "acl", Access.READ, this::getAcl),
                new Route("PUT", API + "acl", Access.WRITE, this::setAcl),
                new Route("POST", API + "multi", Access.WRITE, this::multi));
    }

    // ---- reading ----

    private <T> CompletionStage<T> read(Exchange exchange, ReadOperation operation, Class<T> expected) {
        CompletionStage<?> current = exchange.flag("sync")
                ? gate.read(List.of(), new ReadOperation.Sync("/"))
                : CompletableFuture.completedFuture(null);
        return current.thenCompose(done -> gate.read(exchange.caller().identities(), operation))
                .thenApply(answer -> expected(answer.result(), expected, "read " + exchange.path()));
    }

    private static <T> T expected(Result result, Class<T> type, String what) {
        if (result instanceof Result.Failed failed) {
            throw TreeErrors.problem(failed.error(), what);
        }
        return type.cast(result);
    }

    private CompletionStage<Reply> get(Exchange exchange) {
        String path = exchange.path();
        boolean base64 = exchange.query("encoding").filter("base64"::equals).isPresent();
        return read(exchange, new ReadOperation.GetData(path, false), Result.Data.class)
                .thenApply(found -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("path", path);
                    Znodes.putData(fields, found.data(), base64);
                    fields.put("stat", Znodes.stat(found.stat()));
                    return Reply.json(fields).with("ETag", "\"" + found.stat().version() + "\"");
                });
    }

    private CompletionStage<Reply> stat(Exchange exchange) {
        String path = exchange.path();
        return read(exchange, new ReadOperation.Exists(path, false), Result.Found.class)
                .thenApply(found -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("path", path);
                    fields.put("stat", Znodes.stat(found.stat()));
                    return Reply.json(fields);
                });
    }

    private CompletionStage<Reply> children(Exchange exchange) {
        String path = exchange.path();
        boolean detailed = exchange.flag("details");
        int limit = exchange.whole("limit", PAGE, 1, detailed ? LARGEST_DETAILED_PAGE : LARGEST_PAGE);
        String after = exchange.query("after").orElse(null);
        return read(exchange, new ReadOperation.GetChildrenPage(path, after, limit), Result.Children.class)
                .thenCompose(found -> {
                    List<String> names = new ArrayList<>(found.names());
                    Map<String, Object> page = page(path, found, names, limit, after == null);
                    return detailed
                            ? details(exchange, path, names).thenApply(details -> {
                                page.put("details", details);
                                return Reply.json(page);
                            })
                            : CompletableFuture.completedFuture(Reply.json(page));
                });
    }

    private static Map<String, Object> page(
            String path, Result.Children found, List<String> names, int limit, boolean first) {
        String next = names.size() < limit ? null : names.get(names.size() - 1);
        if (first && next == null) {
            // All of them: whoever reads this wants them sorted. Parts of many cannot be.
            Collections.sort(names);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", path);
        fields.put("children", names);
        fields.put("next", next);
        if (found.stat() != null) {
            fields.put("stat", Znodes.stat(found.stat()));
        }
        return fields;
    }

    /** What each child is; those that have gone meanwhile are left out. */
    private CompletionStage<List<Map<String, Object>>> details(Exchange exchange, String path, List<String> names) {
        CompletionStage<List<Map<String, Object>>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (String name : names) {
            String child = path.equals("/") ? "/" + name : path + "/" + name;
            all = all.thenCombine(
                    gate.read(exchange.caller().identities(), new ReadOperation.Exists(child, false)),
                    (list, answer) -> {
                        if (answer.result() instanceof Result.Found found) {
                            list.add(detail(name, found.stat()));
                        }
                        return list;
                    });
        }
        return all;
    }

    private static Map<String, Object> detail(String name, Stat stat) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("children", stat.numChildren());
        fields.put("bytes", stat.dataLength());
        fields.put("ephemeral", stat.ephemeralOwner() != 0);
        return fields;
    }

    private CompletionStage<Reply> getAcl(Exchange exchange) {
        String path = exchange.path();
        return read(exchange, new ReadOperation.GetAcl(path), Result.AclFound.class)
                .thenApply(found -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("path", path);
                    fields.put("acl", AclText.of(found.acl()));
                    fields.put("aversion", found.stat().aversion());
                    return Reply.json(fields);
                });
    }

    // ---- changing ----

    private <T> CompletionStage<T> write(Exchange exchange, Operation operation, Class<T> expected) {
        exchange.asks(operation);
        return gate.write(exchange.caller().identities(), operation)
                .thenApply(answer -> expected(answer.result(), expected, Operations.words(operation)));
    }

    private CompletionStage<Reply> create(Exchange exchange) {
        Operation.Create create =
                operations.create(exchange.json(), exchange.caller().identities());
        return write(exchange, create, Result.Created.class)
                .thenApply(created -> Reply.json(201, created(created)).with("Location", location(created.path())));
    }

    private static String location(String path) {
        return API + "node?path=" + URLEncoder.encode(path, StandardCharsets.UTF_8);
    }

    private static Map<String, Object> created(Result.Created created) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", created.path());
        if (created.stat() != null) {
            fields.put("stat", Znodes.stat(created.stat()));
        }
        return fields;
    }

    private CompletionStage<Reply> set(Exchange exchange) {
        Operation.SetData set = operations.set(exchange.path(), exchange.json(), exchange.version());
        return write(exchange, set, Result.Found.class).thenApply(found -> changed(set.path(), found));
    }

    private static Reply changed(String path, Result.Found found) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", path);
        fields.put("stat", Znodes.stat(found.stat()));
        return Reply.json(fields).with("ETag", "\"" + found.stat().version() + "\"");
    }

    private CompletionStage<Reply> delete(Exchange exchange) {
        Operation.Delete delete = new Operation.Delete(exchange.path(), exchange.version());
        return write(exchange, delete, Result.Done.class).thenApply(done -> Reply.empty());
    }

    private CompletionStage<Reply> setAcl(Exchange exchange) {
        ObjectNode body = exchange.json();
        Operation.SetAcl set = new Operation.SetAcl(
                exchange.path(),
                operations.acl(body.path("acl"), exchange.caller().identities()),
                exchange.version());
        return write(exchange, set, Result.Found.class).thenApply(found -> changed(set.path(), found));
    }

    private CompletionStage<Reply> multi(Exchange exchange) {
        Operation.Multi multi =
                operations.multi(exchange.json(), exchange.caller().identities());
        return write(exchange, multi, Result.Many.class).thenApply(many -> Reply.json(results(multi, many)));
    }

    private static Map<String, Object> results(Operation.Multi multi, Result.Many many) {
        for (int i = 0; i < many.results().size(); i++) {
            ErrorCode error = many.results().get(i).error();
            if (error != ErrorCode.OK && error != ErrorCode.RUNTIME_INCONSISTENCY) {
                throw TreeErrors.problem(
                        error,
                        "operation " + (i + 1) + ", "
                                + Operations.words(multi.ops().get(i)));
            }
        }
        List<Map<String, Object>> results = new ArrayList<>();
        for (Result result : many.results()) {
            results.add(
                    result instanceof Result.Created created
                            ? created(created)
                            : result instanceof Result.Found found
                                    ? Map.of("stat", Znodes.stat(found.stat()))
                                    : Map.of());
        }
        return Map.of("results", results);
    }
}
