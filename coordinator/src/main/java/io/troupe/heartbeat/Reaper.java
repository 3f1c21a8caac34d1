package io.troupe.heartbeat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.env.Clock;
import io.troupe.heartbeat.HeartbeatProtocol.Command;
import io.troupe.heartbeat.HeartbeatProtocol.Finding;
import io.troupe.heartbeat.HeartbeatProtocol.Internal;
import io.troupe.heartbeat.HeartbeatProtocol.Timer;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Has abandoned containers and TTL nodes removed, at an established leader (contract 2.11): asks the tree for some, wishes
 * them reaped a few at a time, and asks again when there may be more.
 */
final class Reaper {
    private final Clock clock;
    private final ActorRef<DataTreeProtocol.Command> tree;
    private final ActorRef<DataTreeProtocol.Reapable> self;
    private final TimerScheduler<Command> timers;
    private final Consumer<Finding> broadcast;
    private final ReapQueue due;
    private final long neverUsedMillis;

    /**
     * A reaper with nothing to do.
     *
     * @param self where the tree's answers go, to come back as {@link #found}
     */
    Reaper(
            HeartbeatActor.Surroundings around,
            TimerScheduler<Command> timers,
            ActorRef<DataTreeProtocol.Reapable> self) {
        this.clock = around.clock();
        this.tree = around.tree();
        this.self = self;
        this.timers = timers;
        this.broadcast = around.broadcast();
        this.due = new ReapQueue(around.settings().reaping().perMinute());
        this.neverUsedMillis = around.settings().reaping().neverUsedAfter().toMillis();
    }

    /** Looks for znodes to reap, unless some are known. */
    void look() {
        if (due.isEmpty()) {
            ask();
        }
    }

    private void ask() {
        tree.tell(new DataTreeProtocol.FindReapable(clock.wallMillis(), neverUsedMillis, ReapQueue.MOST, self));
    }

    /** The tree's answer: the first are reaped now, the others on {@link Timer#REAP_SOME}. */
    void found(List<String> paths, long epoch) {
        if (due.isEmpty() && !paths.isEmpty()) {
            due.found(paths);
            reap(epoch);
            timers.startTimerWithFixedDelay(Timer.REAP_SOME, Timer.REAP_SOME, Duration.ofMillis(due.spacingMillis()));
        }
    }

    /** It is time for the next few. */
    void reapSome(long epoch) {
        if (!due.isEmpty()) {
            reap(epoch);
        } else {
            if (due.hasMore()) {
                ask();
            }
            stop();
        }
    }

    private void reap(long epoch) {
        broadcast.accept(new Internal(due.next().stream()
                .map(path -> Request.internal(0, new Operation.Reap(path, epoch, neverUsedMillis)))
                .toList()));
    }

    /** Forgets what was found. */
    void stop() {
        due.clear();
        timers.cancel(Timer.REAP_SOME);
    }
}
