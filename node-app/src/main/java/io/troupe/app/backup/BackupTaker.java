package io.troupe.app.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Brings a snapshot of a node into a file, which is there whole, checked and durable, or not at all. */
public final class BackupTaker {
    private static final int BUFFER = 1 << 20;
    private static final String PART = ".part";

    private final HttpNode node;
    private final Progress progress;

    /** Of this node. */
    public BackupTaker(HttpNode node, Progress progress) {
        this.node = node;
        this.progress = progress;
    }

    /**
     * Takes one.
     *
     * @param target replaced where it exists
     * @throws BackupException when the node refuses, or what came is not what it should be
     * @throws IOException when the connection or the file fails
     */
    public Backup take(Path target) throws IOException, BackupException {
        Path absolute = target.toAbsolutePath();
        Path directory = Objects.requireNonNull(absolute.getParent());
        if (!Files.isDirectory(directory)) {
            throw new BackupException(directory + " is no directory; make it, or name a file in another");
        }
        Path part = directory.resolve(absolute.getFileName() + PART);
        Files.deleteIfExists(part);
        try {
            receive(part);
            Backup backup = Backup.read(part);
            Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
            return new Backup(target, backup.bytes(), backup.tree());
        } finally {
            progress.end();
            Files.deleteIfExists(part);
        }
    }

    /** What the live tree holds now. */
    Backup takeInto(Path temporary) throws IOException, BackupException {
        try {
            return take(temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void receive(Path part) throws IOException, BackupException {
        // Only for its owner: hashes of passwords stand in access control lists.
        FileAttribute<?> ownersAlone =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        progress.show("Waiting for the node to write its snapshot", 0, 1);
        try (HttpNode.Snapshot snapshot = node.snapshot();
                FileChannel file = FileChannel.open(
                        part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownersAlone)) {
            long received = copy(snapshot, file);
            if (snapshot.bytes() >= 0 && received != snapshot.bytes()) {
                throw new BackupException(
                        "only " + received + " of " + snapshot.bytes() + " bytes came from " + node + "; try again");
            }
            file.force(true);
        }
        progress.show("Checking", 1, 1);
    }

    private long copy(HttpNode.Snapshot snapshot, FileChannel file) throws IOException {
        InputStream content = snapshot.content();
        byte[] buffer = new byte[BUFFER];
        long received = 0;
        for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
            ByteBuffer piece = ByteBuffer.wrap(buffer, 0, n);
            while (piece.hasRemaining()) {
                file.write(piece);
            }
            received += n;
            progress.show("Receiving", received, snapshot.bytes());
        }
        return received;
    }
}
