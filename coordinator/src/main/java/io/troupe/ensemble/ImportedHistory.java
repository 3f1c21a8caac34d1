package io.troupe.ensemble;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A history that began elsewhere, and which an ensemble takes up where it ended. The id of an ensemble founded on one names
 * it, so that every node can tell from the id alone which tree the ensemble began with, and at which position.
 *
 * @param zxid the position it ends at
 * @param digest of the tree there, as it was imported
 */
public record ImportedHistory(long zxid, long digest) {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})");

    /** What {@link #toString} wrote; empty for any other text. */
    public static Optional<ImportedHistory> parse(String text) {
        Matcher parts = NAME.matcher(text);
        return parts.matches()
                ? Optional.of(new ImportedHistory(
                        Long.parseUnsignedLong(parts.group(1), 16), Long.parseUnsignedLong(parts.group(2), 16)))
                : Optional.empty();
    }

    /** The history that the ensemble with this id began with; empty where it began with none. */
    public static Optional<ImportedHistory> of(String ensembleId) {
        int dash = ensembleId.indexOf('-');
        return dash < 0 ? Optional.empty() : parse(ensembleId.substring(dash + 1));
    }

    /** The id of an ensemble that begins with this history. */
    public String ensembleId(String drawn) {
        return drawn + "-" + this;
    }

    /** Zxid and digest, each in sixteen hexadecimal digits, with a dash between them. */
    @Override
    public String toString() {
        return "%016x-%016x".formatted(zxid, digest);
    }
}
