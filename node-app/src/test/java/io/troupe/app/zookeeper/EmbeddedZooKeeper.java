package io.troupe.app.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FilePadding;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/** Apache ZooKeeper's own server, alone, within this process. */
final class EmbeddedZooKeeper implements AutoCloseable {
    private static final int TICK_MILLIS = 200;
    private static final long PADDING = 1024 * 1024;
    private static final int MOST_SESSION_MILLIS = 60_000;

    private final ZooKeeperServer server;
    private final NIOServerCnxnFactory connections;

    private EmbeddedZooKeeper(ZooKeeperServer server, NIOServerCnxnFactory connections) {
        this.server = server;
        this.connections = connections;
    }

    static EmbeddedZooKeeper start(Path dataDir, Path logDir) throws IOException, InterruptedException {
        return start(dataDir, logDir, 0);
    }

    static EmbeddedZooKeeper start(Path dataDir, Path logDir, int port) throws IOException, InterruptedException {
        // The log is filled with zeros this far ahead; 64 MiB take their time.
        FilePadding.setPreallocSize(PADDING);
        ZooKeeperServer server =
                new ZooKeeperServer(new FileTxnSnapLog(logDir.toFile(), dataDir.toFile()), TICK_MILLIS, "");
        server.setMaxSessionTimeout(MOST_SESSION_MILLIS);
        NIOServerCnxnFactory connections = new NIOServerCnxnFactory();
        connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        connections.startup(server);
        return new EmbeddedZooKeeper(server, connections);
    }

    String address() {
        return "127.0.0.1:" + connections.getLocalPort();
    }

    ZooKeeperServer server() {
        return server;
    }

    /** As an operator would by the AdminServer: a snapshot, and a new log behind it. */
    void takeSnapshot() throws IOException {
        server.takeSnapshot(true);
        server.getZKDatabase().rollLog();
    }

    /** Sessions live on in its files. */
    void stop() {
        connections.shutdown();
    }

    @Override
    public void close() {
        stop();
    }
}
