package io.troupe.env;

import java.io.IOException;

/**
 * What stands in a file is not what was written there: a checksum does not match. Unlike any other failure to read, trying
 * again does not help, and what the file held is lost to this node.
 */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** {@code what} is wrong at {@code offset} of the file. */
    public DamagedFileException(String name, long offset, String what) {
        super(name + ": offset " + offset + ": " + what);
    }
}
