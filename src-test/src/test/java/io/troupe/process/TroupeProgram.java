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
 * @param tuning how it is started
 */
public record TroupeProgram(Path distribution, Tuning tuning) implements ServerProgram {
    /** Of the super user with the password {@code admin}. */
    private static final String SUPER_DIGEST = "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=";

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
        Files.writeString(configuration, configurationText(ensemble, self, tuning));
        return launch(distribution, tuning.jvmOptions(), configuration, self);
    }

    /** Runs a distribution on a configuration file of either format. */
    public static Launch launch(Path distribution, List<String> jvmOptions, Path configuration, ServerAddress self) {
        return new Launch(
                List.of(distribution.resolve("bin").resolve("troupe").toString(), "server", configuration.toString()),
                Map.of("TROUPE_JVM_OPTS", String.join(" ", jvmOptions), "JAVA_HOME", System.getProperty("java.home")),
                self.home());
    }

    /** The text of one server's configuration file. */
    static String configurationText(List<ServerAddress> ensemble, ServerAddress self, Tuning tuning) {
        var seeds = ensemble.stream()
                .map(server -> "\"akka://troupe@%s:%d\"".formatted(server.host(), server.peerPort()))
                .collect(Collectors.joining(", "));
        return """
                akka.cluster.seed-nodes = [%s]
                troupe {
                  host = "%s"
                  client-port = %d
                  peer-port = %d
                  # Tests that cut networks have hosts of their own, which nobody else reaches.
                  peer-open = true
                  data-dir = "%s"
                  tick = %dms
                  snapshot-every = %d
                  id = "%s"
                  super-digest = "%s"
                  http.port = 0
                  four-letter-words = "*"
                }
                """.formatted(
                        seeds,
                        self.host(),
                        self.clientPort(),
                        self.peerPort(),
                        self.dataDirectory(),
                        tuning.tickMillis(),
                        tuning.snapshotEvery(),
                        ensemble.contains(self) || self.id() == ServerAddress.ASSIGNED ? "auto" : self.id(),
                        SUPER_DIGEST);
    }

    @Override
    public boolean isTroupe() {
        return true;
    }
}
