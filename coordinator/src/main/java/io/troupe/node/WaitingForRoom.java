package io.troupe.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.env.Disk;
import io.troupe.node.ExitReason.Kind;
import io.troupe.node.NodeProtocol.CheckRoom;
import io.troupe.node.NodeProtocol.Command;
import io.troupe.node.NodeProtocol.StartAgain;
import io.troupe.node.NodeProtocol.Stop;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A node whose disk is full: it takes no part, so that no write of it can fail, and starts once there is room (decision 023).
 * The others go on without it.
 */
final class WaitingForRoom extends AbstractBehavior<Command> {
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

    /** One line a minute: an operator must see it, and the log may be on the same disk. */
    private static final int CHECKS_A_LINE = 60;

    private final TimerScheduler<Command> timers;
    private final Disk disk;
    private final long needed;
    private final NodeGuardian.Listener listener;
    private final Supplier<Behavior<Command>> start;
    private int checks;

    private WaitingForRoom(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Disk disk,
            long needed,
            NodeGuardian.Listener listener,
            Supplier<Behavior<Command>> start) {
        super(context);
        context.setLoggerName(WaitingForRoom.class);
        this.timers = timers;
        this.disk = disk;
        this.needed = needed;
        this.listener = listener;
        this.start = start;
        timers.startTimerWithFixedDelay(CheckRoom.class, new CheckRoom(), CHECK_EVERY);
    }

    /** What {@code start} makes, at once where so many bytes are free, else as soon as they are. */
    static Behavior<Command> orElse(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Disk disk,
            long needed,
            NodeGuardian.Listener listener,
            Supplier<Behavior<Command>> start) {
        try {
            if (disk.usableBytes() >= needed) {
                return start.get();
            }
        } catch (IOException e) {
            return ended(listener, NodeRunner.reasonOf(e, "looking for room on the disk"));
        }
        WaitingForRoom waiting = new WaitingForRoom(context, timers, disk, needed, listener, start);
        return waiting.onCheck(new CheckRoom());
    }

    private static Behavior<Command> ended(NodeGuardian.Listener listener, ExitReason reason) {
        listener.onExit(reason);
        return Behaviors.stopped();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(CheckRoom.class, this::onCheck)
                .onMessage(Stop.class, stop -> ended(listener, new ExitReason(Kind.STOPPED, "asked to stop")))
                .onMessage(StartAgain.class, this::onStartAgain)
                .onMessage(Command.class, message -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onCheck(CheckRoom message) {
        long usable;
        try {
            usable = disk.usableBytes();
        } catch (IOException e) {
            return ended(listener, NodeRunner.reasonOf(e, "looking for room on the disk"));
        }
        if (usable >= needed) {
            timers.cancel(CheckRoom.class);
            getContext().getLog().info("There is room on the disk again: {} bytes", usable);
            return start.get();
        }
        if (checks++ % CHECKS_A_LINE == 0) {
            getContext()
                    .getLog()
                    .error(
                            "The disk of the data directory is full: {} bytes are free, {} are needed. This node takes no part"
                                    + " until they are; nothing is lost, and it goes on by itself then",
                            usable,
                            needed);
        }
        return this;
    }

    private Behavior<Command> onStartAgain(StartAgain message) {
        listener.onStartAgain(message.cause(), message.leastIncarnation());
        return Behaviors.stopped();
    }
}
