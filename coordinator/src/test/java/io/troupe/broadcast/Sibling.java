package io.troupe.broadcast;

import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stands for another actor of the node: keeps what it is told, until the test has looked at it. */
final class Sibling<M> {
    private final TestInbox<M> inbox = TestInbox.create();
    private final List<M> kept = new ArrayList<>();

    ActorRef<M> ref() {
        return inbox.getRef();
    }

    /** All that was not taken yet, in order. */
    List<M> messages() {
        kept.addAll(inbox.getAllReceived());
        return List.copyOf(kept);
    }

    <T extends M> List<T> all(Class<T> type) {
        return messages().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The oldest message of this type that was not taken yet. */
    <T extends M> T take(Class<T> type) {
        List<T> found = all(type);
        if (found.isEmpty()) {
            throw new AssertionError("no " + type.getSimpleName() + " among " + kept);
        }
        kept.remove(found.get(0));
        return found.get(0);
    }

    /** The oldest message of any type that was not taken yet, null when there is none. */
    @Nullable
    M takeNext() {
        messages();
        return kept.isEmpty() ? null : kept.remove(0);
    }

    /** From now on only what comes is of interest. */
    void forget() {
        messages();
        kept.clear();
    }
}
