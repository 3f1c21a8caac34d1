package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The simulator itself, with actors far simpler than the protocol's. */
class SimWorldTest {
    /** What toy nodes send to each other. */
    record Gossip(int from, int hops, byte[] payload) implements WireMessage {}

    private record Tick() {}

    /** Tells both others on every tick, and passes on what it hears a few times. */
    private static Behavior<Object> gossiper(int id, PeerTransport transport, List<Integer> heard) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            transport.receiver(Recipient.ELECTION, context.getSelf());
            timers.startTimerWithFixedDelay(new Tick(), Duration.ofMillis(50));
            return Behaviors.receive(Object.class)
                    .onMessage(Tick.class, tick -> {
                        tellOthers(id, transport, new Gossip(id, 0, new byte[10]));
                        return Behaviors.same();
                    })
                    .onMessage(Gossip.class, gossip -> {
                        heard.add(gossip.from());
                        if (gossip.hops() < 2) {
                            tellOthers(id, transport, new Gossip(gossip.from(), gossip.hops() + 1, gossip.payload()));
                        }
                        return Behaviors.same();
                    })
                    .build();
        }));
    }

    private static void tellOthers(int id, PeerTransport transport, WireMessage message) {
        for (int peer = 1; peer <= 3; peer++) {
            if (peer != id) {
                transport.send(peer, Recipient.ELECTION, message);
            }
        }
    }

    private static final class ToyEnsemble implements AutoCloseable {
        final SimWorld world;
        final SimNetwork network;
        final List<SimProcess> processes = new ArrayList<>();
        final List<List<Integer>> heard = new ArrayList<>();

        ToyEnsemble(long seed, boolean explore, boolean serialize) {
            world = new SimWorld(seed, explore, Trace.quiet());
            SimActors actors = new SimActors(world, Duration.ofMillis(10));
            network = new SimNetwork(world, serialize ? actors.serialization() : null);
            network.quality(new SimNetwork.Quality(10, 10, 10, 100, 5_000));
            for (int id = 1; id <= 3; id++) {
                SimProcess process = world.process("toy-" + id, id);
                PeerTransport transport = network.transport(id, process);
                for (int peer = 1; peer <= 3; peer++) {
                    network.place(peer, "n" + peer, 1);
                    transport.address(peer, "n" + peer, 1);
                }
                List<Integer> list = new ArrayList<>();
                actors.spawn(gossiper(id, transport, list), process.name(), (ActorRef<Object> ref) -> {}, () -> {});
                processes.add(process);
                heard.add(list);
            }
        }

        @Override
        public void close() {
            world.close();
        }
    }

    private static long hashOf(long seed, boolean explore, boolean serialize) {
        try (ToyEnsemble toys = new ToyEnsemble(seed, explore, serialize)) {
            toys.world.runFor(Duration.ofSeconds(5));
            assertThat(toys.world.foreign()).isZero();
            assertThat(toys.world.failure()).isNull();
            assertThat(toys.heard.get(0)).hasSizeGreaterThan(100);
            return toys.world.trace().hash();
        }
    }

    @Test
    void twenty_runs_of_one_seed_are_one_and_the_same_run() {
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            hashes.add(hashOf(7, true, i % 2 == 0));
        }
        assertThat(hashes).hasSize(1);
    }

    @Test
    void different_seeds_and_different_schedulers_are_different_runs() {
        Set<Long> hashes = new HashSet<>();
        for (int seed = 0; seed < 5; seed++) {
            hashes.add(hashOf(seed, true, false));
            hashes.add(hashOf(seed, false, false));
        }
        assertThat(hashes).hasSize(10);
    }

    @Test
    void a_paused_process_does_nothing_and_a_resumed_one_catches_up() {
        try (ToyEnsemble toys = new ToyEnsemble(1, true, false)) {
            toys.world.runFor(Duration.ofSeconds(1));
            toys.processes.get(0).pause();
            int before = toys.heard.get(0).size();
            toys.world.runFor(Duration.ofSeconds(1));
            assertThat(toys.heard.get(0)).hasSize(before);
            toys.world.resume(toys.processes.get(0));
            toys.world.runFor(Duration.ofMillis(1));
            assertThat(toys.heard.get(0)).hasSizeGreaterThan(before + 10);
        }
    }

    @Test
    void a_dead_process_is_never_heard_again() {
        try (ToyEnsemble toys = new ToyEnsemble(1, true, false)) {
            toys.world.runFor(Duration.ofSeconds(1));
            toys.processes.get(0).die();
            toys.network.quality(SimNetwork.Quality.PERFECT);
            toys.world.runFor(Duration.ofSeconds(2));
            toys.heard.get(1).clear();
            toys.world.runFor(Duration.ofSeconds(1));
            assertThat(toys.heard.get(1)).contains(3).doesNotContain(1);
        }
    }

    @Test
    void what_was_sent_over_a_cut_is_dropped_or_arrives_late() {
        for (SimNetwork.Cut how : SimNetwork.Cut.values()) {
            try (ToyEnsemble toys = new ToyEnsemble(1, false, false)) {
                toys.network.quality(SimNetwork.Quality.PERFECT);
                toys.network.cut(1, 2, how);
                toys.network.cut(3, 2, how);
                toys.world.runFor(Duration.ofSeconds(1));
                assertThat(toys.heard.get(1)).isEmpty();
                toys.network.healAll();
                toys.world.runFor(Duration.ofMillis(1));
                assertThat(toys.heard.get(1).size() > 15).isEqualTo(how == SimNetwork.Cut.HOLD);
            }
        }
    }
}
