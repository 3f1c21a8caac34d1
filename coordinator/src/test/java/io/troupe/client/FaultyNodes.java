package io.troupe.client;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import io.troupe.client.protocol.Coordinator.Block;
import io.troupe.client.protocol.Coordinator.Open;
import io.troupe.client.protocol.Coordinator.Probe;
import io.troupe.client.protocol.Coordinator.ToClient;
import io.troupe.client.protocol.Coordinator.ToNode;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between an application and the nodes, and loses or keeps back what goes through it, as remoting may. */
public final class FaultyNodes implements NodeFinder {
    private final ActorSystem<?> system;
    private final NodeFinder real;
    private final Map<String, ActorRef<ToNode>> proxies = new ConcurrentHashMap<>();
    private final Set<String> cut = ConcurrentHashMap.newKeySet();
    private final Queue<Runnable> keptBack = new ConcurrentLinkedQueue<>();
    private final AtomicInteger toNodes = new AtomicInteger();
    private final AtomicInteger toClients = new AtomicInteger();
    private volatile String latest = "";

    public FaultyNodes(ActorSystem<?> system) {
        this.system = system;
        this.real = NodeFinder.remote(system);
    }

    /** The node that was last asked for a session. */
    public String latest() {
        return latest;
    }

    /** What goes to and comes from a node is kept back from now on. */
    public void cut(String place) {
        cut.add(place);
    }

    /** The node can be reached again; what was kept back arrives, late. */
    public void heal() {
        cut.clear();
        for (Runnable late = keptBack.poll(); late != null; late = keptBack.poll()) {
            late.run();
        }
    }

    /** The next block to a node is lost. */
    public void loseOneToNode() {
        toNodes.incrementAndGet();
    }

    /** The next block from a node is lost. */
    public void loseOneToClient() {
        toClients.incrementAndGet();
    }

    @Override
    public ActorRef<ToNode> at(String contactPoint) {
        latest = contactPoint;
        return proxies.computeIfAbsent(
                contactPoint,
                place -> system.systemActorOf(there(place), "to-" + place.replace(':', '-'), Props.empty()));
    }

    private Behavior<ToNode> there(String place) {
        ActorRef<ToNode> node = real.at(place);
        return Behaviors.setup(context -> {
            Map<ActorRef<ToClient>, ActorRef<ToClient>> clients = new ConcurrentHashMap<>();
            return Behaviors.receiveMessage(message -> {
                ToNode sent = message;
                if (message instanceof Open open) {
                    ActorRef<ToClient> back = clients.computeIfAbsent(
                            open.client(), client -> context.spawnAnonymous(back(place, client)));
                    sent = new Open(
                            open.version(),
                            back,
                            open.attempt(),
                            open.sessionId(),
                            open.password(),
                            open.timeoutMillis(),
                            open.lastZxidSeen(),
                            open.proofs());
                } else if (message instanceof Probe probe) {
                    ActorRef<ToClient> back = clients.getOrDefault(probe.client(), probe.client());
                    sent = new Probe(probe.connection(), back, probe.attempt());
                }
                pass(place, node, sent, sent instanceof Block, toNodes);
                return Behaviors.same();
            });
        });
    }

    private Behavior<ToClient> back(String place, ActorRef<ToClient> client) {
        return Behaviors.receiveMessage(message -> {
            pass(place, client, message, message instanceof Block, toClients);
            return Behaviors.same();
        });
    }

    private <T> void pass(String place, ActorRef<T> to, T message, boolean block, AtomicInteger losses) {
        if (cut.contains(place)) {
            keptBack.add(() -> to.tell(message));
        } else if (!block || losses.get() == 0) {
            to.tell(message);
        } else {
            losses.decrementAndGet();
        }
    }
}
