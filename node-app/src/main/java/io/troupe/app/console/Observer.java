package io.troupe.app.console;

import io.troupe.app.clientport.PortStatistics;
import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Summary;
import io.troupe.overview.ElectionRecord.Election;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the node every second, whether there is a page or not, and oftener while there is one, and keeps what it finds in {@link
 * History} and {@link Happenings}. One call at a time.
 */
final class Observer {
    private final Surroundings around;
    private final History history;
    private final Happenings happenings;
    private final Map<Integer, Boolean> answering = new HashMap<>();
    private long lastElection;

    Observer(Surroundings around, History history, Happenings happenings) {
        this.around = around;
        this.history = history;
        this.happenings = happenings;
    }

    /** Another second is over. */
    void sample() {
        Metrics metrics = around.metrics();
        Summary reads = metrics.distribution("readlatency");
        Summary writes = metrics.distribution("updatelatency");
        Summary fsyncs = metrics.summary("fsynctime");
        Optional<PortStatistics> clients = around.clients().get().map(port -> port.statistics());
        history.add(new History.Totals(
                around.clock().monotonicNanos(),
                around.clock().wallMillis(),
                reads.count(),
                reads.sum(),
                writes.count(),
                writes.sum(),
                fsyncs.count(),
                fsyncs.sum(),
                status().map(NodeStatus::executedZxid).orElse(0L),
                clients.map(PortStatistics::outstandingRequests).orElse(0L),
                clients.map(PortStatistics::aliveConnections).orElse(0L)));
    }

    private Optional<NodeStatus> status() {
        return around.node().get().map(Frontend::status);
    }

    /** Notes what has happened since the last call. */
    void look() {
        long now = around.clock().wallMillis();
        noteElections();
        Metrics metrics = around.metrics();
        happenings.look(
                now,
                new Happenings.Seen(
                        status().orElse(null),
                        metrics.counter("stale_sessions_expired").value(),
                        metrics.counter("troupe_slow_fsyncs").value(),
                        metrics.counter("troupe_link_resets").value(),
                        metrics.counter("troupe_writes_refused_for_room").value(),
                        metrics.summary("snapshottime").count(),
                        metrics.gauge("troupe_disk_too_full_for_writes") != 0));
    }

    /** At the time when they began: that may be a second ago. */
    private void noteElections() {
        List<Election> latestFirst = around.overview().elections().latestFirst();
        for (int i = latestFirst.size() - 1; i >= 0; i--) {
            Election election = latestFirst.get(i);
            if (election.number() > lastElection) {
                lastElection = election.number();
                happenings.add(
                        election.beganMillis(),
                        Happenings.Weight.WARN,
                        "election",
                        "This node looks for a leader: " + election.cause());
            }
        }
    }

    /** Notes which of the other nodes have begun or ceased to answer. */
    void hear(Map<Integer, Boolean> now) {
        now.forEach((node, answers) -> {
            Boolean before = answering.put(node, answers);
            if (before != null && !before.equals(answers)) {
                happenings.add(
                        around.clock().wallMillis(),
                        answers ? Happenings.Weight.INFO : Happenings.Weight.BAD,
                        "node",
                        "Node " + node + (answers ? " answers again" : " does not answer"));
            }
        });
    }
}
