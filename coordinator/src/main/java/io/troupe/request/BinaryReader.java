package io.troupe.request;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what {@link BinaryWriter} wrote; every length is checked against what is left before it is believed. */
public final class BinaryReader {
    /** Bytes are taken from the array, which takes code that is not compiled yet a fraction of the time. */
    private final byte[] bytes;

    private final int start;
    private final int end;
    private int position;

    /** Reads from the position to the limit of a buffer that has an array; the buffer's position stays. */
    public BinaryReader(ByteBuffer source) {
        this(source.array(), source.arrayOffset() + source.position(), source.remaining());
    }

    /** Reads a part of an array. */
    public BinaryReader(byte[] bytes, int start, int length) {
        this.bytes = bytes;
        this.start = start;
        this.end = Objects.checkFromIndexSize(start, length, bytes.length) + length;
        this.position = start;
    }

    public boolean hasRemaining() {
        return position < end;
    }

    public int remaining() {
        return end - position;
    }

    public int getByte() throws RequestFormatException {
        if (position == end) {
            throw truncated();
        }
        return bytes[position++] & 0xff;
    }

    public int getInt() throws RequestFormatException {
        if (remaining() < Integer.BYTES) {
            throw truncated();
        }
        int value = bytes[position] << 24
                | (bytes[position + 1] & 0xff) << 16
                | (bytes[position + 2] & 0xff) << 8
                | (bytes[position + 3] & 0xff);
        position += Integer.BYTES;
        return value;
    }

    public long getLong() throws RequestFormatException {
        if (remaining() < Long.BYTES) {
            throw truncated();
        }
        return (long) getInt() << Integer.SIZE | (getInt() & 0xffffffffL);
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
        throw new RequestFormatException("a number of more than 64 bits before byte " + at());
    }

    public long getSigned() throws RequestFormatException {
        long value = getVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A number that was written as a varint of an int. */
    public int getSignedInt() throws RequestFormatException {
        long value = getSigned();
        if (value != (int) value) {
            throw new RequestFormatException(value + " is no int, before byte " + at());
        }
        return (int) value;
    }

    /** A count of things that take at least one byte each. */
    public int getCount() throws RequestFormatException {
        long count = getVarint();
        if (count < 0 || count > remaining()) {
            throw new RequestFormatException(
                    "count " + count + " with " + remaining() + " bytes left, before byte " + at());
        }
        return (int) count;
    }

    public byte @Nullable [] getBytes() throws RequestFormatException {
        int length = getLength();
        if (length < 0) {
            return null;
        }
        byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return copy;
    }

    /** Of bytes that follow; negative for none. */
    private int getLength() throws RequestFormatException {
        long length = getVarint() - 1;
        if (length < -1 || length > remaining()) {
            throw new RequestFormatException(
                    "length " + length + " with " + remaining() + " bytes left, before byte " + at());
        }
        return (int) length;
    }

    /** Passes over what {@link #getString} would read; {@link #offset} is behind it then. */
    public int skipString() throws RequestFormatException {
        int length = getLength();
        if (length < 0) {
            throw new RequestFormatException("a text is missing before byte " + at());
        }
        position += length;
        return length;
    }

    /** Where in the array the next byte stands. */
    public int offset() {
        return position;
    }

    public String getString() throws RequestFormatException {
        int length = skipString();
        return new String(bytes, position - length, length, StandardCharsets.UTF_8);
    }

    /** The array, which is not to be changed. */
    public byte[] array() {
        return bytes;
    }

    private int at() {
        return position - start;
    }

    private RequestFormatException truncated() {
        return new RequestFormatException("ends within a field, at byte " + (end - start));
    }
}
