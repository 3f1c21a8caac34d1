package io.troupe.snapshot;

import akka.actor.typed.ActorRef;
import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import io.troupe.snapshot.SnapshotProtocol.ChunkReply;
import io.troupe.snapshot.SnapshotProtocol.ChunkRequest;
import io.troupe.snapshot.SnapshotProtocol.Command;
import io.troupe.snapshot.SnapshotProtocol.DescribeRequest;
import io.troupe.snapshot.SnapshotProtocol.Description;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The snapshots on disk as others read them: peers, chunk by chunk, and who borrows one. */
final class ServedSnapshots {
    private final int nodeId;
    private final Disk disk;
    private final SnapshotCatalog catalog;
    private final int chunkBytes;
    private final Logger log;
    private @Nullable SnapshotFile served;
    /** Peers that have had the end of {@link #served}: one that asks again got something else than was described. */
    private final Set<Integer> fetched = new HashSet<>();

    /** Names of snapshots that somebody reads, as often as they are read. */
    private final List<String> lent = new ArrayList<>();

    ServedSnapshots(int nodeId, Disk disk, SnapshotCatalog catalog, int chunkBytes, Logger log) {
        this.nodeId = nodeId;
        this.disk = disk;
        this.catalog = catalog;
        this.chunkBytes = chunkBytes;
        this.log = log;
    }

    /** There are others now: what is described next is looked up anew. */
    void changed() {
        served = null;
    }

    /** Names of those that must not go yet. */
    List<String> lent() {
        return lent;
    }

    /** The newest; empty where none is as new as is asked for, and another must be made. */
    Optional<Description> describe(DescribeRequest request) throws IOException {
        if (fetched.remove(request.fromNode())) {
            served = null;
        }
        Optional<SnapshotFile> newest = served != null ? Optional.of(served) : catalog.newestFile();
        Optional<SnapshotFile> found = newest.filter(file -> file.zxid() >= request.minZxid());
        if (found.isPresent()) {
            served = found.get();
        }
        return found.map(file -> new Description(nodeId, file.zxid(), file.size(), file.crc()));
    }

    /** A piece of one; empty where it is gone, or cannot be read. */
    ChunkReply chunk(ChunkRequest request) {
        byte[] bytes = new byte[0];
        String name = SnapshotFile.nameFor(request.zxid());
        try {
            if (disk.exists(name)) {
                bytes = bytes(name, request);
            }
        } catch (IOException e) {
            log.warn("Reading {} for node {} failed: {}", name, request.fromNode(), e.toString());
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return new ChunkReply(nodeId, request.zxid(), request.offset(), bytes, (int) crc.getValue());
    }

    private byte[] bytes(String name, ChunkRequest request) throws IOException {
        try (DiskFile file = disk.openForReading(name)) {
            int length = (int) Math.max(0, Math.min(chunkBytes, file.size() - request.offset()));
            byte[] bytes = new byte[length];
            file.read(ByteBuffer.wrap(bytes), request.offset());
            if (request.offset() + length == file.size()) {
                fetched.add(request.fromNode());
            }
            return bytes;
        }
    }

    /** Lends one, which stays until {@code owner} is told that it was given back. */
    void lend(SnapshotProtocol.Lend message, ActorRef<Command> owner) {
        String name = SnapshotFile.nameFor(message.zxid());
        try {
            DiskFile file = disk.openForReading(name);
            lent.add(name);
            SnapshotProtocol.Loan loan = new SnapshotProtocol.Loan(
                    message.zxid(), file.size(), file, () -> owner.tell(new SnapshotProtocol.GivenBack(name)));
            message.borrower().complete(loan);
        } catch (IOException e) {
            message.borrower().completeExceptionally(e);
        }
    }

    void givenBack(String name) {
        lent.remove(name);
    }
}
