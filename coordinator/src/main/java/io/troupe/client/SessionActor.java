package io.troupe.client;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.ReceiveBuilder;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.client.SessionProtocol.Command;
import io.troupe.client.SessionProtocol.FromNode;
import io.troupe.client.SessionProtocol.LoggingIn;
import io.troupe.client.SessionProtocol.SetWatch;
import io.troupe.client.SessionProtocol.Submit;
import io.troupe.client.SessionProtocol.Timer;
import io.troupe.client.SessionProtocol.TooLate;
import io.troupe.client.SessionProtocol.Unwatch;
import io.troupe.client.protocol.Answer;
import io.troupe.client.protocol.Ask;
import io.troupe.client.protocol.Coordinator;
import io.troupe.client.protocol.Coordinator.Ack;
import io.troupe.client.protocol.Coordinator.Block;
import io.troupe.client.protocol.Coordinator.Opened;
import io.troupe.client.protocol.Coordinator.Refused;
import io.troupe.client.protocol.Coordinator.Reset;
import io.troupe.client.protocol.Coordinator.ToClient;
import io.troupe.client.protocol.Delivery;
import io.troupe.request.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session: <i>connecting</i> while it looks for a node that gives it, <i>connected</i> while one does, <i>ended</i> when there is none
 * any more. It moves on when its node falls silent for a third of the session's time, or for what its settings allow, when anything on the
 * way from it is missing, or when it says that it stops.
 */
final class SessionActor extends AbstractBehavior<Command> {
    private static final Duration LINGER = Duration.ofMinutes(1);
    private static final Duration RESTART = Duration.ofMillis(100);
    private static final Duration WATCH_AGAIN = Duration.ofMillis(100);

    private final SessionMemory memory;
    private final TimerScheduler<Command> timers;
    private final ActorRef<ToClient> self;
    private final ActorRef<Runnable> callbacks;
    private final CallQueue calls = new CallQueue();
    private final SessionWatches watches;
    private final Dialling dialling;
    private @Nullable Link link;
    /** Null when the node knows who the owner is, as far as he says so. */
    private @Nullable Login login;

    private SessionActor(
            ActorContext<Command> context, TimerScheduler<Command> timers, SessionMemory memory, NodeFinder nodes) {
        super(context);
        context.setLoggerName(SessionActor.class);
        this.memory = memory;
        this.timers = timers;
        this.self = context.messageAdapter(ToClient.class, FromNode::new);
        this.callbacks = context.spawn(Callbacks.create(), "callbacks");
        this.dialling = new Dialling(memory, nodes, self);
        this.watches = new SessionWatches(
                memory, calls, callbacks::tell, () -> timers.startSingleTimer(Timer.WATCH, Timer.WATCH, WATCH_AGAIN));
        dial();
    }

    /** A session that is opened at once; should its actor fail, another goes on with it. */
    static Behavior<Command> create(SessionMemory memory, NodeFinder nodes) {
        return Behaviors.supervise(Behaviors.<Command>setup(
                        context -> Behaviors.withTimers(timers -> new SessionActor(context, timers, memory, nodes))))
                .onFailure(
                        RuntimeException.class,
                        SupervisorStrategy.restartWithBackoff(RESTART, RESTART.multipliedBy(10), 0));
    }

    /** Connecting. */
    @Override
    public Receive<Command> createReceive() {
        return always().onMessage(FromNode.class, message -> onAnswerToOpen(message.message()))
                .onMessageEquals(Timer.ATTEMPT, () -> next("a node does not answer"))
                .onMessageEquals(Timer.DIAL, this::dial)
                .onMessageEquals(Timer.BEAT, Behaviors::same)
                .build();
    }

    private Receive<Command> connected() {
        return always().onMessage(FromNode.class, message -> onConnected(message.message()))
                .onMessageEquals(Timer.BEAT, this::onBeat)
                .onMessageEquals(Timer.ATTEMPT, Behaviors::same)
                .onMessageEquals(Timer.DIAL, Behaviors::same)
                .build();
    }

