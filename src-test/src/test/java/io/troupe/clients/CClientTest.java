package io.troupe.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** ZooKeeper's client for C, as Debian packages it, under a program of our own that is compiled here. */
@ExtendWith(EnsembleExtension.class)
class CClientTest {
    private static final Path SOURCE = Path.of("clients", "c", "session.c").toAbsolutePath();
    private static final Duration COMPILATION = Duration.ofSeconds(60);

    @Test
    void aSessionInCWorksAndSurvivesTheDeathOfTheLeader(EnsembleProcesses ensemble) throws Exception {
        assumeTrue(
                theClientIsInstalled(),
                "gcc or ZooKeeper's C client is not installed, so no client in C was tried; on Debian:"
                        + " apt-get install gcc libc6-dev libzookeeper-mt-dev");
        var program = ForeignProgram.HOME.resolve("session-in-c");
        var compiled = ForeignProgram.run("gcc", gcc(SOURCE, program), COMPILATION);
        if (compiled != 0) {
            throw new IllegalStateException(
                    SOURCE + " does not compile, see " + ForeignProgram.HOME.resolve("gcc.log"));
        }
        LeaderDies.during("session-in-c", List.of(program.toString()), ensemble);
    }

    private static boolean theClientIsInstalled() throws IOException {
        var source = Files.createDirectories(ForeignProgram.HOME).resolve("installed.c");
        Files.writeString(source, """
                #include <zookeeper/zookeeper.h>
                int main(void) { zoo_set_debug_level(ZOO_LOG_LEVEL_WARN); return 0; }
                """);
        return ForeignProgram.run("gcc-installed", gcc(source, ForeignProgram.HOME.resolve("installed")), COMPILATION)
                == 0;
    }

    private static List<String> gcc(Path source, Path program) {
        var command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-DTHREADED"));
        command.addAll(List.of("-o", program.toString(), source.toString(), "-lzookeeper_mt", "-lpthread"));
        return command;
    }
}
