package io.troupe.snapshot;

import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import io.troupe.snapshot.SnapshotProtocol.ChunkReply;
import io.troupe.snapshot.SnapshotProtocol.Description;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The receiving side of one transfer. Chunks are asked for by offset, a few ahead; they may come late, twice or out of order.
 * They are written in order under a name that carries the snapshot's checksum, so that a transfer that was cut off resumes
 * where it stood.
 */
final class SnapshotPull {
    private final Disk disk;
    private final Description description;
    private final SnapshotSettings settings;
    private final String part;
    private final DiskFile file;
    private final Map<Long, byte[]> early = new HashMap<>();
    private long received;
    private long asked;
    private boolean sealing;

    SnapshotPull(Disk disk, Description description, SnapshotSettings settings) throws IOException {
        this.disk = disk;
        this.description = description;
        this.settings = settings;
        this.part = "pull-%016x-%08x.part".formatted(description.zxid(), description.crc());
        for (String name : disk.list()) {
            if (name.startsWith("pull-") && !name.equals(part)) {
                disk.delete(name);
            }
        }
        this.file = disk.open(part);
        this.received = Math.min(file.size(), description.size());
        this.asked = received;
    }

    Description description() {
        return description;
    }

    boolean complete() {
        return received == description.size();
    }

    /** Offsets to ask for now. */
    List<Long> wanted() {
        List<Long> offsets = new ArrayList<>();
        long limit = received + (long) settings.chunksInFlight() * settings.chunkBytes();
        while (asked < description.size() && asked < limit) {
            offsets.add(asked);
            asked += settings.chunkBytes();
        }
        return offsets;
    }

    /** Nothing came for a while: ask again for what is missing. */
    void retry() {
        asked = received;
        early.clear();
    }

    /** Takes a chunk in; one that is damaged, late or not of this snapshot is forgotten. */
    void take(ChunkReply chunk) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(chunk.bytes());
        if (chunk.zxid() != description.zxid()
                || chunk.offset() < received
                || chunk.offset() >= asked
                || (int) crc.getValue() != chunk.crc()) {
            return;
        }
        early.put(chunk.offset(), chunk.bytes());
        byte[] next = early.remove(received);
        while (next != null) {
            file.write(ByteBuffer.wrap(next), received);
            received += next.length;
            next = early.remove(received);
        }
    }

    /** Whether {@link #seal} was called. */
    boolean sealing() {
        return sealing;
    }

    /** Syncs elsewhere; {@link #publish()} may follow, once the listener was told of success. Until it was told, nothing else may. */
    void seal(DiskFile.SyncListener listener) {
        sealing = true;
        file.sync(listener);
    }

    /**
     * Gives the file its name, verified and durable.
     *
     * @throws IOException when it is not whole after all; it is deleted then, and must be pulled anew
     */
    void publish() throws IOException {
        file.close();
        try {
            SnapshotFile whole = SnapshotFile.verify(disk, part, description.zxid());
            if (whole.crc() != description.crc()) {
                throw new IOException(part + ": it is not the snapshot that was described");
            }
        } catch (IOException e) {
            disk.delete(part);
            throw e;
        }
        disk.rename(part, SnapshotFile.nameFor(description.zxid()));
        disk.syncDirectory();
    }

    /** Forgets what was received. */
    void discard() throws IOException {
        file.close();
        disk.delete(part);
    }

    /** Stops; what was received stays for a resumption. */
    void suspend() throws IOException {
        file.close();
    }
}
