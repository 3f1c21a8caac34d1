package io.troupe.request;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads what {@link BinaryWriter} wrote; every length is checked against what is left before it is believed. */
public final class BinaryReader {
    private final ByteBuffer source;

    /** Reads from the buffer's position to its limit. */
    public BinaryReader(ByteBuffer source) {
        this.source = source;
    }

    public boolean hasRemaining() {
        return source.hasRemaining();
    }

    public int remaining() {
        return source.remaining();
    }

    public int getByte() throws RequestFormatException {
        try {
            return source.get() & 0xff;
        } catch (BufferUnderflowException e) {
            throw truncated();
        }
    }

    public int getInt() throws RequestFormatException {
        try {
            return source.getInt();
        } catch (BufferUnderflowException e) {
            throw truncated();
        }
    }

    public long getLong() throws RequestFormatException {
        try {
            return source.getLong();
        } catch (BufferUnderflowException e) {
            throw truncated();
        }
    }

    public long getVarint() throws RequestFormatException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = getByte();
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new RequestFormatException("a number of more than 64 bits before byte " + source.position());
    }

    public long getSigned() throws RequestFormatException {
        long value = getVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A number that was written as a varint of an int. */
    public int getSignedInt() throws RequestFormatException {
        long value = getSigned();
        if (value != (int) value) {
            throw new RequestFormatException(value + " is no int, before byte " + source.position());
        }
        return (int) value;
    }

    /** A count of things that take at least one byte each. */
    public int getCount() throws RequestFormatException {
        long count = getVarint();
        if (count < 0 || count > source.remaining()) {
            throw new RequestFormatException(
                    "count " + count + " with " + source.remaining() + " bytes left, before byte " + source.position());
        }
        return (int) count;
    }

    public byte @Nullable [] getBytes() throws RequestFormatException {
        int length = getLength();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        return bytes;
    }

    /** Of bytes that follow; negative for none. */
    private int getLength() throws RequestFormatException {
        long length = getVarint() - 1;
        if (length < -1 || length > source.remaining()) {
            throw new RequestFormatException("length " + length + " with " + source.remaining()
                    + " bytes left, before byte " + source.position());
        }
        return (int) length;
    }

    public String getString() throws RequestFormatException {
        int length = getLength();
        if (length < 0) {
            throw new RequestFormatException("a text is missing before byte " + source.position());
        }
        if (source.hasArray()) {
            int start = source.position();
            source.position(start + length);
            return new String(source.array(), source.arrayOffset() + start, length, StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private RequestFormatException truncated() {
        return new RequestFormatException("ends within a field, at byte " + source.limit());
    }
}
