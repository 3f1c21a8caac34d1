package io.troupe.edge;

import io.troupe.env.DiskFile;
import java.io.IOException;

/**
 * A snapshot on disk that the node keeps until this is closed. For one thread at a time.
 *
 * @param zxid the position that it shows
 * @param bytes its length
 * @param file open for reading
 * @param giveBack tells the node that it may go
 */
public record LentSnapshot(long zxid, long bytes, DiskFile file, Runnable giveBack) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            giveBack.run();
        }
    }
}
