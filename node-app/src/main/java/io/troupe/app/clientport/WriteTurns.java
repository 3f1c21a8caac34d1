package io.troupe.app.clientport;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Whose turn it is to write, of the connections of one event loop that have much to write: one in each turn of the loop, round
 * robin. So however many they are, requests and short replies of others wait no longer than one of them takes. One event loop only.
 */
final class WriteTurns {
    private final Consumer<Runnable> nextTurn;
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    /** Nobody waits; {@code nextTurn} runs a task in the next turn of the loop, after all that is ready now. */
    WriteTurns(Consumer<Runnable> nextTurn) {
        this.nextTurn = nextTurn;
    }

    /** Those of {@code loop}. */
    static WriteTurns of(EventLoop loop) {
        // A task that is executed would run in this very turn, before the sockets are looked at; one that is scheduled
        // does not.
        return new WriteTurns(task -> {
            Future<?> unused = loop.schedule(task, 0, TimeUnit.NANOSECONDS);
        });
    }

    /** Runs {@code writer}, which must not throw, when everybody who waits has had a turn. */
    void await(Runnable writer) {
        if (waiting.isEmpty()) {
            nextTurn.accept(this::next);
        }
        waiting.add(writer);
    }

    private void next() {
        Runnable first = waiting.remove();
        if (!waiting.isEmpty()) {
            nextTurn.accept(this::next);
        }
        first.run();
    }
}
