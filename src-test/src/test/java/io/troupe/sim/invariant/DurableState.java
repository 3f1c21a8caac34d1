package io.troupe.sim.invariant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What a disk would still hold after a power loss, read by code of its own, so that a mistake in the node's own reading
 * does not hide one in its writing.
 *
 * @param acceptedEpoch of the promises, 0 where there are none
 * @param currentEpoch of the promises, 0 where there are none
 * @param lastZxid end of the unbroken log
 */
public record DurableState(long acceptedEpoch, long currentEpoch, long lastZxid) {
    private static final String SEGMENT = "log-";
    private static final int SEGMENT_DIGITS = 16;

    /** Reads the files of one node. */
    public static DurableState of(Map<String, byte[]> files) {
        Map<String, SegmentRecords> segments = new TreeMap<>();
        files.forEach((name, bytes) -> {
            if (isSegment(name)) {
                segments.put(name, new SegmentRecords(() -> ByteBuffer.wrap(bytes)));
            }
        });
        byte[] meta = files.get("node.meta");
        String text = meta == null ? "" : promises(meta);
        return new DurableState(
                number(text, "accepted-epoch"), number(text, "current-epoch"), logEnd(segments.values()));
    }

    /** What a node has promised, by the whole copy with the greater number; empty when neither is whole. */
    public static String promises(byte[] meta) {
        String first = copy(new String(meta, UTF_8));
        String second = copy(new String(meta, meta.length / 2, meta.length - meta.length / 2, UTF_8));
        return number(second, "number") > number(first, "number") ? second : first;
    }

    private static String copy(String text) {
        int checksum = text.indexOf("crc=");
        if (checksum < 0) {
            return "";
        }
        CRC32C sum = new CRC32C();
        sum.update(text.substring(0, checksum).getBytes(UTF_8));
        boolean whole = text.startsWith("%08x".formatted(sum.getValue()), checksum + "crc=".length());
        return whole ? text.substring(0, checksum) : "";
    }

    /** Whether a file of this name is a segment of the log. */
    public static boolean isSegment(String name) {
        if (name.length() != SEGMENT.length() + SEGMENT_DIGITS || !name.startsWith(SEGMENT)) {
            return false;
        }
        for (int i = SEGMENT.length(); i < name.length(); i++) {
            char digit = name.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static long number(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + "="))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** The end of the unbroken log that segments hold, in the order of their names; 0 where there is none. */
    public static long logEnd(Collection<SegmentRecords> segments) {
        long end = -1;
        for (SegmentRecords records : segments) {
            if (!records.hasHeader()) {
                continue;
            }
            if (end != -1 && records.base() != end) {
                return end;
            }
            end = records.end();
        }
        return Math.max(end, 0);
    }
}
