package io.troupe.app.audit;

import io.troupe.env.Clock;
import io.troupe.node.AuditSettings;
import io.troupe.node.ProcessSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the audit log of a node is, and what stands in it. */
public final class AuditFiles {
    private static final Logger LOG = LoggerFactory.getLogger(AuditFiles.class);
    private static final String DIRECTORY = "audit";
    private static final String REMEDY = "name a data directory, or what troupe.audit-dir names";
    private static final String PREFIX = "audit-";
    private static final String ENDING = ".log";
    private static final String PACKED = ".log.gz";

    private AuditFiles() {}

    /**
     * The audit log of a node; {@link #prepare} comes before the first event.
     *
     * @return null where the settings want none
     */
    public static @Nullable AuditTrail trail(ProcessSettings process, Clock clock) {
        return process.audit().level() == AuditSettings.Level.OFF
                ? null
                : new AuditTrail(
                        directory(process)
                                .resolve(PREFIX + process.node().peerPort())
                                .toString(),
                        clock);
    }

    private static Path directory(ProcessSettings process) {
        String configured = process.audit().directory();
        return configured.isEmpty() ? Path.of(process.node().dataDir(), DIRECTORY) : Path.of(configured);
    }

    /** Makes the directory of the log, once the data directory is the node's. */
    public static void prepare(ProcessSettings process) {
        Path directory = directory(process);
        try {
            makePrivate(directory);
        } catch (IOException e) {
            LOG.error(
                    "there is no audit log: {} cannot be made ({}); name a directory where the node's user may write in"
                            + " troupe.audit-dir and start again",
                    directory.toAbsolutePath(),
                    e.toString());
        }
    }

    /** It names users and what they do: it is for the node's own user. */
    private static void makePrivate(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /**
     * Files of audit logs, the oldest first.
     *
     * @param place one such file, a directory of them, or a data directory
     * @throws IOException when there are none
     */
    public static List<Path> in(Path place) throws IOException {
        if (Files.isRegularFile(place)) {
            return List.of(place);
        }
        if (Files.notExists(place)) {
            throw new IOException(place + " does not exist; " + REMEDY);
        }
        Path below = place.resolve(DIRECTORY);
        Path directory = Files.isDirectory(below) ? below : place;
        List<Path> found;
        try (Stream<Path> files = Files.list(directory)) {
            found = new ArrayList<>(files.filter(AuditFiles::isOne).toList());
        }
        if (found.isEmpty()) {
            throw new IOException("there is no audit log in " + directory + "; " + REMEDY);
        }
        found.sort(Comparator.comparing(AuditFiles::lastWritten).thenComparing(Path::toString));
        return found;
    }

    private static boolean isOne(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(PREFIX) && (name.endsWith(ENDING) || name.endsWith(PACKED));
    }

    private static FileTime lastWritten(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a file.
     *
     * @param events given each event, in the order of the file
     */
    public static void read(Path file, Consumer<AuditEvent> events) throws IOException {
        boolean packed = file.toString().endsWith(PACKED);
        try (InputStream bytes = Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(packed ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                AuditEvent.parse(line).ifPresent(events);
            }
        }
    }
}
