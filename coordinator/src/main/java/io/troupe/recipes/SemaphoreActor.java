package io.troupe.recipes;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Contends for one of several permits. <i>Contending</i>: first for the turn to take one, so that one alone counts those that are taken;
 * then for the permit. <i>Holding</i> a permit, without the turn. <i>Withdrawing</i> both, to begin anew where the turn was lost too early
 * or the permit removed, or else to end.
 */
final class SemaphoreActor extends AbstractBehavior<SemaphoreActor.Command> {

    interface Command {}

    /** Makes what contends and tells. */
    @FunctionalInterface
    interface Contender extends Function<Consumer<Standing>, Behavior<ContenderProtocol.Command>> {}

    private record OfTurn(Standing standing) implements Command {}

    private record OfPermit(Standing standing) implements Command {}

    private final Contender turns;
    private final Contender permits;
    private final Consumer<Standing> listener;
    private @Nullable ActorRef<ContenderProtocol.Command> turn;
    private @Nullable ActorRef<ContenderProtocol.Command> permit;
    private @Nullable Throwable failure;
    private boolean ended;

    private SemaphoreActor(
            ActorContext<Command> context, Contender turns, Contender permits, Consumer<Standing> listener) {
        super(context);
        context.setLoggerName(SemaphoreActor.class);
        this.turns = turns;
        this.permits = permits;
        this.listener = listener;
        takeTurn();
    }

    /**
     * Contends from its start until it is told to {@link Release}.
     *
     * @param listener told in this actor's thread
     */
    static Behavior<Command> create(Contender turns, Contender permits, Consumer<Standing> listener) {
        return Behaviors.setup(context -> new SemaphoreActor(context, turns, permits, listener));
    }

    private void takeTurn() {
        ActorRef<Command> self = getContext().getSelf();
        turn = getContext().spawnAnonymous(turns.apply(standing -> self.tell(new OfTurn(standing))));
    }

    /** Contending. */
    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(OfTurn.class, message -> onTurn(message.standing()))
                .onMessage(OfPermit.class, message -> onPermit(message.standing()))
                .onMessage(Release.class, message -> withdraw(false))
                .onSignal(PostStop.class, stop -> end())
                .build();
    }

    private Receive<Command> holding() {
        return newReceiveBuilder()
                .onMessage(OfTurn.class, message -> {
                    note(message);
                    return Behaviors.same();
                })
                .onMessage(OfPermit.class, this::onPermitHeld)
                .onMessage(Release.class, message -> withdraw(false))
                .onSignal(PostStop.class, stop -> end())
                .build();
    }

    private Receive<Command> withdrawing(boolean again) {
        return newReceiveBuilder()
                .onMessage(OfTurn.class, message -> {
                    note(message);
                    return onWithdrawn(again);
                })
                .onMessage(OfPermit.class, message -> {
                    note(message);
                    return onWithdrawn(again);
                })
                .onMessage(Release.class, message -> withdrawing(false))
                .onSignal(PostStop.class, stop -> end())
                .build();
    }

    private Behavior<Command> onTurn(Standing standing) {
        if (standing instanceof Standing.Granted) {
            ActorRef<Command> self = getContext().getSelf();
            permit = getContext().spawnAnonymous(permits.apply(of -> self.tell(new OfPermit(of))));
        } else if (standing instanceof Standing.Lost && permit != null) {
            return withdraw(true);
        } else if (standing instanceof Standing.Ended) {
            note(new OfTurn(standing));
            return withdraw(false);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onPermit(Standing standing) {
        if (standing instanceof Standing.Granted) {
            listener.accept(standing);
            release(turn);
            return holding();
        }
        note(new OfPermit(standing));
        return permit == null ? withdraw(false) : Behaviors.same();
    }

    private Behavior<Command> onPermitHeld(OfPermit message) {
        note(message);
        if (message.standing() instanceof Standing.Granted) {
            listener.accept(message.standing());
        } else if (message.standing() instanceof Standing.Lost lost && lost.why() == Loss.REMOVED) {
            // Another permit without the turn might wait for one that waits for it.
            return withdraw(true);
        }
        return permit == null ? withdraw(false) : Behaviors.same();
    }

    private void note(OfTurn message) {
        if (message.standing() instanceof Standing.Ended ended) {
            turn = null;
            failure = failure == null ? ended.cause() : failure;
        }
    }

    private void note(OfPermit message) {
        if (message.standing() instanceof Standing.Lost) {
            listener.accept(message.standing());
        } else if (message.standing() instanceof Standing.Ended ended) {
            permit = null;
            failure = failure == null ? ended.cause() : failure;
        }
    }

    private Behavior<Command> withdraw(boolean again) {
        release(turn);
        release(permit);
        Behavior<Command> next = onWithdrawn(again);
        return next == Behaviors.<Command>same() ? withdrawing(again) : next;
    }

    private Behavior<Command> onWithdrawn(boolean again) {
        if (turn != null || permit != null) {
            return Behaviors.same();
        }
        if (again && failure == null) {
            takeTurn();
            return createReceive();
        }
        end();
        return Behaviors.stopped();
    }

    /** Told once, also by one who is stopped; the contenders below give back what they have. */
    private Behavior<Command> end() {
        if (!ended) {
            ended = true;
            listener.accept(new Standing.Ended(failure));
        }
        return Behaviors.same();
    }

    private static void release(@Nullable ActorRef<ContenderProtocol.Command> contender) {
        if (contender != null) {
            contender.tell(new Release());
        }
    }
}
