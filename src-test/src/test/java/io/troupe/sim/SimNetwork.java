package io.troupe.sim;

import akka.actor.typed.ActorRef;
import akka.serialization.Serialization;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.PeerTransport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The network between the nodes: loses, delays, repeats and reorders as the seed says; cuts pairs off in one or both
 * directions, and then either drops what is sent or delivers it, stale, when the cut heals.
 */
final class SimNetwork {
    /**
     * How bad the network is.
     *
     * @param lossPerMille messages that never arrive
     * @param repeatPerMille messages that arrive twice
     * @param overtakePerMille messages that leave the order of their link and take up to a second
     * @param minDelayMicros least delay
     * @param maxDelayMicros greatest delay of a message that is not delayed on purpose
     */
    record Quality(int lossPerMille, int repeatPerMille, int overtakePerMille, int minDelayMicros, int maxDelayMicros) {
        static final Quality PERFECT = new Quality(0, 0, 0, 100, 500);
    }

    /** What happens to messages over a cut. */
    enum Cut {
        DROP,
        /** They wait, as in a TCP connection that retransmits, and arrive when the cut heals. */
        HOLD
    }

    /** Sees what the network carries; for invariants. */
    interface Observer {
        void sent(int from, int to, PeerTransport.Recipient recipient, WireMessage message);
    }

    /** Singles out messages. */
    @FunctionalInterface
    interface Selector {
        boolean selects(int from, int to, WireMessage message);
    }

    private record Parcel(PeerTransport.Recipient recipient, WireMessage message) {}

    /** One direction between two nodes. */
    private static final class Link {
        private final ArrayDeque<Parcel> order = new ArrayDeque<>();
        private final List<Parcel> waiting = new ArrayList<>();
        private @Nullable Cut cut;
        private long lastArrival;
    }

    /** What a running process has registered. */
    private static final class Endpoint {
        private final SimProcess process;
        private final Map<PeerTransport.Recipient, ActorRef<Object>> receivers =
                new EnumMap<>(PeerTransport.Recipient.class);

        private Endpoint(SimProcess process) {
            this.process = process;
        }
    }

    private static final int MAX_NODES = 32;
    private static final int MAX_WAITING = 3_000;
    private static final long QUANTUM = 100_000;

    private final SimWorld world;
    private final SplittableRandom random;
    private final @Nullable Serialization serialization;
    private final Map<Integer, Endpoint> endpoints = new HashMap<>();
    private final Map<String, Integer> addresses = new HashMap<>();
    /** By sender, then receiver. */
    private final Link[][] links = new Link[MAX_NODES][MAX_NODES];

    private final List<Observer> observers = new ArrayList<>();
    private final List<Selector> losses = new ArrayList<>();
    private Quality quality = Quality.PERFECT;
    private long sent;

    /** With a {@code serialization} every message is turned into bytes and back, as between real nodes. */
    SimNetwork(SimWorld world, @Nullable Serialization serialization) {
        this.world = world;
        this.random = world.random("network");
        this.serialization = serialization;
    }

    void observe(Observer observer) {
        observers.add(observer);
    }

    /** The next message selected is lost; for each call one. */
    void loseOne(Selector selector) {
        losses.add(selector);
    }

    private boolean chosenToBeLost(int from, int to, WireMessage message) {
        for (Selector each : losses) {
            if (each.selects(from, to, message)) {
                losses.remove(each);
                return true;
            }
        }
        return false;
    }

    void quality(Quality now) {
        quality = now;
    }

    long sent() {
        return sent;
    }

    /** A node can be reached here from now on, once it runs. */
    void place(int nodeId, String host, int port) {
        addresses.put(host + ":" + port, nodeId);
    }

    /** The transport of a new process; whatever was registered for the node before is forgotten. */
    PeerTransport transport(int nodeId, SimProcess process) {
        Endpoint endpoint = new Endpoint(process);
        endpoints.put(nodeId, endpoint);
        return new Transport(nodeId, endpoint);
    }

    /** The node's process is gone. */
    void detach(int nodeId) {
        endpoints.remove(nodeId);
    }

    // ---- cuts ----

    void cut(int from, int to, Cut how) {
        link(from, to).cut = how;
    }

    void heal(int from, int to) {
        Link link = link(from, to);
        link.cut = null;
        List<Parcel> stale = new ArrayList<>(link.waiting);
        link.waiting.clear();
        stale.forEach(parcel -> depart(from, to, parcel));
    }

    void healAll() {
        for (int from = 0; from < MAX_NODES; from++) {
            for (int to = 0; to < MAX_NODES; to++) {
                if (links[from][to] != null) {
                    heal(from, to);
                }
            }
        }
    }

