package io.troupe.sim;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.jackson.JacksonObjectMapperFactory;
import akka.serialization.jackson.JacksonObjectMapperProviderSetup;
import akka.stream.SystemMaterializer;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.troupe.client.protocol.Coordinator;
import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/** The actor system of a world's nodes, and those of its applications, all on the world's scheduler and executor. */
final class SimActors {
    /** How late timers fire: Akka's own wheel turns every 10 ms, so real timers are never exact. */
    static final class TimerLateness {
        private final SplittableRandom random;
        private final long maxNanos;

        TimerLateness(SimWorld world, long maxNanos) {
            this.random = world.random("timer lateness");
            this.maxNanos = maxNanos;
        }

        long next() {
            // Whole milliseconds, so that several timers still fall on one instant.
            return maxNanos == 0 ? 0 : random.nextLong(maxNanos / 1_000_000 + 1) * 1_000_000;
        }
    }

    /** Spawns a top actor in the guardian's context. */
    private record Spawn(Function<ActorContext<Spawn>, ActorRef<?>> child, Runnable stopped) {}

    private static final String CONFIG = """
            akka {
              loggers = [], loglevel = OFF, stdout-loglevel = OFF
              log-dead-letters = off, log-dead-letters-during-shutdown = off
              jvm-shutdown-hooks = off, coordinated-shutdown.run-by-jvm-shutdown-hook = off
              scheduler.implementation = "io.troupe.sim.SimScheduler"
              actor {
                provider = local
                default-dispatcher = ${deterministic}
                internal-dispatcher = ${deterministic}
                default-blocking-io-dispatcher = ${deterministic}
              }
            }
            troupe-log-dispatcher = ${deterministic}
            troupe-snapshot-dispatcher = ${deterministic}
            deterministic {
              type = Dispatcher
              executor = "io.troupe.sim.SimExecutor"
              throughput = 1
              shutdown-timeout = 1s
            }
            """;

    private static final Config NODES = ConfigFactory.parseResources("troupe-akka.conf");

    private static final Config BASE = ConfigFactory.parseString(CONFIG)
            .withFallback(NODES.withOnlyPath("akka.actor.serializers"))
            .withFallback(NODES.withOnlyPath("akka.actor.serialization-bindings"))
            .withFallback(NODES.withOnlyPath("akka.serialization"))
            .withFallback(ConfigFactory.defaultReferenceUnresolved())
            .resolve();

    /**
     * Shows no manifests. At every start Akka reads those of all jars on the class path, to compare the versions of its own:
     * half the cost of a world's system, and what the tests of real nodes do once.
     */
    private static final ClassLoader CLASSES = new ClassLoader(SimActors.class.getClassLoader()) {
        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.equals("META-INF/MANIFEST.MF") ? Collections.emptyEnumeration() : super.getResources(name);
        }
    };

    /** One mapper of each kind for each thread: what it has found out about a class serves the thread's next world too. */
    private static final class Mappers extends JacksonObjectMapperFactory {
        private static final ThreadLocal<Map<String, ObjectMapper>> KNOWN = ThreadLocal.withInitial(HashMap::new);

        @Override
        public ObjectMapper newObjectMapper(String bindingName, JsonFactory factory) {
            return KNOWN.get().computeIfAbsent(bindingName, name -> super.newObjectMapper(name, factory));
        }
    }

    private final SimWorld world;
    private final Duration timerLateness;
    private final ActorSystem<Spawn> system;

    /** Boots; the calling thread becomes the world's driver. */
    SimActors(SimWorld world, Duration timerLateness) {
        this.world = world;
        this.timerLateness = timerLateness;
        system = boot(Guardian.create(), Coordinator.SYSTEM, "");
        world.takeOver();
    }

    private <T> ActorSystem<T> boot(Behavior<T> guardian, String name, String process) {
        Config config = BASE.withValue("troupe-sim.world", ConfigValueFactory.fromAnyRef(world.id()))
                .withValue("troupe-sim.process", ConfigValueFactory.fromAnyRef(process))
                .withValue("troupe-sim.timer-lateness-nanos", ConfigValueFactory.fromAnyRef(timerLateness.toNanos()));
        return ActorSystem.create(
                guardian,
                name,
                ActorSystemSetup.create(
                        BootstrapSetup.create(config).withClassloader(CLASSES),
                        JacksonObjectMapperProviderSetup.create(new Mappers())));
    }

    /** An actor system that belongs to a process as a whole: that of an application, able to run streams. */
    ActorSystem<Void> application(SimProcess process) {
        world.boot();
        ActorSystem<Void> application = boot(Behaviors.empty(), process.name(), process.name());
        SystemMaterializer.get(application);
        world.takeOver();
        return application;
    }

    /** An actor of the world itself, there at once. */
    <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
        return system.systemActorOf(behavior, name, Props.empty());
    }

    /** The actor that is now at a place below a process's top actor; messages to one that is not there go nowhere. */
    <T> ActorRef<T> find(SimProcess process, String name) {
        return ActorRefResolver.get(system)
                .resolveActorRef("akka://" + Coordinator.SYSTEM + "/user/" + process.name() + "/" + name);
    }

    Serialization serialization() {
        return SerializationExtension.get(Adapter.toClassic(system));
    }

    /**
     * Spawns a top actor; named as a process it and all its children belong to that process.
     *
     * @param stopped told when the actor ends by itself; never when its process died
     */
    <T> void spawn(Behavior<T> behavior, String name, Consumer<ActorRef<T>> spawned, Runnable stopped) {
        system.tell(new Spawn(
                context -> {
                    ActorRef<T> ref = context.spawn(behavior, name);
                    spawned.accept(ref);
                    return ref;
                },
                stopped));
    }

    private static final class Guardian extends AbstractBehavior<Spawn> {
        private final Map<String, Runnable> stopped = new HashMap<>();

        private Guardian(ActorContext<Spawn> context) {
            super(context);
        }

        static Behavior<Spawn> create() {
            return Behaviors.setup(Guardian::new);
        }

        @Override
        public Receive<Spawn> createReceive() {
            return newReceiveBuilder()
                    .onMessage(Spawn.class, this::onSpawn)
                    .onSignal(Terminated.class, this::onTerminated)
                    .build();
        }

        private Behavior<Spawn> onSpawn(Spawn spawn) {
            ActorRef<?> ref = spawn.child().apply(getContext());
            stopped.put(ref.path().name(), spawn.stopped());
            getContext().watch(ref);
            return this;
        }

        private Behavior<Spawn> onTerminated(Terminated terminated) {
            Runnable callback = stopped.remove(terminated.getRef().path().name());
            if (callback != null) {
                callback.run();
            }
            return this;
        }
    }
}
