package io.troupe.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Apache ZooKeeper's server from this build's own class path: the reference that every test here must pass on. */
public record ZooKeeperProgram() implements ServerProgram {
    @Override
    public Launch prepare(List<ServerAddress> ensemble, ServerAddress self) throws IOException {
        Files.createDirectories(self.dataDirectory());
        Files.writeString(self.dataDirectory().resolve("myid"), Integer.toString(self.id()));
        var configuration = self.home().resolve("zoo.cfg");
        Files.writeString(configuration, configurationText(ensemble, self));
        return new Launch(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dznode.container.checkIntervalMs=1000",
                        "-Dtroupe.test.log=INFO",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                        configuration.toString()),
                Map.of(),
                self.home());
    }

    private static String configurationText(List<ServerAddress> ensemble, ServerAddress self) {
        var servers = ensemble.stream()
                .map(server -> "server.%d=%s:%d:%d;%s:%d"
                        .formatted(
                                server.id(),
                                ServerAddress.HOST,
                                server.peerPort(),
                                server.electionPort(),
                                ServerAddress.HOST,
                                server.clientPort()))
                .collect(Collectors.joining("\n"));
        return """
                tickTime=1000
                initLimit=10
                syncLimit=5
                dataDir=%s
                admin.enableServer=false
                maxClientCnxns=0
                snapCount=2000
                preAllocSize=1024
                4lw.commands.whitelist=*
                %s
                """.formatted(self.dataDirectory(), servers);
    }

    @Override
    public boolean isTroupe() {
        return false;
    }
}
