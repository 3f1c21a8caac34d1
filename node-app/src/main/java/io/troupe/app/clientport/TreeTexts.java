package io.troupe.app.clientport;

import io.troupe.edge.TreeReport;
import io.troupe.edge.TreeReport.SessionReport;
import io.troupe.ensemble.Zxid;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Answers to the status words about sessions, watches and digests, in the shapes ZooKeeper's tools parse (contract 7.1). */
final class TreeTexts {
    private TreeTexts() {}

    private static String id(long sessionId) {
        return "0x" + Long.toHexString(sessionId);
    }

    /** Sessions and their ephemerals: {@code dump}. */
    static String sessions(TreeReport report) {
        List<SessionReport> sessions = report.sessions();
        StringBuilder text = new StringBuilder("SessionTracker dump:\nGlobal Sessions(" + sessions.size() + "):\n");
        sessions.forEach(s -> text.append(id(s.sessionId()) + "\t" + s.timeoutMillis() + "ms\n"));
        List<SessionReport> owners =
                sessions.stream().filter(s -> !s.ephemerals().isEmpty()).toList();
        text.append("ephemeral nodes dump:\nSessions with Ephemerals (" + owners.size() + "):\n");
        for (SessionReport owner : owners) {
            text.append(id(owner.sessionId())).append(":\n");
            owner.ephemerals().forEach(path -> text.append('\t').append(path).append('\n'));
        }
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

    /** The tree's digests at the ends of the last batches: {@code hash}. */
    static String digests(TreeReport report) {
        StringBuilder text = new StringBuilder();
        report.digests().forEach((zxid, digest) -> text.append(Zxid.hex(zxid) + ": " + digest + "\n"));
        return text.toString();
    }
}
