package io.troupe.app.command;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** Looks whether a port can be listened on, before anything is started that would have to be undone. */
final class PortCheck {
    private PortCheck() {}

    /**
     * Why a port cannot be listened on, empty when it can, or is 0: none.
     *
     * @param what the port's purpose and key, for the message
     */
    static Optional<String> problem(String what, String host, int port) {
        if (port == 0) {
            return Optional.empty();
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getAllByName(host)[0], port), 1);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("cannot listen on " + host + ":" + port + " (" + what + "): " + e.getMessage()
                    + "; stop the process that uses the port, or choose another");
        }
    }
}
