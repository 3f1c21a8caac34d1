package io.troupe.recipes;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Event;
import io.troupe.client.Session;
import io.troupe.client.Watch;
import io.troupe.client.WatchListener;
import io.troupe.client.WatchMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One who waits for an element of a queue: looks at it, one look after the other, whenever something has happened there. */
final class TakerActor extends AbstractBehavior<TakerActor.Command> {
    private static final Duration PAUSE = Duration.ofMillis(100);

    interface Command {}

    private record Stirred() implements Command {}

    private record Unwatched(@Nullable CoordinatorException cause) implements Command {}

    private record Looked(
            QueueLook.@Nullable Found found, @Nullable Throwable failure) implements Command {}

    /** Nobody waits for an element any more. */
    record Enough() implements Command {}

    private enum Timer implements Command {
        /** The first element is due. */
        DUE,
        /** A look failed for a reason that passes. */
        RETRY
    }

    private final QueueLook look;
    private final CompletableFuture<Taken> outcome;
    private final TimerScheduler<Command> timers;
    private final List<Watch> watches;
    private boolean looking;
    private boolean again;

    private TakerActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Session session,
            QueueLook look,
            CompletableFuture<Taken> outcome) {
        super(context);
        context.setLoggerName(TakerActor.class);
        this.look = look;
        this.outcome = outcome;
        this.timers = timers;
        this.watches = look.directories().stream()
                .map(directory -> session.watch(directory, WatchMode.RECURSIVE, listener(context.getSelf())))
                .toList();
        look();
    }

    private static WatchListener listener(ActorRef<Command> self) {
        return new WatchListener() {
            @Override
            public void onEvent(Event event) {
                self.tell(new Stirred());
            }

            @Override
            public void onEnd(@Nullable CoordinatorException cause) {
                self.tell(new Unwatched(cause));
            }
        };
    }

    /**
     * Looks until it has taken an element.
     *
     * @param outcome completed with it, or with why there is none
     */
    static Behavior<Command> create(Session session, QueueLook look, CompletableFuture<Taken> outcome) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new TakerActor(context, timers, session, look, outcome)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Stirred.class, message -> look())
                .onMessage(Looked.class, this::onLooked)
                .onMessage(
                        Unwatched.class,
                        message -> fail(
                                message.cause() == null
                                        ? new CancellationException("the session was closed")
                                        : message.cause()))
                .onMessage(Enough.class, message -> looking ? Behaviors.same() : Behaviors.stopped())
                .onMessageEquals(Timer.DUE, this::look)
                .onMessageEquals(Timer.RETRY, this::look)
                .onSignal(PostStop.class, stop -> {
                    watches.forEach(Watch::cancel);
                    outcome.completeExceptionally(new CancellationException("its actor system has ended"));
                    return Behaviors.same();
                })
                .build();
    }

    /** Behind the watches, so that it shows what they do not tell. */
    private Behavior<Command> look() {
        if (looking) {
            again = true;
            return Behaviors.same();
        }
        looking = true;
        again = false;
        getContext().pipeToSelf(look.take(), Looked::new);
        return Behaviors.same();
    }

    private Behavior<Command> onLooked(Looked looked) {
        looking = false;
        QueueLook.Found found = looked.found();
        if (found == null) {
            Throwable cause = Failures.cause(
                    looked.failure() == null ? new IllegalStateException("no answer") : looked.failure());
            if (!Failures.isPassing(cause)) {
                return fail(cause);
            }
            timers.startSingleTimer(Timer.RETRY, PAUSE);
        } else if (found.taken() != null) {
            if (!outcome.complete(found.taken())) {
                found.taken().giveBack();
            }
            return Behaviors.stopped();
        } else if (outcome.isDone()) {
            return Behaviors.stopped();
        } else if (again) {
            return look();
        } else if (found.due() != null) {
            timers.startSingleTimer(Timer.DUE, found.due());
        }
        return outcome.isDone() ? Behaviors.stopped() : Behaviors.same();
    }

    private Behavior<Command> fail(Throwable cause) {
        outcome.completeExceptionally(cause);
        // An element that is taken at this moment must be given back.
        return looking ? Behaviors.same() : Behaviors.stopped();
    }
}
