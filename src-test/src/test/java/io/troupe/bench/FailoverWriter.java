package io.troupe.bench;

import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A client that writes a little at a time and goes to another server when its own is gone. Ends when interrupted. */
final class FailoverWriter implements Runnable {
    private static final long PAUSE_NANOS = 10_000_000;
    private static final int PATIENCE_MILLIS = 2_000;

    private final List<ServerProcess> servers;
    private final String path;
    private final byte[] data;
    private final SuccessLog log;
    private int at;

    /**
     * @param first index of the server to begin with
     * @param log told of every answer
     */
    FailoverWriter(List<ServerProcess> servers, int first, String path, byte[] data, SuccessLog log) {
        this.servers = List.copyOf(servers);
        this.at = first;
        this.path = path;
        this.data = data.clone();
        this.log = log;
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            ServerProcess server = servers.get(at % servers.size());
            try (LoadConnection connection = LoadConnection.open(server.address(), PATIENCE_MILLIS)) {
                connection.call(Frames.create(path, data));
                writeUntilItFails(connection, server);
            } catch (IOException e) {
                // Not taken in there: on to the next server, as any client goes.
                at++;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void writeUntilItFails(LoadConnection connection, ServerProcess server) throws IOException {
        byte[] write = Frames.setData(path, data);
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (connection.call(write) == 0) {
                    log.succeeded(System.nanoTime());
                } else {
                    log.failed(server.id(), System.nanoTime());
                }
            } catch (IOException e) {
                log.failed(server.id(), System.nanoTime());
                throw e;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
