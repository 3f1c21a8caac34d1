package io.troupe.recipes;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Created;
import io.troupe.client.Event;
import io.troupe.client.Session;
import io.troupe.client.SessionState;
import io.troupe.client.Watch;
import io.troupe.client.WatchMode;
import io.troupe.request.CreateMode;
import io.troupe.request.Stat;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an ephemeral znode of a given name as long as the session lives: made again when somebody deletes it, and once that of another
 * session, of the same process before it was started again, say, is gone. <i>Present</i>, or <i>absent</i> and trying to be, or
 * <i>leaving</i>.
 */
final class PresenceActor extends AbstractBehavior<PresenceActor.Command> {
    private static final Duration PAUSE = Duration.ofMillis(100);

    interface Command {}

    /** Hold this from now on; told when it does, or at once while it is not there. */
    record Change(byte[] data, CompletableFuture<Done> changed) implements Command {}

    private record Rewrite(CompletableFuture<Done> changed) implements Command {}

    private record Looked(@Nullable Stat stat, @Nullable Throwable failure) implements Command {}

    private record Written(
            CompletableFuture<Done> changed, @Nullable Throwable failure) implements Command {}

    private record Stirred(Event event) implements Command {}

    private record WatchFailed(CoordinatorException.Refused cause) implements Command {}

    private record SessionChanged(SessionState state) implements Command {}

    private record Left(@Nullable Throwable failure) implements Command {}

    private enum Timer implements Command {
        /** A call failed for a reason that passes. */
        RETRY,
        /** So did the watch. */
        WATCH
    }

    private final Session session;
    private final String path;
    private final Consumer<Standing> listener;
    private final TimerScheduler<Command> timers;
    private final Session.Subscription states;
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private byte[] data;
    private Watch watch;
    private @Nullable Throwable failure;
    private CompletionStage<?> making = CompletableFuture.completedFuture(Done.getInstance());
    private boolean looking;
    private boolean lookAgain;
    private boolean stale;
    private @Nullable Lease lease;

