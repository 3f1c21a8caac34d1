package io.troupe.snapshot;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.ActorRef;
import io.troupe.ensemble.WireMessage;
import io.troupe.env.FakeDisk;
import io.troupe.link.PeerTransport;
import io.troupe.log.LogProtocol;
import io.troupe.snapshot.SnapshotProtocol.Command;
import io.troupe.snapshot.SnapshotProtocol.Needed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Snapshot actors and what they have sent each other that did not arrive yet. */
final class Net {
    static final long RESERVE = 1_000;
    static final SnapshotSettings SETTINGS = new SnapshotSettings(2, 100, 4);

    private final Map<Integer, Node> nodes = new HashMap<>();
    private final List<Datagram> flying = new ArrayList<>();

    /** A message under way. */
    record Datagram(int to, WireMessage message) {}

    /** A node's snapshot actor and what surrounds it. */
    static final class Node {
        final FakeDisk disk;
        final BehaviorTestKit<Command> actor;
        final TestInbox<LogProtocol.Command> log = TestInbox.create();
        final TestInbox<SnapshotProtocol.Event> events = TestInbox.create();
        final TestInbox<SnapshotProtocol.Pulled> pulled = TestInbox.create();
        final List<Needed> needed = new ArrayList<>();

        Node(Net net, int id, FakeDisk disk) {
            this.disk = disk;
            this.actor = BehaviorTestKit.create(SnapshotActor.create(new SnapshotActor.Surroundings(
                    id, disk, RESERVE, SETTINGS, net.transport(), log.getRef(), needed::add)));
        }

        void tell(Command command) {
            actor.run(command);
        }

        /** Ends the oldest fsync, well. */
        void synced() {
            disk.endSync();
            actor.runOne();
        }

        /** Ends the oldest fsync, badly. */
        void syncFailed() {
            disk.endSyncBadly();
            actor.runOne();
        }

        /** Writes a snapshot from the first byte to the last. */
        void write(long zxid, byte[]... chunks) {
            tell(new SnapshotProtocol.Begin(zxid, events.getRef()));
            for (byte[] chunk : chunks) {
                tell(new SnapshotProtocol.Chunk(chunk));
            }
            tell(new SnapshotProtocol.Finish());
            synced();
        }

        void pull(int from, long minZxid) {
            tell(new SnapshotProtocol.Pull(from, minZxid, pulled.getRef()));
        }
    }

    private PeerTransport transport() {
        return new PeerTransport() {
            @Override
            public void address(int nodeId, String host, int port) {
                throw new AssertionError("snapshot knows no addresses");
            }

            @Override
            public void receiver(Recipient recipient, ActorRef<? extends Object> actor) {
                throw new AssertionError("snapshot does not register itself");
            }

            @Override
            public void send(int nodeId, Recipient recipient, WireMessage message) {
                if (recipient != Recipient.SNAPSHOT) {
                    throw new AssertionError("snapshot talks to snapshot alone, not to " + recipient);
                }
                flying.add(new Datagram(nodeId, message));
            }

            @Override
            public void send(String host, int port, Recipient recipient, WireMessage message) {
                throw new AssertionError("snapshot knows nodes by their ids");
            }
        };
    }

    Node node(int id, FakeDisk disk) {
        Node node = new Node(this, id, disk);
        nodes.put(id, node);
        return node;
    }

    Node node(int id) {
        return node(id, new FakeDisk());
    }

    /** What is under way; the test may lose, repeat, reorder and change it. */
    List<Datagram> flying() {
        return flying;
    }

    void deliver(Datagram datagram) {
        Node node = nodes.get(datagram.to());
        if (node != null && datagram.message() instanceof Command command) {
            node.tell(command);
        }
    }

    /** Delivers all, and what it brings about, until nothing is under way. */
    void settle() {
        while (!flying.isEmpty()) {
            deliver(flying.remove(0));
        }
    }

    /** Delivers all that is under way now, and nothing of what it brings about. */
    void round() {
        List<Datagram> now = List.copyOf(flying);
        flying.clear();
        now.forEach(this::deliver);
    }
}
