package io.troupe.env;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A small text file on a {@link Disk}, replaced atomically: after a crash it is there as it was before or after, never in part. */
public final class TextFile {
    private final Disk disk;
    private final String name;

    public TextFile(Disk disk, String name) {
        this.disk = disk;
        this.name = name;
    }

    /** Its text, empty where there is no such file. */
    public Optional<String> read() throws IOException {
        if (!disk.exists(name)) {
            return Optional.empty();
        }
        return Optional.of(new String(bytes(disk, name), StandardCharsets.UTF_8));
    }

    /** All of a small file. */
    static byte[] bytes(Disk disk, String name) throws IOException {
        try (DiskFile file = disk.openForReading(name)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }

    /** Replaces the text; durable on return. */
    public void write(String text) throws IOException {
        String temporary = name + ".tmp";
        disk.delete(temporary);
        try (DiskFile file = disk.open(temporary)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            file.sync();
        }
        disk.rename(temporary, name);
        disk.syncDirectory();
    }

    /** Removes the file, durably. */
    public void delete() throws IOException {
        disk.delete(name);
        disk.syncDirectory();
    }
}
