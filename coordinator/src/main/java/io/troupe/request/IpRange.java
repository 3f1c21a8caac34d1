package io.troupe.request;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address with an optional prefix length, as an ACL of scheme {@code ip} names it. Parsed here, because
 * the JDK's parser would look a name up in the DNS, whose answer differs between nodes.
 */
public final class IpRange {
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;

    private final byte[] address;
    private final int bits;

    private IpRange(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /** The range that {@code text} describes, or empty when it describes none. */
    public static Optional<IpRange> parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return Optional.empty();
        }
        int most = address.length * Byte.SIZE;
        int bits = slash < 0 ? most : number(text.substring(slash + 1), 10, most);
        return bits < 0 ? Optional.empty() : Optional.of(new IpRange(address, bits));
    }

    /** Whether an address has this prefix; one of the other family never has. */
    public boolean contains(String other) {
        byte[] candidate = address(other);
        if (candidate == null || candidate.length != address.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        if (!Arrays.equals(address, 0, whole, candidate, 0, whole)) {
            return false;
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || ((address[whole] ^ candidate[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
    }

    private static byte @Nullable [] address(String text) {
        return text.indexOf(':') < 0 ? v4(text) : v6(text);
    }

    private static byte @Nullable [] v4(String text) {
        byte[] address = new byte[V4_BYTES];
        int start = 0;
        for (int i = 0; i < V4_BYTES; i++) {
            int dot = text.indexOf('.', start);
            if (dot < 0 != (i == V4_BYTES - 1)) {
                return null;
            }
            int part = number(text.substring(start, dot < 0 ? text.length() : dot), 10, 255);
            if (part < 0) {
                return null;
            }
            address[i] = (byte) part;
            start = dot + 1;
        }
        return address;
    }

    /** Groups, with one gap of zeros written {@code ::}; the last 32 bits may be written as IPv4; a zone is ignored. */
    private static byte @Nullable [] v6(String text) {
        int zone = text.indexOf('%');
        String groups = zone < 0 ? text : text.substring(0, zone);
        int gap = groups.indexOf("::");
        byte[] head = groups(gap < 0 ? groups : groups.substring(0, gap));
        byte[] tail = gap < 0 ? new byte[0] : groups(groups.substring(gap + 2));
        if (head == null || tail == null) {
            return null;
        }
        int written = head.length + tail.length;
        if (gap < 0 ? written != V6_BYTES : written > V6_BYTES - 2) {
            return null;
        }
        byte[] address = Arrays.copyOf(head, V6_BYTES);
        System.arraycopy(tail, 0, address, V6_BYTES - tail.length, tail.length);
        return address;
    }

    private static byte @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        byte[] bytes = new byte[V6_BYTES];
        int size = 0;
        int start = 0;
        while (start >= 0) {
            int colon = text.indexOf(':', start);
            String group = text.substring(start, colon < 0 ? text.length() : colon);
            if (colon < 0 && group.indexOf('.') >= 0 && size <= V6_BYTES - V4_BYTES) {
                byte[] embedded = v4(group);
                if (embedded == null) {
                    return null;
                }
                System.arraycopy(embedded, 0, bytes, size, V4_BYTES);
                return Arrays.copyOf(bytes, size + V4_BYTES);
            }
            int value = group.length() > 4 || size == V6_BYTES ? -1 : number(group, 16, 0xffff);
            if (value < 0) {
                return null;
            }
            bytes[size++] = (byte) (value >>> Byte.SIZE);
            bytes[size++] = (byte) value;
            start = colon < 0 ? -1 : colon + 1;
        }
        return Arrays.copyOf(bytes, size);
    }

    /** A number of ASCII digits from 0 to {@code most}, or -1. */
    private static int number(String text, int radix, int most) {
        int value = text.isEmpty() ? -1 : 0;
        for (int i = 0; i < text.length() && value >= 0; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            value = digit < 0 ? -1 : value * radix + digit;
            if (value > most) {
                value = -1;
            }
        }
        return value;
    }
}
