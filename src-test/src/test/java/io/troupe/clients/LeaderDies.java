package io.troupe.clients;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The story that small programs in several languages have in common. */
final class LeaderDies {
    private LeaderDies() {}

    /**
     * Runs a program with one more argument, the addresses of all servers, the leader's first: it connects to that one. When
     * it asks for it, the leader is killed; it must end well after that.
     */
    static void during(String name, List<String> command, EnsembleProcesses ensemble) {
        var leader = ensemble.awaitLeader();
        var whole = new ArrayList<>(command);
        whole.add(Stream.concat(
                        Stream.of(leader), ensemble.servers().stream().filter(server -> server.id() != leader.id()))
                .map(ServerProcess::address)
                .map(address -> address.clientAddress())
                .collect(Collectors.joining(",")));
        try (var program = ForeignProgram.start(name, whole)) {
            program.awaitLine("kill the leader");
            leader.kill();
            program.tell("killed");
            program.awaitSuccess("all checks passed");
        }
    }
}
