package io.troupe.client;

import static io.troupe.client.SessionTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import io.troupe.request.CreateMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that remember hardly any changes. */
class ForgottenChangesTest {
    @TempDir
    Path directory;

    @Test
    void oneGapStandsForWhatNobodyRemembers() throws Exception {
        try (Ensemble ensemble =
                Ensemble.start(directory, 1, "min-session-timeout = 500ms, advanced.clients.watch-history = 1 KiB")) {
            ActorSystem<?> application = ensemble.application();
            FaultyNodes network = new FaultyNodes(application);
            Session session = get(CoordinatorClient.create(application, ensemble.places(), network)
                    .open(SessionSettings.DEFAULT
                            .withTimeout(Duration.ofSeconds(20))
                            .withDeadline(Duration.ofSeconds(50))));
            Session writer = get(ensemble.client().open());
            get(writer.create("/w", CreateMode.PERSISTENT));
            List<Event> seen = new CopyOnWriteArrayList<>();
            get(session.watch("/w", WatchMode.NODE, seen::add).established());
            get(writer.setData("/w", new byte[1]));
            await().atMost(Ensemble.PATIENCE).until(() -> seen.size() == 1);

            network.cut(ensemble.place(0));
            long first = get(writer.setData("/w", new byte[2])).mzxid();
            for (int i = 0; i < 50; i++) {
                get(writer.setData("/w", new byte[3]));
            }
            await().atMost(Ensemble.PATIENCE).until(() -> session.state() == SessionState.SUSPENDED);
            network.heal();
            await().atMost(Ensemble.PATIENCE).until(() -> session.state() == SessionState.RECONNECTED);
            long last = get(writer.setData("/w", new byte[4])).mzxid();
            await().atMost(Ensemble.PATIENCE).until(() -> seen.size() >= 3);

            assertThat(seen).hasSize(3);
            assertThat(seen.get(1)).isInstanceOfSatisfying(Event.Gap.class, gap -> {
                assertThat(gap.after()).isLessThan(first);
                assertThat(gap.upTo()).isGreaterThan(first).isLessThan(last);
            });
            assertThat(seen.get(2)).isEqualTo(new Event.Change(Event.Kind.DATA_CHANGED, "/w", last));
        }
    }
}
