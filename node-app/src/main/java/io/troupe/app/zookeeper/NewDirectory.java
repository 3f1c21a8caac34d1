package io.troupe.app.zookeeper;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory that is filled as a whole or not at all: closed before it is to be kept, it is as it was before. */
public final class NewDirectory implements AutoCloseable {
    private final Path directory;
    private final boolean made;
    private boolean kept;

    private NewDirectory(Path directory, boolean made) {
        this.directory = directory;
        this.made = made;
    }

    /**
     * Makes one, or takes one that is empty.
     *
     * @throws MoveException when something stands there
     * @throws IOException when it cannot be made
     */
    public static NewDirectory of(Path directory) throws IOException, MoveException {
        requireFree(directory);
        boolean made = Files.notExists(directory);
        Files.createDirectories(directory);
        return new NewDirectory(directory, made);
    }

    /**
     * Sees whether one can be made here, before there is anything to put into it.
     *
     * @throws MoveException when something stands there
     * @throws IOException when it cannot be looked at
     */
    public static void requireFree(Path directory) throws IOException, MoveException {
        if (Files.exists(directory)) {
            if (!Files.isDirectory(directory)) {
                throw new MoveException(directory + " is a file; name a directory that does not exist yet");
            }
            List<String> found = names(directory);
            if (!found.isEmpty()) {
                throw new MoveException(directory + " is not empty, it holds " + found.get(0)
                        + (found.size() > 1 ? " and more" : "")
                        + "; name a directory that does not exist yet, or move away what is there");
            }
        }
    }

    /** A file system of its own has this one from the beginning. */
    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(p -> p.getFileName().toString())
                    .filter(name -> !name.equals("lost+found"))
                    .sorted()
                    .toList();
        }
    }

    /** A directory in it. */
    Path create(String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }

    /** What is in it stays, durably. */
    public void keep() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
                sync(path);
            }
        }
        sync(directory.toAbsolutePath().getParent());
        kept = true;
    }

    private static void sync(@Nullable Path path) throws IOException {
        if (path != null) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (kept) {
            return;
        }
        for (String name : names(directory)) {
            delete(directory.resolve(name));
        }
        if (made) {
            Files.delete(directory);
        }
    }

    private static void delete(Path top) throws IOException {
        List<Path> all;
        try (Stream<Path> below = Files.walk(top)) {
            all = below.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
