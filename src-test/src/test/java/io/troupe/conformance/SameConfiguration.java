package io.troupe.conformance;

import io.troupe.process.ServerAddress;
import io.troupe.process.ServerProgram;
import io.troupe.process.TroupeProgram;
import io.troupe.process.ZooKeeperProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Either server, started from the same {@code zoo.cfg} with all that a client can notice switched on.
 *
 * @param isTroupe the packaged distribution; otherwise Apache ZooKeeper from this build's class path
 */
record SameConfiguration(boolean isTroupe) implements ServerProgram {
    /** Of the super user with the password {@code admin}. */
    private static final String SUPER_DIGEST = "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=";

    /** Nothing is reaped while a test runs: when it happens is a matter of time. */
    private static final List<String> JVM = List.of(
            "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dznode.container.checkIntervalMs=86400000");

    @Override
    public Launch prepare(List<ServerAddress> ensemble, ServerAddress self) throws IOException {
        Files.createDirectories(self.dataDirectory());
        Files.writeString(self.dataDirectory().resolve("myid"), Integer.toString(self.id()));
        Path configuration = self.home().resolve("zoo.cfg");
        Files.writeString(configuration, text(ensemble, self));
        if (isTroupe) {
            return TroupeProgram.launch(TroupeProgram.packagedDistribution(), JVM, configuration, self);
        }
        List<String> options = new ArrayList<>(JVM);
        options.add("-Dtroupe.test.log=WARN");
        return ZooKeeperProgram.launch(options, configuration, self);
    }

    private static String text(List<ServerAddress> ensemble, ServerAddress self) {
        String members = ensemble.size() == 1
                ? "clientPort=" + self.clientPort() + "\nclientPortAddress=" + ServerAddress.HOST
                : ensemble.stream().map(ServerAddress::zooCfgLine).collect(Collectors.joining("\n"));
        return """
                tickTime=2000
                initLimit=10
                syncLimit=5
                dataDir=%s
                admin.enableServer=false
                maxClientCnxns=0
                extendedTypesEnabled=true
                enforceQuota=true
                reconfigEnabled=true
                DigestAuthenticationProvider.superDigest=%s
                4lw.commands.whitelist=*
                %s
                """.formatted(self.dataDirectory(), SUPER_DIGEST, members);
    }
}
