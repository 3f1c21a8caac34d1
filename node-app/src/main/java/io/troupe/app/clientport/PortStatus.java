package io.troupe.app.clientport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a client port can tell of itself and of the node behind it, under ZooKeeper's names. Thread-safe. */
public final class PortStatus {
    /** What this server says it is to tools that ask for ZooKeeper's version. */
    public static final String VERSION = StatusTexts.VERSION;

    private static final Pattern SNAPSHOT = Pattern.compile("snapshot-[0-9a-f]{16}");

    private final ClientPortSettings settings;
    private final StatusTexts texts;
    private final MonitorText monitor;
    private final FourLetterWords words;
    private final PortStatistics statistics;
    private final StatusTexts.Connections connections;

    PortStatus(
            ClientPortSettings settings,
            StatusTexts texts,
            MonitorText monitor,
            FourLetterWords words,
            PortStatistics statistics,
            StatusTexts.Connections connections) {
        this.settings = settings;
        this.texts = texts;
        this.monitor = monitor;
        this.words = words;
        this.statistics = statistics;
        this.connections = connections;
    }

    /** How the port is configured. */
    public ClientPortSettings settings() {
        return settings;
    }

    /** Counts of the whole port. */
    public PortStatistics statistics() {
        return statistics;
    }

    /** Everything that {@code mntr} shows, without the prefix of its keys; numbers are numbers. */
    public CompletionStage<Map<String, Object>> monitor() {
        return monitor.values();
    }

    /** Of the same, what is neither counter nor summary nor quota. */
    public Map<String, Object> gauges() {
        return monitor.gauges();
    }

    /** Of the same, what is used of the quotas of each namespace. */
    public CompletionStage<Map<String, Object>> quotas() {
        return monitor.quotas();
    }

    /** What is known of every connection at this moment. */
    public CompletableFuture<List<ConnectionReport>> connections() {
        return connections.reports();
    }

    /** Begins to count anew what each connection counts. */
    public CompletableFuture<Void> resetConnections() {
        return connections.resetStatistics();
    }

    /** Begins to count anew what port and node count. */
    public void resetServer() {
        texts.resetServer();
    }

    /** The environment of the process, by the names of {@code envi}. */
    public Map<String, String> environment() {
        return texts.environmentValues();
    }

    /** Selects trace messages, of which there are none. */
    public long traceMask() {
        return words.traceMask();
    }

    /** Keeps another trace mask, for tools that set it. */
    public void traceMask(long mask) {
        words.setTraceMask(mask);
    }

    /** Bytes of the snapshots and all else that is no log. Reads the data directory. */
    public long snapshotBytes() {
        return texts.snapshotBytes();
    }

    /** Bytes of the log. Reads the data directory. */
    public long logBytes() {
        return texts.logBytes();
    }

    /**
     * When a snapshot was written last.
     *
     * @param zxid of the tree that it shows
     * @param wallMillis since 1970
     */
    public record LastSnapshot(long zxid, long wallMillis) {}

    /** The newest snapshot; of zxid 0 and the time 0 where there is none. Reads the data directory. */
    public LastSnapshot lastSnapshot() {
        Path directory = Path.of(settings.dataDir());
        try (Stream<Path> files = Files.list(directory)) {
            Optional<Path> newest = files.filter(file ->
                            SNAPSHOT.matcher(file.getFileName().toString()).matches())
                    .max(Comparator.comparing(Path::getFileName));
            if (newest.isPresent()) {
                String zxid = newest.get().getFileName().toString().replace("snapshot-", "");
                return new LastSnapshot(
                        Long.parseUnsignedLong(zxid, 16),
                        Files.getLastModifiedTime(newest.get()).toMillis());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the data directory " + directory + " cannot be read", e);
        }
        return new LastSnapshot(0, 0);
    }
}
