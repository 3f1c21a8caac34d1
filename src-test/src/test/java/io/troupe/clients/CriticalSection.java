package io.troupe.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What only one process of this host may be in at a time, with a greater token than all before: the operating system sees to that. */
final class CriticalSection {
    private static final long STAY = Duration.ofMillis(2).toNanos();

    private final Path file;

    CriticalSection(Path file) {
        this.file = file;
    }

    /** Goes in, stays a moment and comes out. */
    void pass(long token) {
        pass(token, token - 1);
    }

    /** The same where the one who was in last may come again by the same token. */
    void passAgain(long token) {
        pass(token, token);
    }

    private void pass(long token, long greatestBefore) {
        try (var channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var alone = channel.tryLock()) {
            if (alone == null) {
                throw new IllegalStateException("somebody else is inside where token " + token + " comes in");
            }
            var last = ByteBuffer.allocate(Long.BYTES);
            if (channel.read(last, 0) == Long.BYTES && last.getLong(0) > greatestBefore) {
                throw new IllegalStateException("token " + token + " comes after token " + last.getLong(0));
            }
            channel.write(ByteBuffer.allocate(Long.BYTES).putLong(0, token), 0);
            LockSupport.parkNanos(STAY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
