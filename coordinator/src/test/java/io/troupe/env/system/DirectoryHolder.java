package io.troupe.env.system;

import java.io.IOException;
import java.nio.file.Path;

/** A process that holds a data directory until its standard input ends. */
final class DirectoryHolder {
    static final String HELD = "held";

    private DirectoryHolder() {}

    public static void main(String[] args) throws IOException {
        try (SystemDisk disk = SystemDisk.open(Path.of(args[0]))) {
            System.out.println(HELD + disk.list());
            while (System.in.read() >= 0) {
                // Nothing that is said matters, only the end.
            }
        }
    }
}
