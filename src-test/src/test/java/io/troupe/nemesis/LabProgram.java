package io.troupe.nemesis;

import io.troupe.process.ServerAddress;
import io.troupe.process.ServerProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A server program that runs in the namespace of its server. */
public record LabProgram(ServerProgram program, NetworkLab lab) implements ServerProgram {
    private static final int CLIENT_PORT = 2181;
    public static final int PEER_PORT = 25520;

    /** Servers, numbered from 1, each with the usual ports, for it is alone in its namespace. */
    public static List<ServerAddress> addresses(int servers, IntFunction<Path> home) {
        return IntStream.rangeClosed(1, servers)
                .mapToObj(id -> new ServerAddress(
                        id, NetworkLab.address(id), CLIENT_PORT, PEER_PORT, PEER_PORT + 1, home.apply(id)))
                .toList();
    }

    @Override
    public Launch prepare(List<ServerAddress> ensemble, ServerAddress self) throws IOException {
        var launch = program.prepare(ensemble, self);
        var command = new ArrayList<>(NetworkLab.inside(lab.server(self.id())));
        command.addAll(launch.command());
        return new Launch(command, launch.environment(), launch.workingDirectory());
    }

    @Override
    public boolean isTroupe() {
        return program.isTroupe();
    }
}
