package io.troupe.tree;

import io.troupe.edge.TreeReport.QuotaReport;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.QuotaText;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodePath;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what the quotas of each top-level namespace allow and hold (contract 2.12). */
final class QuotaReports {
    private static final String LIMITS = "/zookeeper_limits";
    private static final String STATS = "/zookeeper_stats";

    private final DataTree tree;
    private final Map<String, QuotaReport> found = new HashMap<>();

    private QuotaReports(DataTree tree) {
        this.tree = tree;
    }

    /** Of all quotas there are. */
    static Map<String, QuotaReport> of(DataTree tree) {
        QuotaReports reports = new QuotaReports(tree);
        reports.collect(ZnodePath.QUOTA);
        return reports.found;
    }

    private void collect(String path) {
        Znode node = tree.get(path);
        if (node == null) {
            return;
        }
        Znode limits = tree.get(path + LIMITS);
        String namespace = Namespaces.of(path.substring(ZnodePath.QUOTA.length()));
        if (limits != null && !namespace.isEmpty()) {
            found.merge(namespace, report(QuotaText.parse(limits.data()), usage(path)), QuotaReports::sum);
        }
        for (String child : tree.childNames(node)) {
            collect(ZnodePath.child(path, child));
        }
    }

    private QuotaText usage(String path) {
        @Nullable Znode stats = tree.get(path + STATS);
        return QuotaText.parse(stats == null ? null : stats.data());
    }

    private static QuotaReport report(QuotaText limits, QuotaText usage) {
        return new QuotaReport(
                limits.countHard() >= 0 ? limits.countHard() : limits.count(),
                limits.bytesHard() >= 0 ? limits.bytesHard() : limits.bytes(),
                usage.count(),
                usage.bytes());
    }

    private static QuotaReport sum(QuotaReport one, QuotaReport other) {
        return new QuotaReport(
                sum(one.countLimit(), other.countLimit()),
                sum(one.bytesLimit(), other.bytesLimit()),
                sum(one.countUsage(), other.countUsage()),
                sum(one.bytesUsage(), other.bytesUsage()));
    }

    /** What limits nothing adds nothing. */
    private static long sum(long one, long other) {
        return one < 0 ? other : other < 0 ? one : one + other;
    }
}
