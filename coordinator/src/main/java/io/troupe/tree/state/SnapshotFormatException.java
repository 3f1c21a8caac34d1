package io.troupe.tree.state;

import java.io.IOException;

/** A snapshot is damaged, or of a format this release does not read. */
public final class SnapshotFormatException extends IOException {
    public SnapshotFormatException(String message) {
        super(message);
    }
}
