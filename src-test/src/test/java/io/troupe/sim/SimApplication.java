package io.troupe.sim;

import akka.actor.typed.ActorSystem;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import io.troupe.recipes.Recipes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An application that coordinates itself through the ensemble, with an actor system of its own and the production client: one process
 * after the other, in each of them one session after the other.
 */
final class SimApplication {
    private static final int LEAST_TIMEOUT_MILLIS = 4_000;
    private static final int MOST_TIMEOUT_MILLIS = 9_000;

    private final SimWorld world;
    private final SimActors actors;
    private final SimRemoting remoting;
    private final List<String> places;
    private final int id;
    private final SessionSettings settings;
    private final int skewPerMille;
    private final Consumer<AppSession> work;
    private @Nullable SimProcess process;
    private @Nullable Session session;
    private SimWorld.@Nullable Timer wakeUp;
    private int starts;
    private boolean leaving;

    /**
     * An application that has yet to be started.
     *
     * @param id from 1
     * @param work begins what it does in a session that has just been opened
     */
    SimApplication(SimEnsemble ensemble, SimRemoting remoting, int id, boolean skewedClock, Consumer<AppSession> work) {
        this.world = ensemble.world();
        this.actors = ensemble.actors();
        this.remoting = remoting;
        this.places = ensemble.nodes().stream().map(SimRemoting::place).toList();
        this.id = id;
        this.work = work;
        SplittableRandom random = world.random("application " + id);
        this.skewPerMille =
                skewedClock ? random.nextInt(-SimNode.MAX_SKEW_PER_MILLE, SimNode.MAX_SKEW_PER_MILLE + 1) : 0;
        this.settings = SessionSettings.DEFAULT.withTimeout(
                Duration.ofMillis(random.nextInt(LEAST_TIMEOUT_MILLIS, MOST_TIMEOUT_MILLIS)));
    }

    int id() {
        return id;
    }

    boolean up() {
        return process != null && !process.dead();
    }

    boolean running() {
        return process != null && process.running();
    }

    /** The present session; null while there is none. */
    @Nullable
    Session session() {
        return up() ? session : null;
    }

    void start() {
        if (up() || leaving) {
            return;
        }
        starts++;
        SimProcess started = world.process("a" + id + "-" + starts, SimProcess.NO_NODE);
        process = started;
        world.trace().event(started + " starts");
        SplittableRandom random = world.random(started.name());
        ActorSystem<?> system = actors.application(started);
        SimClock clock = new SimClock(world, started, random.nextLong(1L << 50), 0, skewPerMille);
        CoordinatorClient client = CoordinatorClient.create(
                system, places, remoting.nodes(id, system), clock, new SimEntropy(random.split()));
        world.post(started, () -> open(started, client, system, clock, random));
    }

    private void open(
            SimProcess by, CoordinatorClient client, ActorSystem<?> system, SimClock clock, SplittableRandom random) {
        if (leaving) {
            return;
        }
        Runnable again = () ->
                world.schedule(by, random.nextLong(10, 500) * 1_000_000, () -> open(by, client, system, clock, random));
        CompletionStage<Session> opening = client.open(settings);
        opening.whenComplete((opened, failure) -> {
            if (failure != null) {
                again.run();
                return;
            }
            world.trace().event("%s has session %x".formatted(by, opened.id()));
            session = opened;
            SplittableRandom ids = random.split();
            AppSession.Host host = new AppSession.Host(system, client, wall(clock));
            Recipes recipes = Recipes.in(opened, system, () -> new UUID(ids.nextLong(), ids.nextLong()), host.clock());
            AppSession present = new AppSession(world, by, id, opened, recipes, host, random.split());
            opened.onState(state -> {
                world.trace().event("%s's session %x is %s".formatted(by, opened.id(), state));
                if (state.isFinal()) {
                    present.end();
                    session = null;
                    again.run();
                }
            });
            work.accept(present);
        });
    }

    private static java.time.Clock wall(SimClock clock) {
        InstantSource instants = () -> Instant.ofEpochMilli(clock.wallMillis());
        return instants.withZone(ZoneOffset.UTC);
    }

    /** Its process is gone, and says nothing more to anybody. */
    void die() {
        SimProcess dying = process;
        if (dying != null && up()) {
            world.trace().event(dying + " dies");
            cancelWakeUp();
            dying.die();
            session = null;
        }
    }

    /** Its process stands still. */
    void pause(Duration span) {
        SimProcess paused = process;
        if (paused != null && paused.running()) {
            world.trace().event(paused + " stands still for " + span.toMillis() + " ms");
            paused.pause();
            wakeUp = world.schedule(null, span.toNanos(), this::resume);
        }
    }

    void resume() {
        cancelWakeUp();
        SimProcess paused = process;
        if (paused != null && up() && !paused.running()) {
            world.trace().event(paused + " goes on");
            world.resume(paused);
        }
    }

    private void cancelWakeUp() {
        if (wakeUp != null) {
            wakeUp.cancel();
            wakeUp = null;
        }
    }

    /** Closes its session and opens no other. */
    void leave() {
        leaving = true;
        SimProcess by = process;
        Session open = session();
        if (by != null && open != null) {
            world.post(by, open::close);
        }
    }

    @Override
    public String toString() {
        return "a" + id;
    }
}
