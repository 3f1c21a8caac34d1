package io.troupe.edge;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node's tree knows that is too much to publish all the time, for operators; the parts that were not asked for are
 * empty.
 *
 * @param sessions all sessions, ascending by id
 * @param watchedPaths by session attached here, ascending: the paths in its table of data watches (contract 3.7), sorted
 * @param digests of the tree, by zxid: one for every 128th zxid, of the last 1,024 such
 * @param expiries when sessions expire unless they are heard of, in milliseconds since 1970, and their ids, both ascending;
 *     null where it is not known, because this node does not lead
 * @param quotas by top-level namespace: all quotas in it added up
 */
public record TreeReport(
        List<SessionReport> sessions,
        SortedMap<Long, List<String>> watchedPaths,
        SortedMap<Long, Long> digests,
        @Nullable SortedMap<Long, List<Long>> expiries,
        SortedMap<String, QuotaReport> quotas) {
    /** What can be asked for. */
    public enum Part {
        SESSIONS,
        WATCHES,
        DIGESTS,
        QUOTAS
    }

    /**
     * One session of the ensemble.
     *
     * @param ephemerals paths it owns, sorted
     * @param attachedHere whether its client is connected to this node
     */
    public record SessionReport(long sessionId, int timeoutMillis, List<String> ephemerals, boolean attachedHere) {}

    /** Limits and usage of a quota (contract 2.12); -1 for no limit. The hard limit where there is one, else the soft one. */
    public record QuotaReport(long countLimit, long bytesLimit, long countUsage, long bytesUsage) {}

    /** A report of quotas alone. */
    public static TreeReport ofQuotas(Map<String, QuotaReport> quotas) {
        return new TreeReport(List.of(), new TreeMap<>(), new TreeMap<>(), null, new TreeMap<>(quotas));
    }

    /** A report of sessions alone. */
    public static TreeReport ofSessions(List<SessionReport> sessions) {
        return new TreeReport(List.copyOf(sessions), new TreeMap<>(), new TreeMap<>(), null, new TreeMap<>());
    }

    /** A report of watches alone. */
    public static TreeReport ofWatches(Map<Long, List<String>> watchedPaths) {
        return new TreeReport(List.of(), new TreeMap<>(watchedPaths), new TreeMap<>(), null, new TreeMap<>());
    }

    /** A report of digests alone. */
    public static TreeReport ofDigests(Map<Long, Long> digests) {
        return new TreeReport(List.of(), new TreeMap<>(), new TreeMap<>(digests), null, new TreeMap<>());
    }

    /** The same with the times of the sessions' ends. */
    public TreeReport withExpiries(@Nullable SortedMap<Long, List<Long>> known) {
        return new TreeReport(sessions, watchedPaths, digests, known, quotas);
    }
}
