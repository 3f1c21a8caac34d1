package io.troupe.akka;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.coordination.lease.LeaseException;
import akka.coordination.lease.LeaseTimeoutException;
import io.troupe.akka.LeaseProtocol.Acquire;
import io.troupe.akka.LeaseProtocol.Command;
import io.troupe.akka.LeaseProtocol.Deleted;
import io.troupe.akka.LeaseProtocol.Late;
import io.troupe.akka.LeaseProtocol.Looked;
import io.troupe.akka.LeaseProtocol.Opened;
import io.troupe.akka.LeaseProtocol.Release;
import io.troupe.akka.LeaseProtocol.SessionChanged;
import io.troupe.akka.LeaseProtocol.Stirred;
import io.troupe.akka.LeaseProtocol.Timer;
import io.troupe.akka.LeaseProtocol.WatchFailed;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Event;
import io.troupe.client.Session;
import io.troupe.client.Watch;
import io.troupe.client.WatchMode;
import io.troupe.client.ZnodeData;
import io.troupe.recipes.WatchMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One lease, as its owner sees it. It has a goal, and steps towards it by one call of the session at a time: to <i>hold</i> the znode, making
 * it unless another's is there; to <i>leave</i>, deleting its own; or to <i>keep</i> things as they are, once the lease was lost because no
 * node answered. The znode is not deleted then: that would let another part of the owner's cluster have it whose decision it must
 * prevent.
 */
final class LeaseActor extends AbstractBehavior<Command> {
    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * Akka's singleton manager learns that it holds the lease by a message that takes a while to come, and forgets a loss it is told of before.
     */
    private static final Duration SETTLING = Duration.ofMillis(500);

    /** The part of the session's timeout, of which {@link Session#validFor} leaves the last quarter, that a holder has to stop in. */
    private static final int TIME_TO_STOP = 4;

    private enum Goal {
        HOLD,
        KEEP,
        LEAVE
    }

    private final Supplier<CompletionStage<Session>> sessions;
    private final LeaseZnode znode;
    private final Duration patience;
    private final AtomicReference<@Nullable Holding> holding;
    private final TimerScheduler<Command> timers;
    private final List<Acquire> acquiring = new ArrayList<>();
    private final List<Release> releasing = new ArrayList<>();
    private Goal goal = Goal.LEAVE;
    private @Nullable Tie tie;
    private boolean busy;
    private boolean stirred;
    private Consumer<Optional<Throwable>> onLost = reason -> {};
    private @Nullable Runnable untold;

    /** What there is in a session. */
    private static final class Tie {
        final Session session;
        final Session.Subscription states;

        @Nullable
        Watch watch;
        /** Our znode may be there. */
        boolean marked;

        Tie(Session session, Session.Subscription states) {
            this.session = session;
            this.states = states;
        }
    }

