package io.troupe.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The packaged distribution, started from ZooKeeper's own configuration: numbers have gaps, peers have IPv6 addresses, and one
 * server's own line names no host.
 */
record ZooCfgProgram(Path distribution, Tuning tuning) implements ServerProgram {
    private static final int NAMELESS = 2;

    /** The number in {@code server.N} of the test ensemble's server {@code id}. */
    static int number(int id) {
        return 10 * id + 1;
    }

    @Override
    public Launch prepare(List<ServerAddress> ensemble, ServerAddress self) throws IOException {
        Files.createDirectories(self.dataDirectory());
        Files.writeString(self.dataDirectory().resolve("myid"), number(self.id()) + "\n");
        var configuration = self.home().resolve("zoo.cfg");
        Files.writeString(configuration, text(ensemble, self));
        return TroupeProgram.launch(distribution, tuning.jvmOptions(), configuration, self);
    }

    /** An IPv6 address where this host has any. */
    private static String peerHost() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getAllByName("::1")[0])) {
            return socket.isBound() ? "[::1]" : ServerAddress.HOST;
        } catch (IOException none) {
            return ServerAddress.HOST;
        }
    }

    private String text(List<ServerAddress> ensemble, ServerAddress self) {
        var servers = ensemble.stream()
                .map(server -> "server.%d: %s:%d:%d;%s:%d"
                        .formatted(
                                number(server.id()),
                                server.id() == NAMELESS && server.equals(self) ? "0.0.0.0" : peerHost(),
                                server.peerPort(),
                                server.electionPort(),
                                ServerAddress.HOST,
                                server.clientPort()))
                .collect(Collectors.joining("\n"));
        return """
                # as it may be found on a host of ZooKeeper's
                tickTime   %d
                initLimit=10
                syncLimit=5
                dataDir=%s
                4lw.commands.whitelist=srvr, \\
                    mntr
                %s
                """.formatted(tuning.tickMillis(), self.dataDirectory(), servers);
    }

    @Override
    public boolean isTroupe() {
        return true;
    }
}