    private Receive<Command> ended(CoordinatorException cause) {
        return newReceiveBuilder()
                .onMessage(Submit.class, submit -> {
                    tell(() -> submit.call().fail(cause));
                    return Behaviors.same();
                })
                .onMessage(SetWatch.class, set -> {
                    watches.refuse(List.of(set.watch()), cause);
                    return Behaviors.same();
                })
                .onMessageEquals(Timer.LINGER, Behaviors::stopped)
                .onMessage(Command.class, message -> Behaviors.same())
                .build();
    }

    private ReceiveBuilder<Command> always() {
        return newReceiveBuilder()
                .onMessage(Submit.class, this::onSubmit)
                .onMessage(TooLate.class, this::onTooLate)
                .onMessage(SetWatch.class, this::onSetWatch)
                .onMessage(Unwatch.class, this::onUnwatch)
                .onMessage(LoggingIn.class, logging -> onLogin(logging.step()))
                .onMessageEquals(Timer.WATCH, () -> {
                    watches.askAgain();
                    send();
                    return Behaviors.same();
                })
                .onSignal(PreRestart.class, restart -> onRestart())
                .onSignal(PostStop.class, stop -> onStop());
    }

    private void tell(Runnable callback) {
        callbacks.tell(callback);
    }

    private void fail(Pending<?> call, CoordinatorException cause) {
        call.disarm();
        tell(() -> call.fail(cause));
    }

    private void become(SessionState state) {
        memory.state(state);
        tell(() -> memory.listeners().forEach(listener -> listener.accept(state)));
    }

    // ---- looking for a node ----

    private Behavior<Command> dial() {
        timers.startSingleTimer(Timer.ATTEMPT, Timer.ATTEMPT, dialling.dial());
        return Behaviors.same();
    }

    private Behavior<Command> next(String why) {
        getContext().getLog().debug("Session {}: {}", memory, why);
        timers.cancel(Timer.ATTEMPT);
        Optional<Duration> pause = dialling.pause();
        if (pause.isEmpty()) {
            return dial();
        }
        timers.startSingleTimer(Timer.DIAL, Timer.DIAL, pause.get());
        return Behaviors.same();
    }

    private Behavior<Command> onAnswerToOpen(ToClient message) {
        if (message instanceof Opened opened && dialling.isLatest(opened.attempt())) {
            Optional<Link> given = dialling.opened(opened);
            return given.isPresent()
                    ? onOpened(given.get(), opened)
                    : next("a node answers so late that the session may be over again");
        }
        if (message instanceof Refused refused && dialling.isLatest(refused.attempt())) {
            Optional<CoordinatorException> end = dialling.end(refused);
            if (end.isEmpty()) {
                return next("a node refuses: " + refused.reason());
            }
            boolean expired = end.get() instanceof CoordinatorException.SessionExpired;
            return end(expired ? SessionState.EXPIRED : SessionState.CLOSED, end.get());
        }
        return Behaviors.same();
    }

    private Behavior<Command> onOpened(Link fresh, Opened opened) {
        timers.cancel(Timer.ATTEMPT);
        link = fresh;
        getContext().getLog().debug("Session {}: node {} gives it", memory, opened.nodeId());
        timers.startTimerWithFixedDelay(Timer.BEAT, Timer.BEAT, fresh.beat());
        SaslLogin how = memory.settings().sasl();
        if (how == null) {
            return onUsable();
        }
        login = Login.begin(how, getContext());
        return connected();
    }

    private Behavior<Command> onUsable() {
        login = null;
        boolean first = !memory.opened().isDone();
        watches.connected();
        become(first ? SessionState.CONNECTED : SessionState.RECONNECTED);
        if (first) {
            tell(() -> memory.opened().complete(memory));
        }
        send();
        return connected();
    }

    private Behavior<Command> onLogin(Login.Step step) {
        if (step.of() != login) {
            return Behaviors.same();
        } else if (step.failure() != null) {
            return end(SessionState.CLOSED, CoordinatorException.notLoggedIn(step.failure()));
        } else if (step.token() == null) {
            return onUsable();
        }
        calls.addFirst(Pending.internal(new Ask.Sasl(step.token()), "logging in by SASL"));
        send();
        return Behaviors.same();
    }

