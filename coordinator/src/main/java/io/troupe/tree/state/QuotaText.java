package io.troupe.tree.state;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of a quota's limits or of its usage (contract 2.12): {@code count=<n>,bytes=<n>}, for hard limits followed by {@code
 * =;byteHardLimit=<n>;countHardLimit=<n>}. What is missing or cannot be read is -1, which limits nothing.
 */
public record QuotaText(long count, long bytes, long countHard, long bytesHard) {
    /** No limit. */
    public static final long NONE = -1;

    /** Reads a text; none limits nothing. */
    public static QuotaText parse(byte @Nullable [] data) {
        Map<String, Long> values = new HashMap<>();
        String text = data == null ? "" : new String(data, StandardCharsets.UTF_8);
        for (String part : text.split("[,;]", -1)) {
            String[] pair = part.split("=", -1);
            if (pair.length >= 2) {
                values.put(pair[0].strip().toLowerCase(Locale.ROOT), number(pair[1].strip()));
            }
        }
        return new QuotaText(
                values.getOrDefault("count", NONE),
                values.getOrDefault("bytes", NONE),
                values.getOrDefault("counthardlimit", NONE),
                values.getOrDefault("bytehardlimit", NONE));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return NONE;
        }
    }

    /** The text of a usage. */
    public static byte[] usage(long count, long bytes) {
        return ("count=" + count + ",bytes=" + bytes).getBytes(StandardCharsets.UTF_8);
    }
}
