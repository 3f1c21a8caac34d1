package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is packaged is whole: unpacked, not installed, so that nothing of this host is changed. */
class PackagesTest {
    @TempDir
    private Path directory;

    private static Path built(String suffix) throws IOException {
        var target = TroupeProgram.packagedDistribution().getParent();
        try (var files = Files.newDirectoryStream(target, "troupe[-_]*" + suffix)) {
            return files.iterator().next();
        }
    }

    private String run(String... command) throws Exception {
        var output = Files.createTempFile(directory, "output", ".txt");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as("%s", String.join(" ", command)).isZero();
        return Files.readString(output);
    }

    private static boolean knows(String program) {
        return Files.isExecutable(Path.of("/usr/bin", program));
    }

    private static List<String> libraries(Path lib) throws IOException {
        try (var files = Files.list(lib)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theDebianPackageHoldsAServerThatRuns() throws Exception {
        assumeTrue(knows("dpkg-deb"), "no dpkg-deb on this host");
        var root = directory.resolve("root");
        run("dpkg-deb", "-x", built(".deb").toString(), root.toString());
        assertThat(new TreeSet<>(
                        List.of(run("dpkg-deb", "-f", built(".deb").toString()).split("\n"))))
                .contains("Package: troupe", "Architecture: all");
        var installed = root.resolve("usr/share/troupe");
        assertThat(libraries(installed.resolve("lib")))
                .isEqualTo(libraries(TroupeProgram.packagedDistribution().resolve("lib")));
        assertThat(libraries(installed.resolve("lib/shell")))
                .isEqualTo(libraries(TroupeProgram.packagedDistribution().resolve("lib/shell")));
        assertThat(root.resolve("etc/troupe/application.conf")).exists();
        if (knows("systemd-analyze")) {
            var unit = root.resolve("lib/systemd/system/troupe.service");
            // The program is where the package puts it, which is not where it was unpacked.
            var text = Files.readString(unit)
                    .replace("/usr/bin/troupe", installed.resolve("bin/troupe").toString());
            Files.writeString(unit, text);
            assertThat(run("systemd-analyze", "verify", "--man=no", unit.toString()))
                    .isEmpty();
        }
        try (var ensemble = EnsembleProcesses.prepare(new TroupeProgram(installed, Tuning.TEST), 1)) {
            ensemble.startAll();
            try (var client = OfficialClient.connect(ensemble.connectString())) {
                assertThat(client.createText("/packaged", "", CreateMode.PERSISTENT))
                        .isEqualTo("/packaged");
            }
        }
    }

    @Test
    void theArchiveHoldsTheDistribution() throws Exception {
        run("tar", "xzf", built(".tar.gz").toString(), "-C", directory.toString());
        try (var unpacked = Files.newDirectoryStream(directory, "troupe-*")) {
            var home = unpacked.iterator().next();
            assertThat(libraries(home.resolve("lib")))
                    .isEqualTo(libraries(TroupeProgram.packagedDistribution().resolve("lib")));
            assertThat(libraries(home.resolve("lib/shell")))
                    .isEqualTo(libraries(TroupeProgram.packagedDistribution().resolve("lib/shell")));
            assertThat(run(home.resolve("bin/troupe").toString(), "--version")).startsWith("troupe 0");
            assertThat(home.resolve("packaging/kubernetes/troupe.yaml")).exists();
        }
    }
}
