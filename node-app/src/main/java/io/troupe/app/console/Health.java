package io.troupe.app.console;

import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether the process is alive, and whether clients may be sent to it: what Kubernetes and load balancers ask. */
final class Health implements Route.Source {
    private final Surroundings around;
    private final long sinceMillis;

    Health(Surroundings around) {
        this.around = around;
        this.sinceMillis = around.clock().monotonicMillis();
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/livez", Access.OPEN, e -> CompletableFuture.completedFuture(alive())),
                new Route("GET", "/healthz", Access.OPEN, e -> CompletableFuture.completedFuture(alive())),
                new Route("GET", "/readyz", Access.OPEN, e -> CompletableFuture.completedFuture(ready())));
    }

    private static Reply alive() {
        return Reply.text(200, "alive\n");
    }

    private Reply ready() {
        Optional<String> missing = missing();
        return missing.map(what -> Reply.text(503, "not ready: " + what + "\n"))
                .orElseGet(() -> Reply.text(200, "ready\n"));
    }

    /** Why clients cannot be served, empty if they are. */
    Optional<String> missing() {
        Optional<Frontend> node = around.node().get();
        if (node.isEmpty()) {
            return Optional.of("starting for " + seconds(around.clock().monotonicMillis() - sinceMillis)
                    + ": reading the snapshot and the log, or waiting for the other nodes");
        }
        NodeStatus status = node.get().status();
        if (!status.serving()) {
            return Optional.of(status.phase() + " for "
                    + seconds(around.metrics().gauge("troupe_phase_age_ms"))
                    + (status.readOnly() ? ", answering reads alone" : "")
                    + voters(status.membership()));
        }
        return around.clients().get().isEmpty()
                ? Optional.of("the port of ZooKeeper's clients does not listen yet")
                : Optional.empty();
    }

    private static String voters(@Nullable Membership membership) {
        if (membership == null || membership.standalone()) {
            return "";
        }
        List<Integer> ids = membership.voters().stream().map(Member::nodeId).toList();
        return "; " + (ids.size() / 2 + 1) + " of the nodes " + ids + " must reach each other";
    }

    private static String seconds(long millis) {
        return TimeUnit.MILLISECONDS.toSeconds(millis) + " s";
    }
}
