package io.troupe.sim;

import akka.actor.AbstractScheduler;
import akka.actor.Cancellable;
import akka.event.LoggingAdapter;
import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/** Akka's timers on virtual time, totally ordered by (time, order of scheduling). Akka creates it by name. */
public final class SimScheduler extends AbstractScheduler {
    private final SimWorld world;
    private final SimActors.TimerLateness lateness;
    /** To whom the whole actor system belongs; null where its top actors belong to one each. */
    private final @Nullable SimProcess owner;

    /** The signature Akka asks for. */
    public SimScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
        world = SimWorld.byId(config.getLong("troupe-sim.world"));
        owner = world.findProcess(config.getString("troupe-sim.process"));
        lateness = new SimActors.TimerLateness(world, config.getLong("troupe-sim.timer-lateness-nanos"));
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
        SimProcess process = owner == null ? world.currentProcess() : owner;
        SimWorld.Timer timer =
                world.schedule(process, delay.toNanos() + lateness.next(), () -> executor.execute(runnable));
        return handle(timer);
    }

    @Override
    @Deprecated
    public Cancellable schedule(
            FiniteDuration initialDelay, FiniteDuration interval, Runnable runnable, ExecutionContext executor) {
        throw new AssertionError("fixed-rate timers fire in bursts after a pause; use a fixed delay");
    }

    private static Cancellable handle(SimWorld.Timer timer) {
        return new Cancellable() {
            @Override
            public boolean cancel() {
                return timer.cancel();
            }

            @Override
            public boolean isCancelled() {
                return timer.isCancelled();
            }
        };
    }

    @Override
    public double maxFrequency() {
        return 1_000_000;
    }
}
