package io.troupe.recipes;

import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Ensemble;
import io.troupe.client.FaultyNodes;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import io.troupe.client.SessionState;
import io.troupe.env.Clock;
import io.troupe.env.system.SystemClock;
import io.troupe.request.CreateMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;

/** Three real nodes, and applications that can be cut off from them. */
final class Rig implements AutoCloseable {
    private final Ensemble ensemble;

    /** An application of its own, with one session. */
    record Party(ActorSystem<?> system, FaultyNodes network, Session session, Recipes recipes) {}

    Rig(Path directory) throws Exception {
        ensemble = Ensemble.start(directory, 3, "min-session-timeout = 500ms");
    }

    Ensemble ensemble() {
        return ensemble;
    }

    /** One whose session lives long. */
    Party party() {
        return party(Duration.ofSeconds(20));
    }

    Party party(Duration timeout) {
        return party(timeout, new SystemClock());
    }

    Party party(Duration timeout, Clock clock) {
        ActorSystem<?> system = ensemble.application();
        FaultyNodes network = new FaultyNodes(system);
        Session session = get(CoordinatorClient.create(system, ensemble.places(), network, clock)
                .open(SessionSettings.DEFAULT
                        .withTimeout(timeout)
                        .withDeadline(Duration.ofSeconds(40))
                        .withConnectTimeout(Duration.ofSeconds(1))));
        return new Party(system, network, session, Recipes.in(session, system));
    }

    /** Nothing comes to or from this party until its session is over, and then it hears of that. */
    void expire(Party party) {
        String own = get(party.session().create("/expiring-" + party.session().id(), CreateMode.EPHEMERAL))
                .path();
        Session witness = party().session();
        // Else its node may not know yet what it is to see go.
        get(witness.sync("/"));
        ensemble.places().forEach(party.network()::cut);
        patiently().until(() -> get(witness.exists(own)).isEmpty());
        patiently().until(() -> party.session().state() == SessionState.SUSPENDED);
        party.network().heal();
        patiently().until(() -> party.session().state() == SessionState.EXPIRED);
    }

    /** Ends the node that gives this party its session. */
    void stopNodeOf(Party party) {
        ensemble.stopNode(ensemble.places().indexOf(party.network().latest()));
    }

    static ConditionFactory patiently() {
        return await().atMost(Ensemble.PATIENCE);
    }

    static <T> T get(CompletionStage<T> stage) {
        return Objects.requireNonNull(stage.toCompletableFuture()
                .orTimeout(Ensemble.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join());
    }

    static Throwable failure(CompletionStage<?> stage) {
        try {
            get(stage);
        } catch (CompletionException e) {
            return Objects.requireNonNull(e.getCause());
        }
        throw new AssertionError("did not fail");
    }

    /** The names of the children of a znode as of now, none where there is no such znode. */
    static List<String> names(Session session, String path) {
        get(session.sync("/"));
        return get(session.exists(path)).isEmpty()
                ? List.of()
                : get(session.getChildren(path)).names();
    }

    @Override
    public void close() {
        ensemble.close();
    }
}
