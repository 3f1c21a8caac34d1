package io.troupe.app.clientport;

import io.troupe.edge.TreeReport;
import io.troupe.edge.TreeReport.SessionReport;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Answers to the status words about sessions, watches and digests, in the shapes ZooKeeper's tools parse (contract 7.1). */
final class TreeTexts {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.US);

    private TreeTexts() {}

    private static String id(long sessionId) {
        return "0x" + Long.toHexString(sessionId);
    }

    /** As ZooKeeper prints dates. */
    static String date(long wallMillis) {
        return DATE.format(Instant.ofEpochMilli(wallMillis).atZone(ZoneId.systemDefault()));
    }

    /** Sessions and their ephemerals: {@code dump}. Who leads shows when sessions end, the others how long they last. */
    static String sessions(TreeReport report) {
        SortedMap<Long, List<Long>> expiries = report.expiries();
        StringBuilder text = new StringBuilder("SessionTracker dump:\n")
                .append(expiries == null ? timeouts(report.sessions()) : buckets(expiries));
        List<SessionReport> sessions = report.sessions();
        List<SessionReport> owners =
                sessions.stream().filter(s -> !s.ephemerals().isEmpty()).toList();
        text.append("ephemeral nodes dump:\nSessions with Ephemerals (" + owners.size() + "):\n");
        for (SessionReport owner : owners) {
            text.append(id(owner.sessionId())).append(":\n");
            owner.ephemerals().forEach(path -> text.append('\t').append(path).append('\n'));
        }
        return text.toString();
    }

    private static String timeouts(List<SessionReport> sessions) {
        StringBuilder text = new StringBuilder("Global Sessions(" + sessions.size() + "):\n");
        sessions.forEach(s -> text.append(id(s.sessionId()) + "\t" + s.timeoutMillis() + "ms\n"));
        return text.toString();
    }

    private static String buckets(SortedMap<Long, List<Long>> expiries) {
        int sessions = expiries.values().stream().mapToInt(List::size).sum();
        StringBuilder text = new StringBuilder("Session Sets (" + expiries.size() + ")/(" + sessions + "):\n");
        expiries.forEach((due, ids) -> {
            text.append(ids.size() + " expire at " + date(due) + ":\n");
            ids.forEach(session -> text.append('\t').append(id(session)).append('\n'));
        });
        return text.toString();
    }

    /** How many: {@code wchs}. */
    static String watchSummary(TreeReport report) {
        long paths = report.watchedPaths().values().stream()
                .flatMap(List::stream)
                .distinct()
                .count();
        int watches =
                report.watchedPaths().values().stream().mapToInt(List::size).sum();
        return report.watchedPaths().size() + " connections watching " + paths + " paths\nTotal watches:" + watches
                + "\n";
    }

    /** By session: {@code wchc}. */
    static String watchesBySession(TreeReport report) {
        StringBuilder text = new StringBuilder();
        report.watchedPaths().forEach((session, paths) -> {
            text.append(id(session)).append('\n');
            paths.forEach(path -> text.append('\t').append(path).append('\n'));
        });
        return text.append('\n').toString();
    }

    /** By path: {@code wchp}. */
    static String watchesByPath(TreeReport report) {
        SortedMap<String, List<Long>> byPath = new TreeMap<>();
        report.watchedPaths()
                .forEach((session, paths) -> paths.forEach(path ->
                        byPath.computeIfAbsent(path, p -> new ArrayList<>()).add(session)));
        StringBuilder text = new StringBuilder();
        byPath.forEach((path, sessions) -> {
            text.append(path).append('\n');
            sessions.forEach(session -> text.append('\t').append(id(session)).append('\n'));
        });
        return text.append('\n').toString();
    }

    /** The tree's digests at every 128th zxid: {@code hash}. */
    static String digests(TreeReport report) {
        StringBuilder text = new StringBuilder();
        report.digests().forEach((zxid, digest) -> text.append(Long.toHexString(zxid) + ": " + digest + "\n"));
        return text.toString();
    }
}