    private PresenceActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Session session,
            String path,
            byte[] data,
            Consumer<Standing> listener) {
        super(context);
        context.setLoggerName(PresenceActor.class);
        this.session = session;
        this.path = path;
        this.data = data;
        this.listener = listener;
        this.timers = timers;
        ActorRef<Command> self = context.getSelf();
        this.states = session.onState(state -> self.tell(new SessionChanged(state)));
        this.watch = watch();
        look();
    }

    private Watch watch() {
        return session.watch(
                path, WatchMode.NODE, new WatchMessages<>(getContext().getSelf(), Stirred::new, WatchFailed::new));
    }

    /**
     * Present from its start until it is told to {@link Release}, or cannot be.
     *
     * @param listener told in this actor's thread
     */
    static Behavior<Command> create(Session session, String path, byte[] data, Consumer<Standing> listener) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new PresenceActor(context, timers, session, path, data, listener)));
    }

    /** Present or absent. */
    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Looked.class, this::onLooked)
                .onMessage(Stirred.class, this::onStirred)
                .onMessage(SessionChanged.class, this::onSession)
                .onMessage(Change.class, this::onChange)
                .onMessage(Written.class, this::onWritten)
                .onMessage(Rewrite.class, message -> write(message.changed()))
                .onMessageEquals(Timer.RETRY, this::look)
                .onMessage(WatchFailed.class, this::onWatchFailed)
                .onMessageEquals(Timer.WATCH, () -> {
                    watch = watch();
                    return look();
                })
                .onMessage(Release.class, message -> leave(null))
                .onSignal(PostStop.class, stop -> {
                    // It may be there, or about to be, without a lease: while the session is suspended, say.
                    making.whenComplete((found, unmade) -> deleteOwn());
                    return onStop();
                })
                .build();
    }

    private Receive<Command> leaving() {
        return newReceiveBuilder()
                .onMessage(Looked.class, message -> delete())
                .onMessage(Left.class, this::onLeft)
                .onMessageEquals(Timer.RETRY, this::delete)
                .onMessage(Change.class, message -> {
                    message.changed().completeExceptionally(new IllegalStateException(path + " is being left"));
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, stop -> onStop())
                .onAnyMessage(message -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onStop() {
        lose(Loss.RELEASED);
        states.close();
        watch.cancel();
        if (ended.complete(Done.getInstance())) {
            listener.accept(new Standing.Ended(null));
        }
        return Behaviors.same();
    }

    private void lose(Loss why) {
        Lease held = lease;
        if (held != null) {
            lease = null;
            held.lose(why);
            listener.accept(new Standing.Lost(why));
        }
    }

    // ---- absent and present ----

    /** Makes it where it is not there; behind the watch, so that what that does not tell shows. One at a time. */
    private Behavior<Command> look() {
        if (looking) {
            lookAgain = true;
            return Behaviors.same();
        }
        looking = true;
        lookAgain = false;
        byte[] now = data;
        CompletionStage<Created> created = Directories.in(
                session,
                path.substring(0, path.lastIndexOf('/')),
                () -> session.create(path, now, CreateMode.EPHEMERAL));
        CompletionStage<Optional<Stat>> found = Failures.recover(
                created.thenApply(made -> Optional.of(made.stat())),
                failure -> failure instanceof CoordinatorException.NodeExists
                        ? session.exists(path)
                        : CompletableFuture.failedFuture(failure));
        making = found;
        getContext().pipeToSelf(found, (stat, failure) -> new Looked(stat == null ? null : stat.orElse(null), failure));
        return Behaviors.same();
    }

    private Behavior<Command> onLooked(Looked looked) {
        looking = false;
        Stat stat = looked.stat();
        if (looked.failure() != null) {
            Throwable cause = Failures.cause(looked.failure());
            if (!Failures.isPassing(cause)) {
                return end(cause);
            }
            timers.startSingleTimer(Timer.RETRY, PAUSE);
        } else if (stat == null || lookAgain) {
            return look();
        } else if (stat.ephemeralOwner() == session.id() && session.isValid()) {
            grant(stat);
        }
        // What is another's will go one day, and the watch tells of that.
        return Behaviors.same();
    }

    private void grant(Stat stat) {
        if (lease != null && lease.token() == stat.czxid()) {
            return;
        }
        ActorRef<Command> self = getContext().getSelf();
        Lease granted = new Lease(session, new Created(path, stat), () -> {
            self.tell(new Release());
            return ended.minimalCompletionStage();
        });
        lose(Loss.REMOVED);
        lease = granted;
        listener.accept(new Standing.Granted(granted));
        if (stale) {
            stale = false;
            write(new CompletableFuture<>());
        }
    }

    private Behavior<Command> onStirred(Stirred stirred) {
        if (stirred.event() instanceof Event.Change change) {
            if (change.kind() != Event.Kind.DELETED) {
                return Behaviors.same();
            }
            lose(Loss.REMOVED);
        }
        return look();
    }

    private Behavior<Command> onSession(SessionChanged changed) {
        switch (changed.state()) {
            case SUSPENDED -> {
                lose(Loss.SUSPENDED);
                return Behaviors.same();
            }
            case EXPIRED -> lose(Loss.EXPIRED);
            case CLOSED -> lose(Loss.CLOSED);
            default -> {
                // Whether it is still there shows.
            }
        }
        return look();
    }

    private Behavior<Command> onChange(Change change) {
        data = change.data();
        return write(change.changed());
    }

    /** What another holds is not ours to change: it is written once ours is there. */
    private Behavior<Command> write(CompletableFuture<Done> changed) {
        if (lease == null) {
            stale = true;
            changed.complete(Done.getInstance());
        } else {
            getContext().pipeToSelf(session.setData(path, data), (stat, failed) -> new Written(changed, failed));
        }
        return Behaviors.same();
    }

    private Behavior<Command> onWritten(Written written) {
        Throwable cause = written.failure() == null ? null : Failures.cause(written.failure());
        if (cause == null) {
            written.changed().complete(Done.getInstance());
        } else if (cause instanceof CoordinatorException.NoNode || Failures.isPassing(cause)) {
            // With the data of then, which may be newer.
            getContext().scheduleOnce(PAUSE, getContext().getSelf(), new Rewrite(written.changed()));
        } else {
            written.changed().completeExceptionally(cause);
        }
        return Behaviors.same();
    }

    // ---- leaving ----

    /** Without it nobody would notice that the znode is gone. */
    private Behavior<Command> onWatchFailed(WatchFailed failed) {
        if (!Failures.isPassing(failed.cause())) {
            return leave(failed.cause());
        }
        timers.startSingleTimer(Timer.WATCH, PAUSE);
        return Behaviors.same();
    }

    /**
     * @param why null when it is as wanted
     */
    private Behavior<Command> leave(@Nullable Throwable why) {
        failure = why;
        timers.cancelAll();
        lose(why == null ? Loss.RELEASED : Loss.REMOVED);
        if (!looking) {
            delete();
        }
        return leaving();
    }

    /** Only what is this session's: that of another with the same name is not ours to delete. */
    private CompletionStage<Done> deleteOwn() {
        return session.exists(path)
                .thenCompose(stat -> stat.isPresent() && stat.get().ephemeralOwner() == session.id()
                        ? session.delete(path)
                        : CompletableFuture.completedFuture(Done.getInstance()));
    }

    private Behavior<Command> delete() {
        getContext().pipeToSelf(deleteOwn(), (done, failure) -> new Left(failure));
        return Behaviors.same();
    }

    private Behavior<Command> onLeft(Left left) {
        Throwable cause = left.failure() == null ? null : Failures.cause(left.failure());
        if (cause == null || cause instanceof CoordinatorException.NoNode || Failures.isEnd(cause)) {
            return end(failure);
        } else if (Failures.isPassing(cause)) {
            timers.startSingleTimer(Timer.RETRY, PAUSE);
            return Behaviors.same();
        }
        return end(cause);
    }

    private Behavior<Command> end(@Nullable Throwable cause) {
        if (cause == null) {
            ended.complete(Done.getInstance());
        } else {
            ended.completeExceptionally(cause);
        }
        listener.accept(new Standing.Ended(cause));
        return Behaviors.stopped();
    }
}