    private LeaseActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Supplier<CompletionStage<Session>> sessions,
            LeaseZnode znode,
            Duration patience,
            AtomicReference<@Nullable Holding> holding) {
        super(context);
        context.setLoggerName(LeaseActor.class);
        this.timers = timers;
        this.sessions = sessions;
        this.znode = znode;
        this.patience = patience;
        this.holding = holding;
    }

    /**
     * Lives as long as its actor system.
     *
     * @param sessions the session to use at the moment
     * @param patience how long acquiring and releasing may take
     * @param holding written here alone
     */
    static Behavior<Command> create(
            Supplier<CompletionStage<Session>> sessions,
            LeaseZnode znode,
            Duration patience,
            AtomicReference<@Nullable Holding> holding) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new LeaseActor(context, timers, sessions, znode, patience, holding)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Acquire.class, this::onAcquire)
                .onMessage(Release.class, this::onRelease)
                .onMessage(Late.class, this::onLate)
                .onMessage(Opened.class, this::onOpened)
                .onMessage(Looked.class, this::onLooked)
                .onMessage(Deleted.class, this::onDeleted)
                .onMessage(SessionChanged.class, this::onSession)
                .onMessage(Stirred.class, this::onStirred)
                .onMessage(WatchFailed.class, this::onWatchFailed)
                .onMessageEquals(Timer.RETRY, this::step)
                .onMessageEquals(Timer.DOUBT, () -> {
                    lose("no node answers");
                    return step();
                })
                .onMessageEquals(Timer.SETTLED, this::tellLoss)
                .onSignal(PostStop.class, stop -> onStop())
                .build();
    }

    /** The znode stays, until the session ends for want of an owner: what it protects may be stopping still. */
    private Behavior<Command> onStop() {
        holding.set(null);
        refuse(new LeaseException("the actor system has ended"));
        return this;
    }

    // ---- what the owner wants ----

    private Behavior<Command> onAcquire(Acquire acquire) {
        tellLoss();
        Holding held = holding.get();
        acquiring.add(acquire);
        if (held != null && held.isCertain()) {
            grant();
            return this;
        }
        stirred = true;
        goal = Goal.HOLD;
        alarm(acquire);
        return step();
    }

    private Behavior<Command> onRelease(Release release) {
        untold = null;
        acquiring.forEach(acquire -> acquire.answer().complete(false));
        acquiring.clear();
        releasing.add(release);
        leave();
        alarm(release);
        return step();
    }

    private void alarm(Command request) {
        getContext().scheduleOnce(patience, getContext().getSelf(), new Late(request));
    }

    private Behavior<Command> onLate(Late late) {
        LeaseTimeoutException cause =
                new LeaseTimeoutException("lease " + znode.path() + ": no node has answered within " + patience);
        if (late.request() instanceof Release release && releasing.remove(release)) {
            // It goes on.
            release.answer().completeExceptionally(cause);
        } else if (late.request() instanceof Acquire acquire && acquiring.remove(acquire)) {
            if (acquiring.isEmpty() && holding.get() == null) {
                leave();
            }
            acquire.answer().completeExceptionally(cause);
        }
        return step();
    }

    // ---- steps ----

    private Behavior<Command> step() {
        if (tie != null && tie.session.state().isFinal()) {
            untie(tie);
        }
        Tie now = tie;
        if (busy || timers.isTimerActive(Timer.RETRY)) {
            return this;
        } else if (goal == Goal.HOLD && (holding.get() == null || stirred)) {
            if (now == null) {
                open();
            } else {
                look(now);
            }
        } else if (goal == Goal.LEAVE) {
            if (now != null && now.marked) {
                delete(now);
            } else {
                if (now != null) {
                    unwatch(now);
                }
                released();
            }
        }
        return this;
    }

    private void released() {
        releasing.forEach(release -> release.answer().complete(true));
        releasing.clear();
    }

    private Behavior<Command> later() {
        timers.startSingleTimer(Timer.RETRY, PAUSE);
        return this;
    }

    private void open() {
        busy = true;
        getContext().pipeToSelf(sessions.get(), Opened::new);
    }

    private Behavior<Command> onOpened(Opened opened) {
        busy = false;
        Session session = opened.session();
        if (session == null || session.state().isFinal()) {
            return later();
        }
        ActorRef<Command> self = getContext().getSelf();
        tie = new Tie(session, session.onState(state -> self.tell(new SessionChanged(session, state))));
        return step();
    }

    /** Makes the znode, or finds what is there; one that is held already is only looked for. Behind a watch, which tells of its end. */
    private void look(Tie now) {
        busy = true;
        stirred = false;
        if (now.watch == null) {
            now.watch = now.session.watch(
                    znode.path(),
                    WatchMode.NODE,
                    new WatchMessages<>(
                            getContext().getSelf(),
                            event -> new Stirred(now.session, event),
                            refusal -> new WatchFailed(now.session)));
        }
        Session calls = now.session.withDeadline(patience);
        now.marked = true;
        CompletionStage<ZnodeData> looked = holding.get() == null ? znode.make(calls) : znode.read(calls);
        getContext().pipeToSelf(looked, (found, failure) -> new Looked(now.session, found, failure));
    }

    private Behavior<Command> onLooked(Looked looked) {
        busy = false;
        Tie now = tie;
        if (now == null || now.session != looked.session()) {
            return step();
        }
        ZnodeData found = looked.found();
        if (found == null) {
            return onLookFailed(now, LeaseZnode.cause(looked.failure()));
        } else if (!znode.isOurs(found, now.session.id())) {
            getContext().getLog().debug("{} is held by {}", znode.path(), found.text());
            now.marked = false;
            lose("its znode was removed");
            acquiring.forEach(acquire -> acquire.answer().complete(false));
            acquiring.clear();
            leave();
        } else if (goal != Goal.LEAVE && !now.session.isValid()) {
            stirred = true;
            return later();
        } else if (goal == Goal.HOLD) {
            hold(new Holding(now.session, found.stat().czxid()));
        }
        return step();
    }

    private Behavior<Command> onLookFailed(Tie now, @Nullable Throwable cause) {
        if (cause instanceof CoordinatorException.NoNode) {
            now.marked = false;
            lose("its znode was removed");
            return step();
        } else if (isPassing(cause)) {
            stirred = true;
            return later();
        }
        lose("it cannot be looked for");
        refuse(new LeaseException("lease " + znode.path() + ": " + cause));
        leave();
        return step();
    }

    private void delete(Tie now) {
        busy = true;
        unwatch(now);
        getContext()
                .pipeToSelf(
                        znode.delete(now.session.withDeadline(patience)),
                        (done, failure) -> new Deleted(now.session, failure));
    }

    private Behavior<Command> onDeleted(Deleted deleted) {
        busy = false;
        Tie now = tie;
        if (now == null || now.session != deleted.session()) {
            return step();
        }
        Throwable cause = LeaseZnode.cause(deleted.failure());
        if (isPassing(cause)) {
            return later();
        }
        now.marked = false;
        if (cause != null && !(cause instanceof CoordinatorException.NoNode)) {
            refuse(new LeaseException("lease " + znode.path() + " cannot be released: " + cause));
        }
        released();
        return step();
    }

    private void refuse(LeaseException cause) {
        acquiring.forEach(acquire -> acquire.answer().completeExceptionally(cause));
        acquiring.clear();
        releasing.forEach(release -> release.answer().completeExceptionally(cause));
        releasing.clear();
    }

    // ---- held and lost ----

    private void hold(Holding found) {
        Holding held = holding.get();
        if (held != null && held.token() != found.token()) {
            lose("its znode was removed");
        }
        if (holding.get() == null) {
            holding.set(found);
            timers.startSingleTimer(Timer.SETTLED, SETTLING);
        }
        goal = Goal.HOLD;
        grant();
        // Those that the owner has taken back before they were done.
        released();
    }

    private void grant() {
        acquiring.forEach(acquire -> {
            if (acquire.onLost() != null) {
                onLost = acquire.onLost();
            }
            acquire.answer().complete(true);
        });
        acquiring.clear();
    }

    /** The owner does not want it any more. */
    private void leave() {
        goal = Goal.LEAVE;
        holding.set(null);
        onLost = reason -> {};
    }

    /** It is not held any more, against the owner's will. */
    private void lose(String why) {
        timers.cancel(Timer.DOUBT);
        if (holding.getAndSet(null) == null) {
            return;
        }
        getContext().getLog().warn("lease {} is lost: {}", znode.path(), why);
        Consumer<Optional<Throwable>> callback = onLost;
        onLost = reason -> {};
        untold = () -> callback.accept(Optional.of(new LeaseException("lease " + znode.path() + " is lost: " + why)));
        goal = acquiring.isEmpty() ? Goal.KEEP : Goal.HOLD;
        if (!timers.isTimerActive(Timer.SETTLED)) {
            tellLoss();
        }
    }

    private Behavior<Command> tellLoss() {
        Runnable telling = untold;
        untold = null;
        if (telling != null) {
            try {
                telling.run();
            } catch (RuntimeException e) {
                getContext().getLog().error("the owner of lease {} failed to hear of its loss", znode.path(), e);
            }
        }
        return this;
    }

    // ---- the session ----

    private Behavior<Command> onSession(SessionChanged changed) {
        Tie now = tie;
        if (now == null || now.session != changed.session()) {
            return this;
        } else if (changed.state().isFinal()) {
            untie(now);
        } else if (!changed.state().isConnected()) {
            Duration toStop = now.session.timeout().dividedBy(TIME_TO_STOP);
            Duration left = now.session.validFor().minus(toStop);
            timers.startSingleTimer(Timer.DOUBT, left.isNegative() ? Duration.ZERO : left);
        } else {
            timers.cancel(Timer.DOUBT);
        }
        return step();
    }

    private void untie(Tie over) {
        lose("its session is over: " + over.session.state());
        unwatch(over);
        over.states.close();
        tie = null;
    }

    private void unwatch(Tie now) {
        if (now.watch != null) {
            now.watch.cancel();
            now.watch = null;
        }
    }

    private Behavior<Command> onStirred(Stirred message) {
        if (message.event() instanceof Event.Change change && change.kind() != Event.Kind.DELETED) {
            return this;
        }
        stirred = tie != null && tie.session == message.session();
        return step();
    }

    /** It is set again with the next look. */
    private Behavior<Command> onWatchFailed(WatchFailed failed) {
        if (tie != null && tie.session == failed.session()) {
            unwatch(tie);
            stirred = true;
        }
        return later();
    }

    /** It may succeed when it is tried again, in another session perhaps. */
    private static boolean isPassing(@Nullable Throwable cause) {
        return cause instanceof CoordinatorException.SessionExpired
                || cause instanceof CoordinatorException.SessionClosed
                || (cause instanceof CoordinatorException known && known.isRetryable());
    }
}
