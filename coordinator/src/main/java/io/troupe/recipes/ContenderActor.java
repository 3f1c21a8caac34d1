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
import io.troupe.client.ProtectedZnode;
import io.troupe.client.Session;
import io.troupe.client.Watch;
import io.troupe.client.WatchMode;
import io.troupe.recipes.ContenderProtocol.BlockerStirred;
import io.troupe.recipes.ContenderProtocol.Command;
import io.troupe.recipes.ContenderProtocol.Joined;
import io.troupe.recipes.ContenderProtocol.Left;
import io.troupe.recipes.ContenderProtocol.Listed;
import io.troupe.recipes.ContenderProtocol.OwnStirred;
import io.troupe.recipes.ContenderProtocol.SessionChanged;
import io.troupe.recipes.ContenderProtocol.Timer;
import io.troupe.recipes.ContenderProtocol.WatchFailed;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One who contends: <i>joining</i> while his znode is made, <i>in line</i> while it is there, <i>leaving</i> while it is removed. In
 * line he looks whose turn it is, watches the one who must go first, and looks again when something happens there. It is his when a look
 * that was begun with his own znode watched shows nobody before him while his session has a node; it is not any more as soon as the
 * session has none, or his znode is gone. Those before him only become fewer, so a node that lags behind shows him rather too many.
 */
final class ContenderActor extends AbstractBehavior<Command> {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Session session;
    private final Supplier<UUID> ids;
    private final Contest contest;
    private final Consumer<Standing> listener;
    private final TimerScheduler<Command> timers;
    private final Session.Subscription states;
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private ProtectedZnode znode;
    private CompletionStage<Created> joining;
    private @Nullable Created own;
    private @Nullable Watch ownWatch;
    private @Nullable String blocker;
    private @Nullable Watch blockerWatch;
    private @Nullable Lease lease;
    private @Nullable Throwable failure;
    private long looks;

