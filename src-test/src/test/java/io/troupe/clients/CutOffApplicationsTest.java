package io.troupe.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.troupe.nemesis.NetworkLab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two applications in processes of their own, none of them of the ensemble, that take a mutex, lead and follow a znode's changes, while
 * servers are killed and cut off from each other, and applications from servers: neither is ever where the other is, tokens grow, and no
 * change is lost to either. Needs a network of its own.
 */
class CutOffApplicationsTest {
    private static NetworkLab network() {
        try {
            NetworkLab.removeLeftovers();
            return NetworkLab.create(CutOffApplicationsMain.PLACES);
        } catch (RuntimeException notHere) {
            return abort("needs network namespaces, that is Linux, iproute2 and the rights of root: "
                    + notHere.getMessage());
        }
    }

    @Test
    void neitherIsEverWhereTheOtherIsAndNoChangeIsLost() throws IOException, InterruptedException {
        try (var lab = network()) {
            var lastResort = new Thread(lab::close, "remove-network");
            Runtime.getRuntime().addShutdownHook(lastResort);
            try {
                runInside(lab);
            } finally {
                Runtime.getRuntime().removeShutdownHook(lastResort);
            }
        }
    }

    private static void runInside(NetworkLab lab) throws IOException, InterruptedException {
        var command = new ArrayList<>(NetworkLab.inside(lab.clients()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CutOffApplicationsMain.class.getName(),
                lab.name()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
