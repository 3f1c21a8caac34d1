package io.troupe.testkit;

import akka.actor.typed.ActorRef;
import io.troupe.ensemble.WireMessage;
import io.troupe.env.Clock;
import io.troupe.link.PeerProbe;
import io.troupe.link.PeerTransport;
import io.troupe.node.Interposer;
import java.util.HashMap;
import java.util.Map;

/** What stands between one start of a node and the machine: a network that can be cut, also for good, and a clock that can jump. */
final class Wiring implements Interposer {
    private final int self;
    private final TestNetwork network;
    private final TestClock clock;
    private final Runnable tellHeld = this::tellHeld;
    /** By node, what a probe last found out about it behind a cut: told when it can be known. */
    private final Map<Integer, Runnable> held = new HashMap<>();

    private volatile boolean unplugged;

    Wiring(int self, TestNetwork network, TestClock clock) {
        this.self = self;
        this.network = network;
        this.clock = clock;
        network.onHealed(tellHeld);
    }

    /** From now on nothing that this start of the node says reaches anybody. */
    void unplug() {
        unplugged = true;
        network.forget(tellHeld);
    }

    private boolean reaches(int node) {
        return !unplugged && network.connects(self, node);
    }

    @Override
    public Clock clock(Clock machine) {
        return clock.over(machine);
    }

    @Override
    public PeerTransport transport(PeerTransport machine) {
        return new PeerTransport() {
            @Override
            public void address(int nodeId, String host, int port) {
                machine.address(nodeId, host, port);
            }

            @Override
            public void receiver(Recipient recipient, ActorRef<? extends Object> actor) {
                machine.receiver(recipient, actor);
            }

            @Override
            public void send(int nodeId, Recipient recipient, WireMessage message) {
                if (reaches(nodeId)) {
                    machine.send(nodeId, recipient, message);
                }
            }

            @Override
            public void send(String host, int port, Recipient recipient, WireMessage message) {
                if (reaches(network.nodeAt(port))) {
                    machine.send(host, port, recipient, message);
                }
            }
        };
    }

    @Override
    public PeerProbe probe(PeerProbe machine) {
        return new PeerProbe() {
            @Override
            public void watch(int nodeId, String host, int port, Listener listener) {
                forget(nodeId);
                machine.watch(nodeId, host, port, (node, up) -> found(node, () -> listener.onReachability(node, up)));
            }

            @Override
            public void close() {
                machine.close();
            }
        };
    }

    private synchronized void forget(int node) {
        held.remove(node);
    }

    private synchronized void found(int node, Runnable tell) {
        held.remove(node);
        if (reaches(node)) {
            tell.run();
        } else {
            held.put(node, tell);
        }
    }

    private synchronized void tellHeld() {
        held.entrySet().removeIf(each -> {
            boolean known = reaches(each.getKey());
            if (known) {
                each.getValue().run();
            }
            return known;
        });
    }
}
