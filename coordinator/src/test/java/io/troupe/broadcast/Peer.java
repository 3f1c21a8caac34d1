package io.troupe.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.BroadcastProtocol.Frame;
import io.troupe.broadcast.BroadcastProtocol.Reset;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.ConnectionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Another node, played by the test: its end of the one connection it has with the node under test. */
final class Peer {
    private final Rig rig;
    private final int nodeId;
    private final Deque<PeerMessage> heard = new ArrayDeque<>();
    private final Deque<Frame> dials = new ArrayDeque<>();
    private final List<ConnectionId> resets = new ArrayList<>();
    private long diskId;
    private long incarnation = 1;
    private int dialed;
    private @Nullable ConnectionId connection;
    private long sent;
    private long received;

    Peer(Rig rig, int nodeId) {
        this.rig = rig;
        this.nodeId = nodeId;
        this.diskId = Samples.disk(nodeId);
    }

    int nodeId() {
        return nodeId;
    }

    long diskId() {
        return diskId;
    }

    ConnectionId connection() {
        if (connection == null) {
            throw new AssertionError("node " + nodeId + " has no connection with the node under test");
        }
        return connection;
    }

    /** Number of the last message that the node under test sent on this connection. */
    long received() {
        return received;
    }

    /** Number of the last message sent on this connection. */
    long sent() {
        return sent;
    }

    // ---- connecting ----

    /** It starts anew; of earlier connections it knows nothing. */
    Peer restarted() {
        incarnation++;
        dialed = 0;
        connection = null;
        return this;
    }

    Peer withDisk(long newDiskId) {
        diskId = newDiskId;
        return this;
    }

    /** Opens a connection, as a learner does. */
    Peer dials(long acceptedEpoch) {
        return dials(Samples.info(nodeId, diskId, "ensemble", acceptedEpoch));
    }

    Peer dials(PeerMessage first) {
        receive();
        dialed++;
        become(new ConnectionId(nodeId, incarnation, dialed), 0);
        return says(first);
    }

    private void become(ConnectionId next, long alreadyReceived) {
        connection = next;
        heard.clear();
        sent = 0;
        received = alreadyReceived;
    }

    /** Takes the newest connection that the node under test has opened, as a leader does. */
    Peer accepts() {
        receive();
        assertThat(dials).as("connections opened to node %d", nodeId).isNotEmpty();
        Frame first = dials.removeLast();
        dials.clear();
        become(first.connection(), 1);
        heard.add(first.message());
        return this;
    }

    /** Whether the node under test has opened a connection that was not accepted yet. */
    boolean isDialed() {
        receive();
        return !dials.isEmpty();
    }

    // ---- talking ----

    Peer says(PeerMessage message) {
        rig.tell(next(message));
        return this;
    }

    /** The frame of the next message, to be delivered, or lost, by the test. */
    Frame next(PeerMessage message) {
        sent++;
        return new Frame(nodeId, incarnation, connection(), sent, message);
    }

    /** Forgets the connection and says so. */
    Peer resets() {
        rig.tell(new Reset(nodeId, connection()));
        return this;
    }

    /** The next message on the connection, which must be of this type. */
    <T extends PeerMessage> T hears(Class<T> type) {
        receive();
        assertThat(heard.peek()).as("what node %d hears next", nodeId).isInstanceOf(type);
        return type.cast(heard.remove());
    }

    /** All messages not heard yet, in order. */
    List<PeerMessage> hearsAll() {
        receive();
        List<PeerMessage> all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    void hearsNothing() {
        receive();
        assertThat(heard).as("what node %d hears", nodeId).isEmpty();
    }

    /** Whether the node under test has said that it does not know the present connection (any more). */
    boolean isReset() {
        receive();
        return resets.contains(connection());
    }

    private void receive() {
        for (WireMessage message : rig.transport.drain(nodeId)) {
            if (message instanceof Reset reset) {
                resets.add(reset.connection());
            } else if (message instanceof Frame frame) {
                receive(frame);
            }
        }
    }

    private void receive(Frame frame) {
        assertThat(frame.from()).isEqualTo(Past.NODE);
        assertThat(frame.incarnation()).isEqualTo(Past.INCARNATION);
        if (frame.connection().equals(connection)) {
            received++;
            assertThat(frame.sequence()).as("number of %s", frame.message()).isEqualTo(received);
            heard.add(frame.message());
        } else if (frame.connection().dialer() == Past.NODE && frame.sequence() == 1) {
            dials.add(frame);
        }
    }
}
