package io.troupe.app.console;

import io.troupe.app.clientport.PortStatus;
import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The commands of ZooKeeper's AdminServer (contract 7.3) under their names, with its answers: an unknown command or a node that does
 * not serve is an {@code error} in an answer with status 200, as scripts made for it expect. Those that change something are for
 * administrators.
 */
final class Commands implements Route.Source {
    private static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests";
    private static final int PATIENCE_SECONDS = 10;
    private static final String SNAPSHOT = "snapshot";
    private static final String RESTORE = "restore";

    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("conf", "configuration"),
            Map.entry("config", "configuration"),
            Map.entry("cons", "connections"),
            Map.entry("crst", "connection_stat_reset"),
            Map.entry("env", "environment"),
            Map.entry("envi", "environment"),
            Map.entry("gtmk", "get_trace_mask"),
            Map.entry("icfg", "initial_configuration"),
            Map.entry("isro", "is_read_only"),
            Map.entry("lead", "leader"),
            Map.entry("lsnp", "last_snapshot"),
            Map.entry("mntr", "monitor"),
            Map.entry("obsr", "observers"),
            Map.entry("orst", "observer_connection_stat_reset"),
            Map.entry("rest", RESTORE),
            Map.entry("snap", SNAPSHOT),
            Map.entry("srst", "stat_reset"),
            Map.entry("srvr", "server_stats"),
            Map.entry("stat", "stats"),
            Map.entry("stmk", "set_trace_mask"),
            Map.entry("sysp", "system_properties"),
            Map.entry("wchc", "watches"),
            Map.entry("wchp", "watches_by_path"),
            Map.entry("wchs", "watch_summary"));

    private static final List<String> CHANGING = List.of(
            "connection_stat_reset",
            "observer_connection_stat_reset",
            RESTORE,
            "set_trace_mask",
            SNAPSHOT,
            "stat_reset");

    private final Surroundings around;
    private final NodeGate gate;
    private final SnapshotCommand snapshot;
    private final Map<String, Command> commands = new TreeMap<>();

    /** What a command answers besides its name and its error; the client port and the node are there. */
    @FunctionalInterface
    interface Command {
        CompletionStage<Map<String, Object>> answer(Subject subject);
    }

    /** What is asked about, and with which parameters. */
    record Subject(NodeStatus node, PortStatus port, NodeGate gate, Exchange exchange) {}

    Commands(Surroundings around, NodeGate gate) {
        this.around = around;
        this.gate = gate;
        commands.putAll(new NodeCommands(around).all());
        commands.putAll(new PortCommands().all());
        snapshot = new SnapshotCommand(gate, around.clock());
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/commands", Access.READ, e -> CompletableFuture.completedFuture(page())),
                new Route("GET", "/commands/{name}", Commands::accessOf, this::run),
                new Route("POST", "/commands/{name}", name -> Access.ADMIN, this::run));
    }

    private static Access accessOf(String name) {
        return CHANGING.contains(fullName(name)) ? Access.ADMIN : Access.READ;
    }

    private static String fullName(String written) {
        String name = written.toLowerCase(Locale.ROOT);
        return ALIASES.getOrDefault(name, name);
    }

    private Reply page() {
        StringBuilder text = new StringBuilder();
        SortedSet<String> names = new TreeSet<>(commands.keySet());
        names.add(SNAPSHOT);
        names.add(RESTORE);
        names.forEach(name -> text.append("<a href=\"/commands/" + name + "\">" + name + "</a>\n<br/>\n"));
        return Reply.html(text.toString());
    }

    private CompletionStage<Reply> run(Exchange exchange) {
        String name = fullName(exchange.parameter());
        if (name.equals(SNAPSHOT)) {
            return snapshot.answer(exchange);
        }
        if (name.equals(RESTORE)) {
            throw Problem.of(
                    503,
                    "disabled",
                    "A node is not restored by itself",
                    "the others would not know of it; bin/troupe restore puts a backup back into the whole ensemble");
        }
        Command command = commands.get(name);
        if (command == null) {
            return answered(name, Map.of(), "Unknown command: " + Exchange.printable(name));
        }
        Optional<Frontend> node = around.node().get();
        Optional<PortStatus> port = around.clients().get();
        boolean serving = node.isPresent()
                && port.isPresent()
                && (node.get().status().serving() || node.get().status().readOnly());
        if (!serving) {
            return answered(name, Map.of(), NOT_SERVING);
        }
        return command.answer(new Subject(node.get().status(), port.get(), gate, exchange))
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .thenApply(fields -> body(name, fields, null));
    }

    private static CompletionStage<Reply> answered(String name, Map<String, Object> fields, String error) {
        return CompletableFuture.completedFuture(body(name, fields, error));
    }

    private static Reply body(String name, Map<String, Object> fields, @Nullable String error) {
        Map<String, Object> body = new LinkedHashMap<>(fields);
        body.put("command", name);
        body.put("error", error);
        return Reply.json(body);
    }

    /** A refusal in the form that callers of commands read. */
    static Reply refusal(String command, Problem problem) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("command", fullName(command));
        body.put("error", problem.detail());
        Reply whole = problem.reply();
        return new Reply(whole.status(), "application/json", Json.bytes(body), whole.headers());
    }
}
