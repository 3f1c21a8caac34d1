package io.troupe.app.console;

import io.troupe.app.clientport.ClientPortSettings;
import io.troupe.app.clientport.ConnectionReport;
import io.troupe.app.clientport.PortStatus;
import io.troupe.app.console.Commands.Command;
import io.troupe.app.console.Commands.Subject;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The admin commands about the port of ZooKeeper's clients and the process. */
final class PortCommands {
    /** What a property is called whose value is nobody's business. */
    private static final Pattern SECRET =
            Pattern.compile("pass|secret|credential|digest|token|private|users", Pattern.CASE_INSENSITIVE);

    private static final String HIDDEN = "***";

    Map<String, Command> all() {
        return Map.ofEntries(
                Map.entry("configuration", subject -> done(configuration(subject))),
                Map.entry("connections", subject -> connections(subject, PortCommands::whole)),
                Map.entry(
                        "connection_stat_reset",
                        subject -> subject.port().resetConnections().thenApply(reset -> Map.of())),
                Map.entry("dirs", subject -> done(directories(subject))),
                Map.entry(
                        "environment",
                        subject -> done(new TreeMap<>(masked(subject.port().environment())))),
                Map.entry(
                        "get_trace_mask",
                        subject -> done(Map.of("tracemask", subject.port().traceMask()))),
                Map.entry("last_snapshot", subject -> done(lastSnapshot(subject))),
                Map.entry("monitor", subject -> subject.port().monitor()),
                Map.entry("observer_connection_stat_reset", subject -> done(Map.of())),
                Map.entry("ruok", subject -> done(Map.of())),
                Map.entry("set_trace_mask", subject -> done(setTraceMask(subject))),
                Map.entry("stat_reset", PortCommands::resetServer),
                Map.entry(
                        "system_properties",
                        subject -> done(new TreeMap<>(
                                masked(ManagementFactory.getRuntimeMXBean().getSystemProperties())))));
    }

    static CompletionStage<Map<String, Object>> done(Map<String, Object> fields) {
        return CompletableFuture.completedFuture(fields);
    }

    private static Map<String, String> masked(Map<String, String> values) {
        Map<String, String> shown = new TreeMap<>(values);
        shown.replaceAll((key, value) -> SECRET.matcher(key).find() ? HIDDEN : withoutSecrets(key, value));
        return shown;
    }

    /** The command line as a whole holds the options too. */
    private static String withoutSecrets(String key, String value) {
        return key.toLowerCase(Locale.ROOT).contains("command")
                        && SECRET.matcher(value).find()
                ? HIDDEN
                : value;
    }

    private static Map<String, Object> configuration(Subject subject) {
        ClientPortSettings settings = subject.port().settings();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("client_port", settings.port());
        fields.put("data_dir", settings.dataDir());
        fields.put("data_log_dir", settings.dataDir());
        fields.put("tick_time", settings.shownConfiguration().tickMillis());
        fields.put("max_client_cnxns", settings.maxConnectionsPerAddress());
        fields.put("min_session_timeout", settings.minSessionTimeout().toMillis());
        fields.put("max_session_timeout", settings.maxSessionTimeout().toMillis());
        fields.put("server_id", subject.node().nodeId());
        fields.put("client_port_listen_backlog", settings.load().connections().backlog());
        return fields;
    }

    private static Map<String, Object> directories(Subject subject) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("datadir_size", subject.port().snapshotBytes());
        fields.put("logdir_size", subject.port().logBytes());
        return fields;
    }

    private static Map<String, Object> lastSnapshot(Subject subject) {
        PortStatus.LastSnapshot last = subject.port().lastSnapshot();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("zxid", Long.toHexString(last.zxid()));
        fields.put("timestamp", last.wallMillis() / 1_000);
        return fields;
    }

    private static Map<String, Object> setTraceMask(Subject subject) {
        String written = subject.exchange()
                .query("traceMask")
                .orElseThrow(() -> Problem.badRequest("name the mask: ?traceMask=306"));
        subject.port().traceMask(Exchange.number("traceMask", written));
        return Map.of("tracemask", subject.port().traceMask());
    }

    private static CompletionStage<Map<String, Object>> resetServer(Subject subject) {
        subject.port().resetServer();
        return done(Map.of());
    }

    // ---- connections ----

    static CompletionStage<Map<String, Object>> connections(
            Subject subject, Function<ConnectionReport, Map<String, Object>> shape) {
        return subject.port()
                .connections()
                .thenApplyAsync(
                        reports -> {
                            List<Map<String, Object>> plain = new ArrayList<>();
                            List<Map<String, Object>> secure = new ArrayList<>();
                            reports.forEach(report -> (report.encrypted() ? secure : plain).add(shape.apply(report)));
                            Map<String, Object> fields = new LinkedHashMap<>();
                            fields.put("connections", plain);
                            fields.put("secure_connections", secure);
                            return fields;
                        },
                        subject.gate().executor());
    }

    static Map<String, Object> brief(ConnectionReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "remote_socket_address",
                report.peer().getAddress().getHostAddress() + ":"
                        + report.peer().getPort());
        fields.put("interest_ops", report.reading() ? 1 : 0);
        fields.put("outstanding_requests", report.outstanding());
        fields.put("packets_received", report.traffic().received());
        fields.put("packets_sent", report.traffic().sent());
        return fields;
    }

    private static Map<String, Object> whole(ConnectionReport report) {
        Map<String, Object> fields = brief(report);
        if (report.sessionId() != 0) {
            fields.put("session_id", report.sessionId());
            fields.put("last_operation", report.traffic().lastOperation());
            fields.put("established", report.traffic().establishedMillis());
            fields.put("session_timeout", report.timeoutMillis());
            fields.put("last_cxid", report.traffic().lastXid());
            fields.put("last_zxid", report.traffic().lastZxid());
            fields.put("last_response_time", report.traffic().lastResponseMillis());
            fields.put("last_latency", report.latency().last());
            fields.put("min_latency", report.latency().least());
            fields.put("avg_latency", report.latency().average());
            fields.put("max_latency", report.latency().greatest());
        }
        return fields;
    }
}
