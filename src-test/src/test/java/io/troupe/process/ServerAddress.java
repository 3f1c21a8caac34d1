package io.troupe.process;

import java.nio.file.Path;

/**
 * Where one server of a test ensemble lives.
 *
 * @param id position in the ensemble, from 1, or {@link #ASSIGNED}
 * @param host address of its ports
 * @param clientPort ZooKeeper's protocol
 * @param peerPort the other servers
 * @param electionPort used by Apache ZooKeeper only
 * @param home directory of the server's configuration, log and data
 */
public record ServerAddress(int id, String host, int clientPort, int peerPort, int electionPort, Path home) {
    /** Servers listen here that have no network of their own. */
    public static final String HOST = "127.0.0.1";

    /** The id of a server that is on no list and is assigned one when it joins. */
    public static final int ASSIGNED = 0;

    public String clientAddress() {
        return host + ":" + clientPort;
    }

    /** This server's line in ZooKeeper's own configuration. */
    public String zooCfgLine() {
        return "server.%d=%s:%d:%d;%s:%d".formatted(id, host, peerPort, electionPort, host, clientPort);
    }

    public Path dataDirectory() {
        return home.resolve("data");
    }

    public Path log() {
        return home.resolve("server.log");
    }
}
