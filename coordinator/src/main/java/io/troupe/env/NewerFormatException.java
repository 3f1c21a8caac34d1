package io.troupe.env;

import java.io.IOException;

/** A file was written by a later release, whose format this one does not know. */
public final class NewerFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public NewerFormatException(String file, int version, int known) {
        super("%s has format %d, this release knows formats up to %d; start the release that wrote it, or a later one"
                .formatted(file, version, known));
    }
}
