package io.troupe.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the compact binary encoding that sections and snapshots share: fixed numbers are big-endian, counts and lengths
 * are varints of seven bits a byte, low bits first. Read by {@link BinaryReader}.
 */
public final class BinaryWriter {
    private byte[] buffer;
    private int size;

    public BinaryWriter(int capacity) {
        buffer = new byte[capacity];
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** Forgets everything written. */
    public void clear() {
        size = 0;
    }

    /** A copy of everything written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, size);
    }

    /** What was written, from index 0 on, with no more room behind it than that takes; the writer is not to be used any more. */
    byte[] surrender() {
        return buffer.length - size > size ? toByteArray() : buffer;
    }

    public BinaryWriter putByte(int value) {
        ensure(1);
        buffer[size++] = (byte) value;
        return this;
    }

    public BinaryWriter putInt(int value) {
        ensure(Integer.BYTES);
        setInt(size, value);
        size += Integer.BYTES;
        return this;
    }

    public BinaryWriter putLong(long value) {
        putInt((int) (value >>> 32));
        return putInt((int) value);
    }

    /** Overwrites four bytes written before. */
    public void setInt(int position, int value) {
        buffer[position] = (byte) (value >>> 24);
        buffer[position + 1] = (byte) (value >>> 16);
        buffer[position + 2] = (byte) (value >>> 8);
        buffer[position + 3] = (byte) value;
    }

    /** Sets bits of a byte written before. */
    public void orByte(int position, int bits) {
        buffer[position] |= (byte) bits;
    }

    /** Any long; small non-negative ones are short. */
    public BinaryWriter putVarint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer[size++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
        return this;
    }

    /** Any long; those near zero are short, negative ones too. */
    public BinaryWriter putSigned(long value) {
        return putVarint((value << 1) ^ (value >> 63));
    }

    /** Null and empty are kept apart. */
    public BinaryWriter putBytes(byte @Nullable [] bytes) {
        if (bytes == null) {
            return putVarint(0);
        }
        putVarint(bytes.length + 1L);
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
        return this;
    }

    /**
     * UTF-8. A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD: both are illegal in paths, while Java's own
     * substitute, a question mark, would make the path legal on its way.
     */
    public BinaryWriter putString(String text) {
        return putBytes(withoutLoneSurrogates(text).getBytes(StandardCharsets.UTF_8));
    }

    private static String withoutLoneSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                StringBuilder clean = new StringBuilder(text.length());
                text.codePoints()
                        .forEach(c -> clean.appendCodePoint(
                                c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c));
                return clean.toString();
            }
        }
        return text;
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, Math.addExact(size, more)));
        }
    }
}
