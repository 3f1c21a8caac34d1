package io.troupe.request;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

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
 * @param source holds the whole encoding, length included, from {@code start} on; shared, and not to be changed
 * @param start where in {@code source} it begins
 * @param bytes how long it is
 * @param alone whether it must not share its batch: it holds one request, which changes the members or asks for it
 */
public record Section(
        byte[] source,
        int start,
        int bytes,
        int originNode,
        long incarnation,
        long firstSequence,
        int count,
        boolean alone) {
    /** Bytes before the body. */
    public static final int HEADER = 4 + 4 + 8 + 8 + 4 + 1;

    /** One whose encoding is the whole of an array, which must not change afterwards. */
    public Section(byte[] image, int originNode, long incarnation, long firstSequence, int count, boolean alone) {
        this(image, 0, image.length, originNode, incarnation, firstSequence, count, alone);
    }

    /**
     * Reads the section that starts at the position of a buffer with an array, which it goes on to share, and moves the position
     * behind it.
     *
     * @throws BufferUnderflowException when it is cut off
     */
    public static Section read(ByteBuffer source) {
        int at = source.position();
        int bytes = Integer.BYTES + source.getInt(at);
        if (bytes < HEADER || bytes > source.remaining()) {
            throw new BufferUnderflowException();
        }
        source.position(at + bytes);
        return new Section(
                source.array(),
                source.arrayOffset() + at,
                bytes,
                source.getInt(at + 4),
                source.getLong(at + 8),
                source.getLong(at + 16),
                source.getInt(at + 24),
                source.get(at + 28) != 0);
    }

    /** The whole encoding; not to be changed. */
    public byte[] image() {
        return bytes == source.length ? source : Arrays.copyOfRange(source, start, start + bytes);
    }

    /** Appends the whole encoding. */
    void putInto(ByteBuffer target) {
        target.put(source, start, bytes);
    }

    /** Number of the last request. */
    public long lastSequence() {
        return firstSequence + count - 1;
    }

    /** The encoded requests, from position to limit. */
    public ByteBuffer body() {
        return ByteBuffer.wrap(source, start + HEADER, bytes - HEADER).slice();
    }
}
