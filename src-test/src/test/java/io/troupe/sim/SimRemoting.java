package io.troupe.sim;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import io.troupe.client.NodeFinder;
import io.troupe.client.protocol.Coordinator;
import io.troupe.client.protocol.Coordinator.AskHealth;
import io.troupe.client.protocol.Coordinator.Open;
import io.troupe.client.protocol.Coordinator.Probe;
import io.troupe.client.protocol.Coordinator.ToClient;
import io.troupe.client.protocol.Coordinator.ToNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Akka's remoting between applications and nodes, as far as nobody may rely on it: it loses, repeats, delays and reorders messages,
 * and gives those that waited over a cut to whichever process is there when it heals. Between the two stand actors that take what
 * one side sends to the other.
 */
final class SimRemoting {
    private static final int MOST_WAITING = 3_000;
    private static final long QUANTUM = 100_000;
    private static final long MICRO = 1_000;

    /** One direction between an application and a node. */
    private record Way(int application, int node, boolean toNode) {
        @Override
        public String toString() {
            return toNode ? "a" + application + "->n" + node : "n" + node + "->a" + application;
        }
    }

    /** What is under way. */
    private static final class Link {
        private final ArrayDeque<Runnable> order = new ArrayDeque<>();
        private final List<Runnable> waiting = new ArrayList<>();
        private SimNetwork.@Nullable Cut cut;
        private long lastArrival;
    }

    private final SimWorld world;
    private final SimActors actors;
    private final Map<String, SimNode> places = new HashMap<>();
    private final SplittableRandom random;
    private final Map<Way, Link> links = new HashMap<>();
    private final Map<ActorRef<?>, Map<Integer, ActorRef<?>>> clients = new HashMap<>();
    private SimNetwork.Quality quality = SimNetwork.Quality.PERFECT;
    private int stands;
    private long sent;

    SimRemoting(SimEnsemble ensemble) {
        this.world = ensemble.world();
        this.actors = ensemble.actors();
        this.random = world.random("remoting");
        ensemble.nodes().forEach(node -> places.put(place(node), node));
    }

    /** Where applications reach a node. */
    static String place(SimNode node) {
        return node + ":25520";
    }

    void quality(SimNetwork.Quality now) {
        quality = now;
    }

    /** Messages that applications and nodes have sent each other. */
    long sent() {
        return sent;
    }

    // ---- cuts ----

    /** Cuts an application and a node off from each other, in one direction or both. */
    void cut(int application, int node, SimNetwork.Cut how, boolean toNode, boolean toApplication) {
        if (toNode) {
            link(new Way(application, node, true)).cut = how;
        }
        if (toApplication) {
            link(new Way(application, node, false)).cut = how;
        }
    }

    void heal(int application, int node) {
        heal(new Way(application, node, true));
        heal(new Way(application, node, false));
    }

    private void heal(Way way) {
        Link link = link(way);
        link.cut = null;
        List<Runnable> stale = new ArrayList<>(link.waiting);
        link.waiting.clear();
        stale.forEach(delivery -> depart(way, delivery));
    }

    private Link link(Way way) {
        return links.computeIfAbsent(way, each -> new Link());
    }

    // ---- who stands for whom ----

    /** How an application's process finds nodes. */
    NodeFinder nodes(int application, ActorSystem<?> system) {
        Map<String, ActorRef<ToNode>> known = new HashMap<>();
        return place -> known.computeIfAbsent(
                place,
                each -> system.systemActorOf(
                        stand(message -> toNode(application, each, message)),
                        "at-" + each.replace(':', '-'),
                        Props.empty()));
    }

    private static <T> Behavior<T> stand(Consumer<T> receiver) {
        return Behaviors.receiveMessage(message -> {
            receiver.accept(message);
            return Behaviors.same();
        });
    }

    private void toNode(int application, String place, ToNode message) {
        SimNode node = places.get(place);
        if (node == null) {
            return;
        }
        ToNode carried = withSender(application, node, message);
        send(new Way(application, node.id(), true), message, () -> {
            SimProcess process = node.process();
            if (process != null && node.up()) {
                actors.<ToNode>find(process, Coordinator.NAME).tell(carried);
            }
        });
    }

    /** What the node answers goes the other way over the network. */
    private ToNode withSender(int application, SimNode node, ToNode message) {
        if (message instanceof Open open) {
            return new Open(
                    open.version(),
                    client(application, node, open.client()),
                    open.attempt(),
                    open.sessionId(),
                    open.password(),
                    open.timeoutMillis(),
                    open.lastZxidSeen(),
                    open.proofs());
        } else if (message instanceof Probe probe) {
            return new Probe(probe.connection(), client(application, node, probe.client()), probe.attempt());
        } else if (message instanceof AskHealth) {
            throw new IllegalStateException("no application asks for a node's health in a simulation");
        }
        return message;
    }

    /** The same for the same client at the same node, as a reference is that has come over the network. */
    @SuppressWarnings("unchecked") // put there below
    private ActorRef<ToClient> client(int application, SimNode node, ActorRef<ToClient> client) {
        Map<Integer, ActorRef<?>> atNodes = clients.computeIfAbsent(client, each -> new HashMap<>());
        return (ActorRef<ToClient>) atNodes.computeIfAbsent(
                node.id(),
                each -> actors.spawn(
                        SimRemoting.<ToClient>stand(message ->
                                send(new Way(application, node.id(), false), message, () -> client.tell(message))),
                        "client-" + ++stands));
    }

    // ---- messages ----

    private void send(Way way, Coordinator.Message message, Runnable delivery) {
        sent++;
        Link link = link(way);
        if (link.cut == SimNetwork.Cut.HOLD && link.waiting.size() < MOST_WAITING) {
            link.waiting.add(delivery);
            trace("held", way, message);
        } else if (link.cut != null || lucky(quality.lossPerMille())) {
            trace("lost", way, message);
        } else {
            trace("sent", way, message);
            depart(way, delivery);
            if (lucky(quality.repeatPerMille())) {
                overtake(way, delivery);
            }
        }
    }

    private boolean lucky(int perMille) {
        return perMille > 0 && random.nextInt(1000) < perMille;
    }

    private void depart(Way way, Runnable delivery) {
        if (lucky(quality.overtakePerMille())) {
            overtake(way, delivery);
            return;
        }
        Link link = link(way);
        long delay = random.nextLong(quality.minDelayMicros(), quality.maxDelayMicros() + 1L) * MICRO;
        long arrival = Math.max(link.lastArrival, (world.nowNanos() + delay) / QUANTUM * QUANTUM);
        link.lastArrival = arrival;
        link.order.add(delivery);
        world.schedule(null, arrival - world.nowNanos(), () -> arrive(way, link.order.remove()));
    }

    private void overtake(Way way, Runnable delivery) {
        world.schedule(null, random.nextLong(1_000_000, 1_000_000_000), () -> arrive(way, delivery));
    }

    private void arrive(Way way, Runnable delivery) {
        Link link = link(way);
        if (link.cut == SimNetwork.Cut.HOLD) {
            link.waiting.add(delivery);
        } else if (link.cut == null) {
            delivery.run();
        }
    }

    private void trace(String what, Way way, Coordinator.Message message) {
        world.trace()
                .network(
                        what,
                        message.getClass().getSimpleName(),
                        (long) way.application() << 33 | (long) way.node() << 1 | (way.toNode() ? 1 : 0),
                        () -> "net %s %-8s %s".formatted(way, what, Describe.value(message)));
    }
}
