package io.troupe.env.system;

import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A data directory to look into, whether or not a node uses it: nothing is locked, and whatever would change something
 * throws.
 */
public final class ReadOnlyDirectory implements Disk {
    private final Path directory;
    private final Predicate<String> visible;

    private ReadOnlyDirectory(Path directory, Predicate<String> visible) {
        this.directory = directory;
        this.visible = visible;
    }

    /** One that exists. */
    public ReadOnlyDirectory(Path directory) {
        this(directory, name -> true);
    }

    /** The one of a file, with nothing but that in it. */
    public static ReadOnlyDirectory ofFile(Path file) {
        Path absolute = file.toAbsolutePath();
        String only = String.valueOf(absolute.getFileName());
        return new ReadOnlyDirectory(Objects.requireNonNull(absolute.getParent()), only::equals);
    }

    @Override
    public List<String> list() throws IOException {
        return SystemDisk.filesIn(directory, visible);
    }

    @Override
    public boolean exists(String name) {
        return visible.test(name) && Files.exists(directory.resolve(name));
    }

    /** For reading, whatever the caller hopes. */
    @Override
    public DiskFile open(String name) throws IOException {
        return openForReading(name);
    }

    @Override
    public DiskFile openForReading(String name) throws IOException {
        return new SystemDiskFile(FileChannel.open(directory.resolve(name), StandardOpenOption.READ), Runnable::run);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        throw refused();
    }

    @Override
    public void delete(String name) throws IOException {
        throw refused();
    }

    @Override
    public void syncDirectory() throws IOException {
        throw refused();
    }

    @Override
    public long usableBytes() {
        return 0;
    }

    private IOException refused() {
        return new IOException(directory + " is only read");
    }
}
