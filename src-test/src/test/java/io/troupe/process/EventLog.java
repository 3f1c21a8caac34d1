package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;

/** A watcher that remembers what it saw, in order. */
public final class EventLog implements Watcher {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<WatchedEvent> all = new CopyOnWriteArrayList<>();

    @Override
    public void process(WatchedEvent event) {
        all.add(event);
    }

    /** Events of znodes as "type path", in the order received; states of the connection are left out. */
    public List<String> ofNodes() {
        return all.stream()
                .filter(event -> event.getType() != EventType.None)
                .map(event -> event.getType() + " " + event.getPath())
                .toList();
    }

    /** States of the connection in the order received. */
    public List<Watcher.Event.KeeperState> states() {
        return all.stream()
                .filter(event -> event.getType() == EventType.None)
                .map(WatchedEvent::getState)
                .toList();
    }

    /** Waits until the node events are exactly these, in this order. */
    public void awaitExactly(String... expected) {
        await("node events " + List.of(expected))
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ofNodes()).containsExactly(expected));
    }

    /** Waits until the connection was in {@code state}. */
    public void awaitState(Watcher.Event.KeeperState state) {
        await("connection state " + state).atMost(PATIENCE.multipliedBy(2)).until(() -> states().contains(state));
    }
}