    boolean isCut(int from, int to) {
        return link(from, to).cut != null;
    }

    private Link link(int from, int to) {
        Link link = links[from][to];
        if (link == null) {
            link = new Link();
            links[from][to] = link;
        }
        return link;
    }

    // ---- messages ----

    private void send(int from, int to, Parcel parcel) {
        sent++;
        observers.forEach(observer -> observer.sent(from, to, parcel.recipient(), parcel.message()));
        Parcel carried = throughBytes(parcel);
        Link link = link(from, to);
        if (link.cut == Cut.HOLD && link.waiting.size() < MAX_WAITING) {
            link.waiting.add(carried);
            trace("held", from, to, carried);
        } else if (link.cut != null || lucky(quality.lossPerMille) || chosenToBeLost(from, to, parcel.message())) {
            trace("lost", from, to, carried);
        } else {
            trace("sent", from, to, carried);
            depart(from, to, carried);
            if (lucky(quality.repeatPerMille)) {
                overtake(from, to, carried);
            }
        }
    }

    private Parcel throughBytes(Parcel parcel) {
        if (serialization == null) {
            return parcel;
        }
        Serializer serializer = serialization.findSerializerFor(parcel.message());
        Object copy = serialization
                .deserialize(
                        serializer.toBinary(parcel.message()),
                        serializer.identifier(),
                        Serializers.manifestFor(serializer, parcel.message()))
                .get();
        return new Parcel(parcel.recipient(), (WireMessage) copy);
    }

    private boolean lucky(int perMille) {
        return perMille > 0 && random.nextInt(1000) < perMille;
    }

    private void depart(int from, int to, Parcel parcel) {
        if (lucky(quality.overtakePerMille)) {
            overtake(from, to, parcel);
            return;
        }
        Link link = link(from, to);
        long delay = random.nextLong(quality.minDelayMicros, quality.maxDelayMicros + 1L) * 1000;
        long arrival = Math.max(link.lastArrival, (world.nowNanos() + delay) / QUANTUM * QUANTUM);
        link.lastArrival = arrival;
        link.order.add(parcel);
        world.schedule(null, arrival - world.nowNanos(), () -> arrive(from, to, link.order.remove()));
    }

    private void overtake(int from, int to, Parcel parcel) {
        long delay = random.nextLong(1_000_000, 1_000_000_000);
        world.schedule(null, delay, () -> arrive(from, to, parcel));
    }

    private void arrive(int from, int to, Parcel parcel) {
        Link link = link(from, to);
        if (link.cut == Cut.HOLD) {
            link.waiting.add(parcel);
            return;
        }
        Endpoint endpoint = endpoints.get(to);
        ActorRef<Object> receiver = endpoint == null ? null : endpoint.receivers.get(parcel.recipient());
        if (link.cut != null || endpoint == null || endpoint.process.dead() || receiver == null) {
            trace("undeliverable", from, to, parcel);
            return;
        }
        trace("arrives", from, to, parcel);
        receiver.tell(parcel.message());
    }

    private void trace(String what, int from, int to, Parcel parcel) {
        world.trace()
                .network(
                        what,
                        parcel.message().getClass().getName(),
                        (long) from << 32 | to,
                        () -> "net %d->%d %-8s %s %s"
                                .formatted(from, to, what, parcel.recipient(), Describe.value(parcel.message())));
    }

    private final class Transport implements PeerTransport {
        private final int nodeId;
        private final Endpoint endpoint;
        private final Map<Integer, Integer> known = new HashMap<>();

        private Transport(int nodeId, Endpoint endpoint) {
            this.nodeId = nodeId;
            this.endpoint = endpoint;
        }

        @Override
        public void address(int peer, String host, int port) {
            Integer at = addresses.get(host + ":" + port);
            if (at != null) {
                known.put(peer, at);
            }
        }

        @Override
        @SuppressWarnings("unchecked") // the interface leaves it to the receiver to understand what peers send
        public void receiver(Recipient recipient, ActorRef<? extends Object> actor) {
            endpoint.receivers.put(recipient, (ActorRef<Object>) actor);
        }

        @Override
        public void send(int peer, Recipient recipient, WireMessage message) {
            send(known.get(peer), recipient, message);
        }

        @Override
        public void send(String host, int port, Recipient recipient, WireMessage message) {
            send(addresses.get(host + ":" + port), recipient, message);
        }

        private void send(@Nullable Integer at, Recipient recipient, WireMessage message) {
            if (at != null && !endpoint.process.dead()) {
                SimNetwork.this.send(nodeId, at, new Parcel(recipient, message));
            }
        }
    }
}
