package io.troupe.testkit;

import java.io.File;
import org.jspecify.annotations.Nullable;

/** Where one server of a {@link TestingCluster} or {@link TestingServer} is; in place of Curator's class of this name. */
public final class InstanceSpec {
    private static final TemporaryHome HOME = new TemporaryHome();

    private final File dataDirectory;
    private final int port;
    private final boolean deleteDataDirectoryOnClose;
    private final int serverId;

    /**
     * Of a server at a chosen place.
     *
     * @param dataDirectory null for a temporary one
     * @param port of clients; 0 or less for any free one, which is then this JVM's until it ends
     * @param electionPort not used: Troupe has one port for its other servers, a free one
     * @param quorumPort not used
     * @param deleteDataDirectoryOnClose whether the directory goes when the server is closed
     * @param serverId not used: servers are numbered in the order in which a cluster is given them
     */
    public InstanceSpec(
            @Nullable File dataDirectory,
            int port,
            int electionPort,
            int quorumPort,
            boolean deleteDataDirectoryOnClose,
            int serverId) {
        this.dataDirectory = dataDirectory == null ? HOME.directory().toFile() : dataDirectory;
        this.port = port > 0 ? port : HOME.freePort();
        this.deleteDataDirectoryOnClose = deleteDataDirectoryOnClose;
        this.serverId = serverId;
    }

    /** At a free port, with a temporary directory. */
    public static InstanceSpec newInstanceSpec() {
        return new InstanceSpec(null, -1, -1, -1, true, -1);
    }

    public File getDataDirectory() {
        return dataDirectory;
    }

    /** Where clients connect. */
    public int getPort() {
        return port;
    }

    public String getHostname() {
        return NodePlace.HOST;
    }

    public String getConnectString() {
        return getHostname() + ":" + port;
    }

    /** As given to the constructor. */
    public int getServerId() {
        return serverId;
    }

    public boolean deleteDataDirectoryOnClose() {
        return deleteDataDirectoryOnClose;
    }

    /** As the server is closed. */
    void release() {
        if (deleteDataDirectoryOnClose) {
            TemporaryHome.remove(dataDirectory.toPath());
        }
    }

    @Override
    public String toString() {
        return "InstanceSpec{" + getConnectString() + ", " + dataDirectory + "}";
    }
}
