package io.troupe.testkit;

import java.nio.file.Path;

/** Where one node of an ensemble is. */
record NodePlace(int id, int clientPort, int peerPort, Path data) {
    static final String HOST = "127.0.0.1";

    String clientAddress() {
        return HOST + ":" + clientPort;
    }

    String peerAddress() {
        return HOST + ":" + peerPort;
    }
}
