package io.troupe.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The packaged distribution of this build.
 *
 * @param distribution directory that holds {@code bin/troupe}
 */
public record TroupeProgram(Path distribution) implements ServerProgram {
    /** Small enough for several servers and their clients on a two-core host. */
    static final String JVM_OPTIONS = "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    /** The distribution that {@code mvn package} leaves behind, or a failure that says how to make it. */
    public static Path packagedDistribution() {
        var distribution =
                Path.of("..", "node-app", "target", "troupe").toAbsolutePath().normalize();
        if (!Files.isExecutable(distribution.resolve("bin").resolve("troupe"))) {
            throw new IllegalStateException("no distribution in " + distribution
                    + ": build it first with 'mvn -DskipTests package', or run 'mvn verify' from the top directory");
        }
        return distribution;
    }

    @Override
    public Launch prepare(List<ServerAddress> ensemble, ServerAddress self) throws IOException {
        var configuration = self.home().resolve("application.conf");
        Files.writeString(configuration, configurationText(ensemble, self));
        return new Launch(
                List.of(distribution.resolve("bin").resolve("troupe").toString(), "server", configuration.toString()),
                Map.of("TROUPE_JVM_OPTS", JVM_OPTIONS, "JAVA_HOME", System.getProperty("java.home")),
                self.home());
    }

    /** The text of one server's configuration file. */
    static String configurationText(List<ServerAddress> ensemble, ServerAddress self) {
        var seeds = ensemble.stream()
                .map(server -> "\"akka://troupe@%s:%d\"".formatted(ServerAddress.HOST, server.peerPort()))
                .collect(Collectors.joining(", "));
        return """
                akka.cluster.seed-nodes = [%s]
                troupe {
                  host = "%s"
                  client-port = %d
                  peer-port = %d
                  data-dir = "%s"
                  tick = 1s
                  snapshot-every = 2000
                  four-letter-words = "ruok,srvr,isro,stat,mntr"
                }
                """.formatted(seeds, ServerAddress.HOST, self.clientPort(), self.peerPort(), self.dataDirectory());
    }

    @Override
    public boolean isTroupe() {
        return true;
    }
}
