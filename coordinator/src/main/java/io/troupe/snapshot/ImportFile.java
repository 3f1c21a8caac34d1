package io.troupe.snapshot;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A tree that came from elsewhere, in a data directory that no node has used yet: a snapshot under another name, which says what
 * is in it. It names no node and no ensemble, so that it can be copied from one node to the next; what it lacks, the founding of the
 * ensemble adds (decision 039).
 */
public final class ImportFile {
    private static final String PREFIX = "import-";

    private ImportFile() {}

    /** Whether a file of this name is one. */
    public static boolean isOne(String name) {
        return name.startsWith(PREFIX)
                && ImportedHistory.parse(name.substring(PREFIX.length())).isPresent();
    }

    /** What the one in a data directory holds, by its name alone; empty where there is none. */
    public static Optional<ImportedHistory> find(Disk disk) throws IOException {
        List<String> names = disk.list().stream().filter(ImportFile::isOne).toList();
        if (names.size() > 1) {
            throw new IOException("the data directory holds several imports, " + String.join(" and ", names)
                    + "; keep the one to begin with");
        }
        return names.stream().findFirst().map(ImportFile::historyOf);
    }

    static ImportedHistory historyOf(String name) {
        return ImportedHistory.parse(name.substring(PREFIX.length())).orElseThrow();
    }

    private static String nameOf(ImportedHistory history) {
        return PREFIX + history;
    }

    /**
     * Reads it once as a whole.
     *
     * @throws io.troupe.env.DamagedFileException when it is not what was written
     */
    public static void verify(Disk disk, ImportedHistory history) throws IOException {
        SnapshotFile.verify(disk, nameOf(history), history.zxid());
    }

    /** What it holds, checked first; empty where it is not there. */
    static Optional<InputStream> content(Disk disk, ImportedHistory history) throws IOException {
        String name = nameOf(history);
        return disk.exists(name)
                ? Optional.of(SnapshotFile.verify(disk, name, history.zxid()).content(disk))
                : Optional.empty();
    }

    /** A snapshot's content, handed out in pieces. */
    @FunctionalInterface
    public interface Source {
        /** Hands all pieces to {@code chunks}, in their order. */
        void encode(Consumer<byte[]> chunks);
    }

    /** Writes one; durable on return. */
    public static void write(Disk disk, ImportedHistory history, Source source) throws IOException {
        try (DiskFile file = disk.open(nameOf(history))) {
            Sink sink = new Sink(file);
            source.encode(sink);
            if (sink.failure != null) {
                throw sink.failure;
            }
            file.write(SnapshotFile.trailer(sink.length, sink.crc), sink.length);
            file.sync();
        }
        disk.syncDirectory();
    }

    private static final class Sink implements Consumer<byte[]> {
        private final DiskFile file;
        private final CRC32C crc = new CRC32C();
        private long length;
        private @Nullable IOException failure;

        Sink(DiskFile file) {
            this.file = file;
        }

        @Override
        public void accept(byte[] bytes) {
            if (failure != null) {
                return;
            }
            try {
                file.write(ByteBuffer.wrap(bytes), length);
                crc.update(bytes);
                length += bytes.length;
            } catch (IOException e) {
                failure = e;
            }
        }
    }
}
