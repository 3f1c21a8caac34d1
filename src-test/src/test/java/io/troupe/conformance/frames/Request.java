package io.troupe.conformance.frames;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.RequestHeader;

/**
 * A request as it goes over the wire.
 *
 * @param text what it is, for the report of a difference
 * @param type the operation's number (contract 1.4)
 * @param body what follows the header, right or wrong
 */
public record Request(String text, int type, byte[] body) {
    /** Numbers that are no client's count of requests (contract 1.3). */
    public static final int PING_XID = -2;

    public static final int AUTH_XID = -4;
    public static final int SET_WATCHES_XID = -8;

    private static final int PING = 11;
    private static final int AUTH = 100;
    private static final int SET_WATCHES = 101;
    private static final int SET_WATCHES2 = 105;

    /** A request with records as its body, one after the other. */
    public static Request of(String text, int type, Record... body) {
        return new Request(text, type, bytes(body));
    }

    /** The same, cut off after so many bytes of its body. */
    public Request cut(int length) {
        return new Request(text + " cut to " + length, type, Arrays.copyOf(body, length));
    }

    /** The same with other bytes for a body. */
    public Request with(String what, byte[] otherBody) {
        return new Request(text + " " + what, type, otherBody);
    }

    /** The frame, without its length. */
    public byte[] frame(int xid) {
        byte[] header = bytes(new RequestHeader(xid, type));
        byte[] frame = Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, frame, header.length, body.length);
        return frame;
    }

    /** The xid that the protocol gives such a request, or the client's next number. */
    public int xid(int next) {
        return switch (type) {
            case PING -> PING_XID;
            case AUTH -> AUTH_XID;
            case SET_WATCHES, SET_WATCHES2 -> SET_WATCHES_XID;
            default -> next;
        };
    }

    /** Records as bytes, one after the other. */
    public static byte[] bytes(Record... records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            BinaryOutputArchive archive = BinaryOutputArchive.getArchive(bytes);
            for (Record record : records) {
                record.serialize(archive, "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
