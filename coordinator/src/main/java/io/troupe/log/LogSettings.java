package io.troupe.log;

/**
 * Sizes of the transaction log.
 *
 * @param segmentBytes a new segment begins once the current one holds this much
 * @param preallocateBytes a segment's space is reserved in steps of this size
 */
public record LogSettings(int segmentBytes, int preallocateBytes) {
    public static final LogSettings DEFAULT = new LogSettings(64 * 1024 * 1024, 8 * 1024 * 1024);
}
