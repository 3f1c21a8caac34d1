package io.troupe.testkit;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;

/**
 * One server that ZooKeeper clients connect to, in place of Curator's class of this name: change the import. What it does not have
 * are ZooKeeper's own configuration objects. What declares an {@link
 * IOException} does so because Curator's does. Methods throw {@link IllegalStateException} when the server does not serve within a minute.
 */
public class TestingServer implements Closeable {
    private final InstanceSpec spec;
    private final TroupeEnsemble ensemble;
    private boolean closed;

    /** Starts at a free port. */
    public TestingServer() {
        this(true);
    }

    /** At a free port. */
    public TestingServer(boolean start) {
        this(InstanceSpec.newInstanceSpec(), start);
    }

    /** Starts at a chosen port; -1 for a free one. */
    public TestingServer(int port) {
        this(port, true);
    }

    /** At a chosen port; -1 for a free one. */
    public TestingServer(int port, boolean start) {
        this(new InstanceSpec(null, port, -1, -1, true, -1), start);
    }

    /** Starts with its data in a directory that is removed when it is closed. */
    public TestingServer(int port, File tempDirectory) {
        this(port, tempDirectory, true);
    }

    /** With its data in a directory that is removed when it is closed. */
    public TestingServer(int port, File tempDirectory, boolean start) {
        this(new InstanceSpec(tempDirectory, port, -1, -1, true, -1), start);
    }

    public TestingServer(InstanceSpec spec, boolean start) {
        this.spec = spec;
        this.ensemble = TroupeEnsemble.of(1)
                .clientPort(1, spec.getPort())
                .directory(1, spec.getDataDirectory().toPath())
                .prepare();
        if (start) {
            start();
        }
    }

    public int getPort() {
        return spec.getPort();
    }

    public File getTempDirectory() {
        return spec.getDataDirectory();
    }

    public String getConnectString() {
        return spec.getConnectString();
    }

    /** Does nothing where it runs. */
    public final void start() {
        if (closed) {
            throw new IllegalStateException("this server was closed and its data removed: make another");
        }
        ensemble.startAll();
    }

    /** Ends it; sessions and data are there again when it is started once more. */
    public void stop() throws IOException {
        ensemble.kill(1);
    }

    /** Ends it if it runs, and starts it on its data. */
    public void restart() throws IOException {
        stop();
        start();
    }

    /** Ends it and removes its data, unless its spec keeps them. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            ensemble.close();
            spec.release();
        }
    }
}
