package io.troupe.app.command;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classes of this installation as the JVM wants them in memory (class data sharing): with it, a start spends half the
 * processor time on them. The launcher names the file and has the JVM list what it loads where there is no archive yet, or one
 * older than the libraries; from that list another JVM makes the archive once, while this server serves.
 *
 * <p>The JVM passes over an archive that does not fit it or its class path, but it trusts the content: so the file gets its
 * name when it is complete and durable.
 *
 * @param archive what to make
 * @param loaded lists the classes
 * @param options that the JVM must be given when the archive is made, as when it is used
 */
record ClassArchive(Path archive, Path loaded, List<String> options) {
    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

    /** Environment variables of the launcher. */
    static final String ARCHIVE = "TROUPE_CLASS_ARCHIVE";

    static final String LOADED = "TROUPE_CLASS_LIST";
    static final String OPTIONS = "TROUPE_CLASS_OPTIONS";

    private static final String LOCK = "lock";

    /** Files of this age belong to no process that is still at work. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    /** By then a server has joined its ensemble and served its first clients. */
    private static final Duration AFTER = Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Three times what it takes: where memory is short, nothing of it is spent on this. */
    private static final long NEEDED_BYTES = 1L << 30;

    /** What the launcher asks for; empty when there is nothing to be done. */
    static Optional<ClassArchive> wanted(Map<String, String> environment) {
        String archive = environment.get(ARCHIVE);
        String loaded = environment.get(LOADED);
        if (archive == null || loaded == null) {
            return Optional.empty();
        }
        List<String> options =
                List.of(environment.getOrDefault(OPTIONS, "").trim().split("\\s+", -1));
        return Optional.of(new ClassArchive(
                Path.of(archive),
                Path.of(loaded),
                options.stream().filter(option -> !option.isEmpty()).toList()));
    }

    /** Makes it after a while, in the background; failing to do so is of no consequence. */
    void makeLater() {
        CompletableFuture.delayedExecutor(AFTER.toSeconds(), TimeUnit.SECONDS).execute(() -> {
            try {
                if (freeBytes() < NEEDED_BYTES) {
                    LOG.info("less than {} MiB of memory are free: not archiving classes", NEEDED_BYTES >> 20);
                } else if (make(System.getProperty("java.class.path"))) {
                    LOG.info("later starts load their classes from {}", archive);
                }
                cleanUp();
            } catch (IOException | RuntimeException e) {
                LOG.info("classes cannot be archived: {}", e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static long freeBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getFreeMemorySize()
                : 0;
    }

    /**
     * Makes it now, unless another process does.
     *
     * @return whether this made it
     * @throws IOException when it cannot be made
     */
    boolean make(String classPath) throws IOException, InterruptedException {
        try (FileChannel lockFile =
                        FileChannel.open(sibling(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lockFile.tryLock()) {
            if (lock == null || Files.exists(archive)) {
                return false;
            }
            // Of this process alone: an orphan of an earlier one may still be writing.
            Path unfinished = sibling(ProcessHandle.current().pid() + ".unfinished");
            try {
                dump(classPath, unfinished);
                try (FileChannel written = FileChannel.open(unfinished)) {
                    written.force(true);
                }
                Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
            return true;
        }
    }

    private Path sibling(String suffix) {
        return archive.resolveSibling(archive.getFileName() + "." + suffix);
    }

    private void dump(String classPath, Path target) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(options);
        command.addAll(List.of(
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + loaded,
                "-XX:SharedArchiveFile=" + target,
                "-Xlog:disable",
                "-cp",
                classPath));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("it takes longer than " + PATIENCE.toMinutes() + " minutes");
        }
        if (process.exitValue() != 0) {
            throw new IOException("the JVM that should do it ended with status " + process.exitValue());
        }
    }

    /** Deletes the list, and what processes that were killed have left. */
    void cleanUp() throws IOException {
        // Classes were loaded a moment ago.
        Instant now = Files.getLastModifiedTime(loaded).toInstant();
        FileTime longAgo = FileTime.from(now.minus(ABANDONED));
        Files.delete(loaded);
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(archive.toAbsolutePath().getParent(), archive.getFileName() + ".*")) {
            for (Path file : all) {
                if (Files.getLastModifiedTime(file).compareTo(longAgo) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
