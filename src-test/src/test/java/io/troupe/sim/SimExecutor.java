package io.troupe.sim;

import akka.actor.ActorCell;
import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import akka.dispatch.Mailbox;
import com.typesafe.config.Config;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Hands every mailbox that has work to the world, which decides when it runs. Akka creates it by name. */
public final class SimExecutor extends ExecutorServiceConfigurator {
    private final SimWorld world;
    /** To whom the whole actor system belongs; null where its top actors belong to one each. */
    private final @Nullable SimProcess owner;

    /** The signature Akka asks for. */
    public SimExecutor(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        Config settings = prerequisites.settings().config();
        world = SimWorld.byId(settings.getLong("troupe-sim.world"));
        owner = world.findProcess(settings.getString("troupe-sim.process"));
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        return () -> new Service(world, owner);
    }

    /** The process whose top actor stands above this actor; null for actors of the world. */
    private static @Nullable SimProcess processOf(SimWorld world, ActorCell cell) {
        Iterator<String> elements = cell.self().path().getElements().iterator();
        if (!elements.hasNext() || !elements.next().equals("user") || !elements.hasNext()) {
            return null;
        }
        return world.findProcess(elements.next());
    }

    private static final class Service extends AbstractExecutorService {
        private final SimWorld world;
        private final @Nullable SimProcess owner;
        private final Map<ActorCell, Optional<SimProcess>> owners = new HashMap<>();
        private boolean shutDown;

        private Service(SimWorld world, @Nullable SimProcess owner) {
            this.world = world;
            this.owner = owner;
        }

        @Override
        public void execute(Runnable command) {
            if (owner != null) {
                world.execute(owner, command);
            } else {
                world.execute(command instanceof Mailbox mailbox ? ownerOf(mailbox.actor()) : null, command);
            }
        }

        private @Nullable SimProcess ownerOf(@Nullable ActorCell cell) {
            if (cell == null || !world.driving()) {
                return null;
            }
            Optional<SimProcess> owner = owners.get(cell);
            if (owner == null) {
                owner = Optional.ofNullable(processOf(world, cell));
                owners.put(cell, owner);
            }
            return owner.orElse(null);
        }

        @Override
        public void shutdown() {
            shutDown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutDown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutDown;
        }

        @Override
        public boolean isTerminated() {
            return shutDown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutDown;
        }
    }
}
