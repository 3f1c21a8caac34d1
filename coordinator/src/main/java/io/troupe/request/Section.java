package io.troupe.request;

import java.nio.ByteBuffer;

/**
 * Consecutive requests of one origin node, encoded once there and copied verbatim into batches. An origin numbers its
 * requests contiguously from 1 in each incarnation; the leader admits only the next number, so that a section sent
 * again after a reconnect is never ordered twice (architecture section 3).
 *
 * <pre>
 * int  length        of all that follows
 * int  originNode
 * long incarnation   of the origin
 * long firstSequence of the first request
 * int  count         requests
 * byte alone         1 where it holds one request about the members
 *      body          see {@link RequestCodec}
 * </pre>
 *
 * @param image the whole encoding, length included
 * @param alone whether it must not share its batch: it holds one request, which changes the members or asks for it
 */
public record Section(byte[] image, int originNode, long incarnation, long firstSequence, int count, boolean alone) {
    /** Bytes before the body. */
    public static final int HEADER = 4 + 4 + 8 + 8 + 4 + 1;

    /** Reads the section that starts at the buffer's position and moves the position behind it. */
    public static Section read(ByteBuffer source) {
        int start = source.position();
        int length = source.getInt(start);
        byte[] image = new byte[4 + length];
        source.get(image);
        ByteBuffer header = ByteBuffer.wrap(image);
        return new Section(
                image, header.getInt(4), header.getLong(8), header.getLong(16), header.getInt(24), header.get(28) != 0);
    }

    /** Number of the last request. */
    public long lastSequence() {
        return firstSequence + count - 1;
    }

    /** The encoded requests, from position to limit. */
    public ByteBuffer body() {
        return ByteBuffer.wrap(image, HEADER, image.length - HEADER).slice();
    }
}
