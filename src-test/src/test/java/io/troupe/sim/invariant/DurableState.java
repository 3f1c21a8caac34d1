package io.troupe.sim.invariant;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.troupe.request.Batch;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
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
    private static final Pattern SEGMENT = Pattern.compile("log-[0-9a-f]{16}");
    private static final int SEGMENT_HEADER = 20;
    private static final int RECORD_HEADER = 16;

    /** Reads the files of one node. */
    public static DurableState of(Map<String, byte[]> files) {
        Map<String, ByteBuffer> buffers = new TreeMap<>();
        files.forEach((name, bytes) -> buffers.put(name, ByteBuffer.wrap(bytes)));
        return ofBuffers(buffers);
    }

    /** Reads the files of one node, each from position 0 to its limit; sorted by name. */
    public static DurableState ofBuffers(Map<String, ByteBuffer> files) {
        ByteBuffer meta = files.get("node.meta");
        String text = meta == null ? "" : UTF_8.decode(meta.duplicate()).toString();
        return new DurableState(number(text, "accepted-epoch"), number(text, "current-epoch"), logEnd(files));
    }

    private static long number(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + "="))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private static long logEnd(Map<String, ByteBuffer> files) {
        long end = -1;
        for (Map.Entry<String, ByteBuffer> file : files.entrySet()) {
            ByteBuffer bytes = file.getValue();
            if (SEGMENT.matcher(file.getKey()).matches() && bytes.limit() >= SEGMENT_HEADER) {
                long base = bytes.getLong(8);
                if (end != -1 && base != end) {
                    return end;
                }
                end = segmentEnd(bytes, base);
            }
        }
        return Math.max(end, 0);
    }

    private static long segmentEnd(ByteBuffer bytes, long base) {
        long end = base;
        int offset = SEGMENT_HEADER;
        while (offset + RECORD_HEADER <= bytes.limit()) {
            int length = bytes.getInt(offset);
            if (length < Batch.HEADER || offset + RECORD_HEADER + length > bytes.limit()) {
                break;
            }
            CRC32C crc = new CRC32C();
            crc.update(bytes.slice(offset, 4));
            crc.update(bytes.slice(offset + 8, 8));
            crc.update(bytes.slice(offset + RECORD_HEADER, length));
            if ((int) crc.getValue() != bytes.getInt(offset + 4)) {
                break;
            }
            long first = bytes.getLong(offset + RECORD_HEADER);
            end = first + bytes.getInt(offset + RECORD_HEADER + 8) - 1;
            offset += RECORD_HEADER + length;
        }
        return end;
    }
}
