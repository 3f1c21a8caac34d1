package io.troupe.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Apache ZooKeeper's server from this build's own class path: the reference that every test here must pass on. */
public record ZooKeeperProgram(Tuning tuning) implements ServerProgram {
    @Override
    public Launch prepare(List<ServerAddress> ensemble, ServerAddress self) throws IOException {
        Files.createDirectories(self.dataDirectory());
        Files.writeString(self.dataDirectory().resolve("myid"), Integer.toString(self.id()));
        var configuration = self.home().resolve("zoo.cfg");
        Files.writeString(configuration, configurationText(ensemble, self, tuning));
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(tuning.jvmOptions());
        command.addAll(List.of(
                "-Dznode.container.checkIntervalMs=1000",
                "-Dtroupe.test.log=INFO",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                configuration.toString()));
        return new Launch(command, Map.of(), self.home());
    }

    private static String configurationText(List<ServerAddress> ensemble, ServerAddress self, Tuning tuning) {
        var servers = ensemble.stream()
                .map(server -> "server.%d=%s:%d:%d;%s:%d"
                        .formatted(
                                server.id(),
                                server.host(),
                                server.peerPort(),
                                server.electionPort(),
                                server.host(),
                                server.clientPort()))
                .collect(Collectors.joining("\n"));
        return """
                tickTime=%d
                initLimit=10
                syncLimit=5
                dataDir=%s
                admin.enableServer=false
                maxClientCnxns=0
                snapCount=%d
                4lw.commands.whitelist=*
                %s
                """.formatted(tuning.tickMillis(), self.dataDirectory(), tuning.snapshotEvery(), servers);
    }

    @Override
    public boolean isTroupe() {
        return false;
    }
}
