package io.troupe.client;

import akka.Done;
import io.troupe.client.protocol.Answer;
import io.troupe.client.protocol.Ask;
import io.troupe.client.protocol.Coordinator;
import io.troupe.client.protocol.Delivery;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The watches of a session on whichever node it is, and who is told what they tell. The session's actor only. */
final class SessionWatches {
    private final WatchTable table;
    private final Position position;
    private final CallQueue calls;
    private final Consumer<Runnable> owner;
    private final Runnable later;
    private @Nullable Resuming resuming;

    /** Watches are being taken up on another node, from this zxid on. */
    private record Resuming(Pending<?> call, long after) {}

    /**
     * The watches that the session has had already, on a node or not yet on any.
     *
     * @param calls what nodes are asked
     * @param owner tells the session's owner
     * @param later has {@link #askAgain} called, soon
     */
    SessionWatches(SessionMemory memory, CallQueue calls, Consumer<Runnable> owner, Runnable later) {
        this.table = memory.watches();
        this.position = memory.position();
        this.calls = calls;
        this.owner = owner;
        this.later = later;
        table.unestablished().forEach(this::ask);
    }

    void set(WatchHandle watch) {
        if (!table.hasRoomFor(watch.key())) {
            refuse(
                    List.of(watch),
                    new CoordinatorException.TooLarge(
                            "watching " + watch.key().path(),
                            watch.key().path().length(),
                            Coordinator.MOST_WATCH_BYTES));
        } else if (table.add(watch)) {
            ask(watch.key());
        } else if (table.established(watch.key())) {
            owner.accept(() -> watch.whenEstablished().complete(Done.getInstance()));
        }
    }

    private void ask(WatchTable.Key key) {
        Pending<Done> call = Pending.internal(new Ask.AddWatch(key.path(), key.recursive()), "watching " + key.path());
        table.asked(key, call);
        calls.add(call);
    }

    void cancel(WatchHandle watch) {
        if (table.remove(watch)) {
            calls.add(Pending.internal(
                    new Ask.RemoveWatch(watch.key().path(), watch.key().recursive()), "unwatching"));
        }
        owner.accept(() -> watch.ended(null, new CoordinatorException.SessionClosed("the watch was cancelled")));
    }

    /** The session will not have these. */
    void refuse(List<WatchHandle> watches, CoordinatorException cause) {
        owner.accept(() -> watches.forEach(watch -> watch.ended(cause, cause)));
    }

    /** Another node must be asked to watch, before anything else. */
    void connected() {
        if (!table.established().isEmpty()) {
            long after = position.complete();
            position.reconnected();
            Pending<Done> resume = Pending.internal(table.resume(after), "taking up watches");
            resuming = new Resuming(resume, after);
            calls.addFirst(resume);
        }
    }

    /** The node is gone. */
    void lost() {
        resuming = null;
    }

    /** Asks for what the node had no time for. */
    void askAgain() {
        table.unasked().forEach(this::ask);
    }

    /** The node has answered any call of the session. */
    void answered(Pending<?> call, Answer answer, long zxid) {
        position.answered(zxid);
        Resuming begun = resuming;
        if (begun != null && begun.call() == call) {
            resuming = null;
            position.forgotten();
            if (answer instanceof Answer.Failed failed) {
                refuse(table.dropEstablished(), CoordinatorException.of(failed.code(), call.what()));
            } else if (answer instanceof Answer.Resumed resumed && !resumed.complete()) {
                tell(table.established(), new Event.Gap(begun.after(), zxid));
            }
        } else if (call.ask() instanceof Ask.AddWatch) {
            if (answer instanceof Answer.Failed failed) {
                onNotWatched(call, CoordinatorException.of(failed.code(), call.what()));
            } else {
                List<WatchHandle> watches = table.establish(call);
                owner.accept(
                        () -> watches.forEach(watch -> watch.whenEstablished().complete(Done.getInstance())));
            }
        }
    }

    private void onNotWatched(Pending<?> call, CoordinatorException cause) {
        if (cause.isRetryable()) {
            table.postpone(call);
            later.run();
        } else {
            refuse(table.drop(call), cause);
        }
    }

    void fired(Delivery.Fired fired) {
        Event.Kind.of(fired.type())
                .map(kind -> new Event.Change(kind, fired.path(), fired.zxid()))
                .filter(position::isNew)
                .ifPresent(change -> tell(table.told(change), change));
    }

    private void tell(List<WatchHandle> watches, Event event) {
        owner.accept(() -> watches.forEach(watch -> watch.listener().onEvent(event)));
    }

    /** The session has ended; {@code told} is null where its owner wanted that. */
    void end(@Nullable CoordinatorException told, CoordinatorException cause) {
        List<WatchHandle> watches = table.clear();
        owner.accept(() -> watches.forEach(watch -> watch.ended(told, cause)));
    }
}
