package io.troupe.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Which server program the tests run, and how one of its processes is configured and started. */
public interface ServerProgram {
    /** Writes the configuration of one server of an ensemble and answers the command that runs it. */
    Launch prepare(List<ServerAddress> ensemble, ServerAddress self) throws IOException;

    /** Whether this is Troupe, whose {@code mntr} reports the tree's zxid and digest. */
    boolean isTroupe();

    /** The program chosen by the system property {@code troupe.test.server}: {@code troupe} (default) or {@code zookeeper}. */
    static ServerProgram selected() {
        return selected(Tuning.TEST);
    }

    /** The same, started otherwise. */
    static ServerProgram selected(Tuning tuning) {
        var name = System.getProperty("troupe.test.server", "troupe");
        return switch (name) {
            case "troupe" -> new TroupeProgram(TroupeProgram.packagedDistribution(), tuning);
            case "zookeeper" -> new ZooKeeperProgram(tuning);
            default -> throw new IllegalArgumentException("troupe.test.server is troupe or zookeeper, not " + name);
        };
    }

    /**
     * @param command program and arguments
     * @param environment variables added to this JVM's own
     * @param workingDirectory of the process
     */
    record Launch(List<String> command, Map<String, String> environment, Path workingDirectory) {
        /** Starts the process; both its outputs go to one place. */
        Process start(Redirect output) throws IOException {
            var builder = new ProcessBuilder(command)
                    .directory(workingDirectory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output);
            builder.environment().putAll(environment);
            return builder.start();
        }
    }
}