    // ---- calls ----

    private Behavior<Command> onSubmit(Submit submit) {
        Pending<?> call = submit.call();
        Duration deadline = call.deadline();
        if (deadline != null) {
            call.alarm(getContext().scheduleOnce(deadline, getContext().getSelf(), new TooLate(call)));
        }
        calls.add(call);
        if (call.ask() instanceof Ask.CloseSession && memory.id() == 0) {
            return closed();
        }
        send();
        return Behaviors.same();
    }

    private Behavior<Command> onTooLate(TooLate late) {
        Pending<?> call = late.call();
        calls.forget(call);
        tell(() -> call.fail(new CoordinatorException.DeadlineExceeded(call.what())));
        if (call.ask() instanceof Ask.CloseSession) {
            return end(
                    SessionState.CLOSED,
                    new CoordinatorException.SessionClosed("the session was closed, of which no node knows yet"));
        }
        return Behaviors.same();
    }

    /** Sends what waits, as far as the node takes it. */
    private void send() {
        Link to = link;
        if (to == null) {
            return;
        }
        while (calls.sentCount() < to.maxOutstanding()) {
            Pending<?> call = calls.next(login != null);
            if (call == null) {
                break;
            }
            call.sentAt(memory.validity().now());
            to.offer(call).ifPresent(tooLarge -> {
                calls.withdraw(call);
                fail(call, tooLarge);
            });
        }
        to.flush();
    }

    // ---- with a node ----

    private Behavior<Command> onConnected(ToClient message) {
        Link from = link;
        if (from == null) {
            return Behaviors.same();
        }
        if (memory.validity().isOver()) {
            // This may come from a node that does not know yet that the session is over; one that gives it anew does.
            return lost("nothing was answered in time");
        }
        if (message instanceof Block block && dialling.isLatest(block.connection())) {
            return onBlock(from, block);
        } else if (message instanceof Ack ack && dialling.isLatest(ack.connection())) {
            from.acknowledged(ack.received());
        } else if (message instanceof Reset reset && dialling.isLatest(reset.connection())) {
            return lost("the node does not know the connection");
        }
        return Behaviors.same();
    }

    private Behavior<Command> onBlock(Link from, Block block) {
        List<Delivery> deliveries;
        try {
            deliveries = from.receive(block);
        } catch (IOException e) {
            return lost(String.valueOf(e.getMessage()));
        }
        for (Delivery delivery : deliveries) {
            Behavior<Command> next = onDelivery(delivery);
            if (next != Behaviors.<Command>same()) {
                return next;
            }
        }
        send();
        return Behaviors.same();
    }

    private Behavior<Command> onDelivery(Delivery delivery) {
        if (delivery instanceof Delivery.Reply reply) {
            return onReply(reply);
        } else if (delivery instanceof Delivery.Fired fired) {
            watches.fired(fired);
            return Behaviors.same();
        }
        if (!(delivery instanceof Delivery.Ended ended)) {
            return Behaviors.same();
        }
        return switch (ended.reason()) {
            case EXPIRED -> end(SessionState.EXPIRED, new CoordinatorException.SessionExpired(memory.id()));
            case CLOSED -> closed();
            default -> lost("the node ends the connection: " + ended.reason());
        };
    }

