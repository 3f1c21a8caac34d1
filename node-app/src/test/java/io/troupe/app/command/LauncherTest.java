package io.troupe.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/troupe}, with a Java that only prints what it is given. */
class LauncherTest {
    @TempDir
    Path directory;

    private Path launcher;

    @BeforeEach
    void copyLauncher() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("with space").resolve("bin"));
        launcher = Files.copy(Path.of("src", "main", "dist", "bin", "troupe"), bin.resolve("troupe"));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void givesTheUsersOptionsAfterItsOwn() throws Exception {
        List<String> words = run("17.0.15", "-Xmx2g -Dtroupe.id=1", launcher);

        assertThat(words)
                .containsSubsequence("-Xmx1g", "-Xmx2g", "-Dtroupe.id=1", "io.troupe.app.Main", "server", "a b");
    }

    @Test
    void leavesTheCollectorToTheUser() throws Exception {
        assertThat(run("17.0.15", "", launcher)).contains("-XX:+UseSerialGC");
        assertThat(run("17.0.15", "-XX:+UseG1GC -Xmx4g", launcher))
                .contains("-XX:+UseG1GC")
                .doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void allowsUnsafeAndNativeLibrariesWhereJavaAsksForIt() throws Exception {
        assertThat(run("25.0.3", "", launcher))
                .contains("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
        assertThat(run("17.0.15", "", launcher))
                .doesNotContain("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void refusesAnOldJavaInOneLine() throws Exception {
        assertThat(String.join(" ", run("1.8.0_402", "", launcher))).contains("Java 8", "needs 17 or later");
    }

    @Test
    void findsItsLibrariesThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), launcher);

        assertThat(run("17.0.15", "", link))
                .contains(directory.resolve("with space").toRealPath().resolve("lib") + "/*");
    }

    @Test
    void hasClassesListedWhereThereIsNoArchiveOfThem() throws Exception {
        Path cache = directory.toRealPath().resolve("with space").resolve("cache");

        assertThat(run("17.0.15", "", launcher))
                .anyMatch(word -> word.matches(
                        "-XX:DumpLoadedClassList=\\Q" + cache + "/classes-17.0.15.jsa\\E\\.[0-9]+\\.list"));
        assertThat(cache).isDirectory();
    }

    @Test
    void usesAnArchiveThatIsYoungerThanTheLibraries() throws Exception {
        Path lib = Files.createDirectories(directory.resolve("with space").resolve("lib"));
        Path cache = Files.createDirectories(directory.resolve("with space").resolve("cache"));
        Path archive = Files.writeString(cache.resolve("classes-17.0.15.jsa"), "");
        FileTime built = Files.getLastModifiedTime(lib);

        Files.setLastModifiedTime(archive, FileTime.from(built.toInstant().plusSeconds(1)));
        assertThat(run("17.0.15", "", launcher)).contains("-XX:SharedArchiveFile=" + archive.toRealPath());
        assertThat(run("17.0.16", "", launcher)).noneMatch(word -> word.startsWith("-XX:SharedArchiveFile"));

        Files.setLastModifiedTime(archive, FileTime.from(built.toInstant().minusSeconds(1)));
        assertThat(run("17.0.15", "", launcher)).noneMatch(word -> word.startsWith("-XX:SharedArchiveFile"));
        assertThat(archive).doesNotExist();
    }

    @Test
    void givesTheShellsLibrariesToTheShellAlone() throws Exception {
        String libraries = directory.toRealPath().resolve("with space").resolve("lib") + "/*";

        assertThat(run("17.0.15", "", launcher)).contains(libraries);
        assertThat(run("17.0.15", "", launcher, "shell", "ls", "/"))
                .contains(libraries + ":" + libraries.replace("lib/*", "lib/shell/*"))
                .noneMatch(word -> word.startsWith("-XX:DumpLoadedClassList"))
                .endsWith("io.troupe.app.Main", "shell", "ls", "/");
    }

    private List<String> run(String version, String options, Path script) throws Exception {
        return run(version, options, script, "server", "a b");
    }

    private List<String> run(String version, String options, Path script, String... arguments) throws Exception {
        Path home = directory.resolve("java-" + version);
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", home.toString());
        builder.environment().put("TROUPE_JVM_OPTS", options);
        Process process = builder.start();
        try (var lines = process.inputReader()) {
            return lines.lines().toList();
        }
    }
}
