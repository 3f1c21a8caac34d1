package io.troupe.tree;

import io.troupe.edge.TreeReport;
import io.troupe.tree.local.LocalSessions;
import io.troupe.tree.local.Watches;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Sessions;
import java.util.List;

/** Answers what operators ask of a tree. */
record TreeReports(DataTree tree, Watches watches, LocalSessions attached, DigestHistory digests) {
    TreeReport of(TreeReport.Part part) {
        return switch (part) {
            case SESSIONS -> TreeReport.ofSessions(sessions());
            case WATCHES -> TreeReport.ofWatches(watches.dataPathsBySession());
            case DIGESTS -> TreeReport.ofDigests(digests.samples());
            case QUOTAS -> TreeReport.ofQuotas(QuotaReports.of(tree));
        };
    }

    private List<TreeReport.SessionReport> sessions() {
        Sessions all = tree.sessions();
        return all.all().stream()
                .map(s -> new TreeReport.SessionReport(
                        s.id(), s.timeoutMillis(), all.ephemeralsOf(s.id()), attached.get(s.id()) != null))
                .toList();
    }
}