    private ContenderActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Session session,
            Supplier<UUID> ids,
            Contest contest,
            Consumer<Standing> listener) {
        super(context);
        context.setLoggerName(ContenderActor.class);
        this.session = session;
        this.ids = ids;
        this.contest = contest;
        this.listener = listener;
        this.timers = timers;
        ActorRef<Command> self = context.getSelf();
        this.states = session.onState(state -> self.tell(new SessionChanged(state)));
        this.znode = newZnode();
        this.joining = create();
    }

    /**
     * Contends from its start until it is told to leave, or cannot go on.
     *
     * @param listener told in this actor's thread
     */
    static Behavior<Command> create(Session session, Supplier<UUID> ids, Contest contest, Consumer<Standing> listener) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new ContenderActor(context, timers, session, ids, contest, listener)));
    }

    private ProtectedZnode newZnode() {
        return session.protectedZnode(
                contest.directory() + "/" + contest.name(),
                contest.data(),
                CreateMode.EPHEMERAL_SEQUENTIAL,
                Acl.OPEN,
                ids.get());
    }

    private CompletionStage<Created> create() {
        CompletionStage<Created> begun = Directories.in(session, contest.directory(), znode::create);
        getContext().pipeToSelf(begun, Joined::new);
        return begun;
    }

    /** Joining. */
    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Joined.class, this::onJoined)
                .onMessageEquals(Timer.RETRY, () -> {
                    joining = create();
                    return Behaviors.same();
                })
                .onMessage(Release.class, message -> leaveOnceJoined())
                .onSignal(PostStop.class, stop -> {
                    ProtectedZnode made = znode;
                    joining.whenComplete((created, unmade) -> made.remove());
                    return onStop();
                })
                .onAnyMessage(message -> Behaviors.same())
                .build();
    }

    private Receive<Command> inLine() {
        return newReceiveBuilder()
                .onMessage(SessionChanged.class, this::onSession)
                .onMessage(Listed.class, this::onListed)
                .onMessage(BlockerStirred.class, message -> look())
                .onMessage(OwnStirred.class, this::onOwnStirred)
                .onMessage(WatchFailed.class, this::onWatchFailed)
                .onMessageEquals(Timer.RETRY, this::look)
                .onMessage(Release.class, message -> leave(null))
                .onSignal(PostStop.class, stop -> {
                    lose(Loss.RELEASED);
                    znode.remove();
                    return onStop();
                })
                .onAnyMessage(message -> Behaviors.same())
                .build();
    }

    private Receive<Command> leaving() {
        return newReceiveBuilder()
                .onMessage(Joined.class, message -> delete())
                .onMessage(Left.class, this::onLeft)
                .onMessageEquals(Timer.RETRY, this::delete)
                .onSignal(PostStop.class, stop -> onStop())
                .onAnyMessage(message -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onStop() {
        unwatch();
        if (ended.complete(Done.getInstance())) {
            listener.accept(new Standing.Ended(null));
        }
        states.close();
        return Behaviors.same();
    }

    // ---- joining ----

    private Behavior<Command> onJoined(Joined joined) {
        own = joined.created();
        if (own != null) {
            look();
            return inLine();
        }
        Throwable cause = cause(joined.failure());
        return Failures.isPassing(cause) ? later() : end(cause);
    }

    private Behavior<Command> later() {
        timers.startSingleTimer(Timer.RETRY, PAUSE);
        return Behaviors.same();
    }

    private static Throwable cause(@Nullable Throwable failure) {
        return Failures.cause(failure == null ? new IllegalStateException("no answer") : failure);
    }

    // ---- in line ----

    private Behavior<Command> onSession(SessionChanged changed) {
        switch (changed.state()) {
            case SUSPENDED -> lose(Loss.SUSPENDED);
            case EXPIRED -> lose(Loss.EXPIRED);
            case CLOSED -> lose(Loss.CLOSED);
            default -> {
                return lease == null && blocker == null ? look() : Behaviors.same();
            }
        }
        // What a final state is due to shows in the answer.
        return changed.state().isFinal() ? look() : Behaviors.same();
    }

    /** Begun behind all watches, so that it shows what they do not tell. */
    private Behavior<Command> look() {
        if (ownWatch == null && own != null) {
            String path = own.path();
            ownWatch = watch(path, event -> new OwnStirred(path, event));
        }
        long number = ++looks;
        getContext()
                .pipeToSelf(
                        session.getChildren(contest.directory()),
                        (children, failure) -> new Listed(number, children, failure));
        return Behaviors.same();
    }

    private Watch watch(String path, Function<Event, Command> message) {
        return session.watch(
                path, WatchMode.NODE, new WatchMessages<>(getContext().getSelf(), message, WatchFailed::new));
    }

    private Behavior<Command> onListed(Listed listed) {
        Created mine = own;
        if (listed.look() != looks || mine == null) {
            return Behaviors.same();
        }
        if (listed.children() == null) {
            return onLookFailed(cause(listed.failure()));
        }
        String name = mine.path().substring(contest.directory().length() + 1);
        List<String> names = listed.children().names();
        if (!names.contains(name)) {
            return joinAgain();
        }
        Optional<String> next = contest.rule().blocker(contest.directory(), names, name);
        if (lease != null) {
            return Behaviors.same();
        }
        if (next.isPresent()) {
            return await(next.get());
        }
        unwatchBlocker();
        if (session.isValid()) {
            grant(mine);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onLookFailed(Throwable failure) {
        if (failure instanceof CoordinatorException.NoNode) {
            return joinAgain();
        } else if (Failures.isPassing(failure)) {
            return later();
        }
        return Failures.isEnd(failure) ? end(failure) : leave(failure);
    }

    private Behavior<Command> onWatchFailed(WatchFailed failed) {
        looks++;
        unwatch();
        return Failures.isPassing(failed.cause()) ? later() : leave(failed.cause());
    }

    /** What it did before it was watched shows in another look. */
    private Behavior<Command> await(String path) {
        if (path.equals(blocker)) {
            return Behaviors.same();
        }
        unwatchBlocker();
        blocker = path;
        blockerWatch = watch(path, event -> new BlockerStirred());
        return look();
    }

    private void grant(Created mine) {
        ActorRef<Command> self = getContext().getSelf();
        Lease granted = new Lease(session, mine, () -> {
            self.tell(new Release());
            return ended.minimalCompletionStage();
        });
        lease = granted;
        listener.accept(new Standing.Granted(granted));
    }

    private void lose(Loss why) {
        Lease held = lease;
        if (held != null) {
            lease = null;
            held.lose(why);
            listener.accept(new Standing.Lost(why));
        }
    }

    private Behavior<Command> onOwnStirred(OwnStirred stirred) {
        if (own == null || !own.path().equals(stirred.path())) {
            return Behaviors.same();
        }
        if (stirred.event() instanceof Event.Change change) {
            return change.kind() == Event.Kind.DELETED ? joinAgain() : Behaviors.same();
        }
        return look();
    }

    private Behavior<Command> joinAgain() {
        lose(Loss.REMOVED);
        unwatch();
        timers.cancel(Timer.RETRY);
        looks++;
        own = null;
        znode = newZnode();
        joining = create();
        return createReceive();
    }

    private void unwatchBlocker() {
        if (blockerWatch != null) {
            blockerWatch.cancel();
        }
        blockerWatch = null;
        blocker = null;
    }

    private void unwatch() {
        unwatchBlocker();
        if (ownWatch != null) {
            ownWatch.cancel();
        }
        ownWatch = null;
    }

    // ---- leaving ----

    private Behavior<Command> leaveOnceJoined() {
        if (timers.isTimerActive(Timer.RETRY)) {
            timers.cancel(Timer.RETRY);
            delete();
        }
        return leaving();
    }

    /**
     * @param why null when it is as wanted
     */
    private Behavior<Command> leave(@Nullable Throwable why) {
        failure = why;
        timers.cancel(Timer.RETRY);
        lose(why == null ? Loss.RELEASED : Loss.REMOVED);
        unwatch();
        delete();
        return leaving();
    }

    private Behavior<Command> delete() {
        getContext().pipeToSelf(znode.delete(), (done, failed) -> new Left(failed));
        return Behaviors.same();
    }

    private Behavior<Command> onLeft(Left left) {
        if (left.failure() == null) {
            return end(failure);
        }
        Throwable cause = cause(left.failure());
        if (Failures.isPassing(cause)) {
            return later();
        }
        // The ensemble removes what belongs to a session that is over.
        return end(failure == null && Failures.isEnd(cause) ? null : cause);
    }

    /**
     * @param cause null when it is as wanted
     */
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
