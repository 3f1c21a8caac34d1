package io.troupe.broadcast;

import akka.actor.ExtendedActorSystem;
import akka.serialization.ByteBufferSerializer;
import akka.serialization.SerializerWithStringManifest;
import akka.serialization.jackson.JacksonCborSerializer;
import io.troupe.broadcast.BroadcastProtocol.Frame;
import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.link.ConnectionId;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Frames as bytes (decision 056). The four kinds that every write needs are copied straight between the message and the transport's
 * buffer; the others, of which a connection has a few, are what Jackson makes of them.
 *
 * <pre>
 * int  from
 * long incarnation  of the sender
 * int  dialer       of the connection
 * long incarnation  of the dialer
 * int  session      of the connection
 * long sequence
 *      message, by manifest:
 *        p  long commitZxid, then the batch
 *        f  the section
 *        a  long zxid
 *        c  long zxid
 * </pre>
 *
 * A batch or section reaches to the end. All numbers are little-endian, as Artery's buffers are.
 */
public final class FrameSerializer extends SerializerWithStringManifest implements ByteBufferSerializer {
    /** Of no other serializer; Akka leaves those from 40 on to applications. */
    private static final int IDENTIFIER = 7_211;

    private static final int HEADER = 4 + 8 + 4 + 8 + 4 + 8;

    private static final String PROPOSE = "p";
    private static final String FORWARD = "f";
    private static final String ACK = "a";
    private static final String COMMIT = "c";

    private final JacksonCborSerializer jackson;

    /** Called by Akka, which is told of this class in {@code troupe-akka.conf}. */
    public FrameSerializer(ExtendedActorSystem system) {
        this.jackson = new JacksonCborSerializer(system, "jackson-cbor");
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object frame) {
        PeerMessage message = ((Frame) frame).message();
        if (message instanceof Propose) {
            return PROPOSE;
        } else if (message instanceof Forward) {
            return FORWARD;
        } else if (message instanceof Ack) {
            return ACK;
        } else if (message instanceof Commit) {
            return COMMIT;
        }
        return jackson.manifest(frame);
    }

    @Override
    public void toBinary(Object object, ByteBuffer to) {
        Frame frame = (Frame) object;
        PeerMessage message = frame.message();
        if (message instanceof Propose propose) {
            putHeader(frame, to);
            to.putLong(propose.commitZxid()).put(propose.batch());
        } else if (message instanceof Forward forward) {
            putHeader(frame, to);
            to.put(forward.section());
        } else if (message instanceof Ack ack) {
            putHeader(frame, to);
            to.putLong(ack.zxid());
        } else if (message instanceof Commit commit) {
            putHeader(frame, to);
            to.putLong(commit.zxid());
        } else {
            to.put(jackson.toBinary(frame));
        }
    }

    private static void putHeader(Frame frame, ByteBuffer to) {
        ConnectionId connection = frame.connection();
        to.putInt(frame.from())
                .putLong(frame.incarnation())
                .putInt(connection.dialer())
                .putLong(connection.incarnation())
                .putInt(connection.session())
                .putLong(frame.sequence());
    }

    /** For whoever has no buffer: Akka, where a message travels within another. */
    @Override
    public byte[] toBinary(Object object) {
        PeerMessage message = ((Frame) object).message();
        int length;
        if (message instanceof Propose propose) {
            length = Long.BYTES + propose.batch().length;
        } else if (message instanceof Forward forward) {
            length = forward.section().length;
        } else if (message instanceof Ack || message instanceof Commit) {
            length = Long.BYTES;
        } else {
            return jackson.toBinary(object);
        }
        ByteBuffer buffer = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
        toBinary(object, buffer);
        return buffer.array();
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        return fromBinary(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), manifest);
    }

    @Override
    public Object fromBinary(ByteBuffer from, String manifest) throws NotSerializableException {
        switch (manifest) {
            case PROPOSE, FORWARD, ACK, COMMIT -> {
                int node = from.getInt();
                long incarnation = from.getLong();
                ConnectionId connection = new ConnectionId(from.getInt(), from.getLong(), from.getInt());
                long sequence = from.getLong();
                return new Frame(node, incarnation, connection, sequence, message(from, manifest));
            }
            default -> {
                return jackson.fromBinary(rest(from), manifest);
            }
        }
    }

    private static PeerMessage message(ByteBuffer from, String manifest) {
        return switch (manifest) {
            case PROPOSE -> {
                long commitZxid = from.getLong();
                yield new Propose(rest(from), commitZxid);
            }
            case FORWARD -> new Forward(rest(from));
            case ACK -> new Ack(from.getLong());
            default -> new Commit(from.getLong());
        };
    }

    private static byte[] rest(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return bytes;
    }
}