    private Behavior<Command> onReply(Delivery.Reply reply) {
        Pending<?> call = calls.answered(reply.xid());
        if (call == null) {
            return lost("an answer to call " + reply.xid() + " came out of turn");
        }
        call.disarm();
        int failed = reply.answer() instanceof Answer.Failed failure ? failure.code() : ErrorCode.OK.code();
        if (failed != ErrorCode.SESSION_EXPIRED.code()) {
            memory.validity().renew(call.sentAt(), memory.timeoutMillis());
        }
        if (call.ask() instanceof Ask.ResumeWatches
                && CoordinatorException.of(failed, call.what()).isRetryable()) {
            return lost("the node has no time for the session's watches");
        }
        if (call.ask() instanceof Ask.Sasl && login != null) {
            return reply.answer() instanceof Answer.Failed refused
                    ? end(SessionState.CLOSED, CoordinatorException.of(refused.code(), call.what()))
                    : login.answered(reply.answer()).map(this::onLogin).orElse(Behaviors.same());
        }
        watches.answered(call, reply.answer(), reply.zxid());
        if (call.ask() instanceof Ask.AddAuth auth && !(reply.answer() instanceof Answer.Failed)) {
            memory.prove(new Coordinator.Proof(auth.scheme(), auth.data()));
        }
        if (call.ask() instanceof Ask.CloseSession) {
            Behavior<Command> next = closed();
            tell(() -> call.complete(new Answer.Done()));
            return next;
        }
        tell(() -> call.complete(reply.answer()));
        return Behaviors.same();
    }

    private Behavior<Command> onBeat() {
        Link to = link;
        if (to == null) {
            return Behaviors.same();
        }
        if (memory.validity().isOver()) {
            return lost("nothing was answered in time");
        } else if (to.silentFor()) {
            return lost("the node is silent");
        }
        if (to.isSilent()) {
            to.probe(self);
        }
        boolean idle = to.takeIdle();
        if ((idle || to.isSilent()) && calls.sentCount() < to.maxOutstanding()) {
            calls.addFirst(Pending.internal(new Ask.Ping(), "ping"));
        }
        send();
        return Behaviors.same();
    }

    private Behavior<Command> lost(String why) {
        getContext().getLog().info("Session {}: {}; another is asked", memory, why);
        timers.cancel(Timer.BEAT);
        if (link != null) {
            link.giveUp();
            link = null;
        }
        login = null;
        watches.lost();
        become(SessionState.SUSPENDED);
        calls.lost().forEach(call -> fail(call, new CoordinatorException.ConnectionLoss(call.what())));
        dial();
        return createReceive();
    }

    // ---- watches ----

    private Behavior<Command> onSetWatch(SetWatch set) {
        watches.set(set.watch());
        send();
        return Behaviors.same();
    }

    private Behavior<Command> onUnwatch(Unwatch message) {
        watches.cancel(message.watch());
        send();
        return Behaviors.same();
    }

    // ---- the end ----

    private Behavior<Command> closed() {
        return end(SessionState.CLOSED, new CoordinatorException.SessionClosed("the session was closed by its owner"));
    }

    private Behavior<Command> end(SessionState state, CoordinatorException cause) {
        timers.cancelAll();
        if (link != null && state != SessionState.EXPIRED) {
            link.giveUp();
        }
        link = null;
        memory.end(cause);
        become(state);
        tell(() -> memory.opened().completeExceptionally(cause));
        for (Pending<?> call : calls.clear()) {
            call.disarm();
            tell(() -> call.end(cause));
        }
        watches.end(cause instanceof CoordinatorException.SessionClosed ? null : cause, cause);
        timers.startSingleTimer(Timer.LINGER, Timer.LINGER, LINGER);
        return ended(cause);
    }

    /** Another actor goes on with the session, by what is remembered of it. */
    private Behavior<Command> onRestart() {
        if (link != null) {
            link.giveUp();
        }
        calls.clear().forEach(call -> {
            call.disarm();
            call.fail(new CoordinatorException.ConnectionLoss(call.what()));
        });
        memory.state(SessionState.SUSPENDED);
        return Behaviors.same();
    }

    /** The actor system ends; the ensemble will end the session when its time is over. */
    private Behavior<Command> onStop() {
        CoordinatorException cause = new CoordinatorException.SessionClosed("its actor system has ended");
        memory.end(cause);
        memory.state(SessionState.CLOSED);
        if (link != null) {
            link.giveUp();
        }
        memory.opened().completeExceptionally(cause);
        calls.clear().forEach(call -> call.end(cause));
        memory.watches().clear().forEach(watch -> watch.ended(null, cause));
        return Behaviors.same();
    }
}
