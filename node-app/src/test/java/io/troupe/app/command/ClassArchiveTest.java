package io.troupe.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ClassArchiveTest {
    @TempDir
    Path directory;

    private Path archive;
    private Path loaded;

    @BeforeEach
    void listClasses() throws IOException {
        archive = directory.resolve("classes.jsa");
        loaded = Files.write(directory.resolve("classes.jsa.77.list"), List.of("java/lang/Object", "java/lang/String"));
    }

    private ClassArchive wanted() {
        return ClassArchive.wanted(Map.of(
                        ClassArchive.ARCHIVE, archive.toString(),
                        ClassArchive.LOADED, loaded.toString(),
                        ClassArchive.OPTIONS, " -XX:+UseSerialGC "))
                .orElseThrow();
    }

    private static String classPath() throws Exception {
        return Path.of(CommandLine.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
    }

    @Test
    void makesAnArchiveThatAJvmRunsOn() throws Exception {
        assertThat(wanted().make(classPath())).isTrue();

        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xshare:on",
                        "-XX:SharedArchiveFile=" + archive,
                        "-cp",
                        classPath(),
                        "-version")
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).as(said).isZero();
    }

    @Test
    void makesItOnce() throws Exception {
        Files.writeString(archive, "made");
        assertThat(wanted().make(classPath())).isFalse();
        assertThat(archive).hasContent("made");
    }

    @Test
    void leavesNothingBehindWhenTheJvmFails() throws Exception {
        Files.delete(loaded);
        assertThatThrownBy(() -> wanted().make(classPath()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("status");
        assertThat(directory).isDirectoryNotContaining(file -> !file.toString().endsWith(".lock"));
    }

    @Test
    void deletesItsListAndWhatIsOld() throws IOException {
        Path old = Files.writeString(directory.resolve("classes.jsa.5.unfinished"), "");
        Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
        Path current = Files.writeString(directory.resolve("classes.jsa.6.list"), "");
        Files.writeString(archive, "made");
        Files.setLastModifiedTime(archive, FileTime.from(Instant.EPOCH));

        wanted().cleanUp();

        assertThat(directory).isDirectoryContaining(current::equals);
        assertThat(archive).exists();
        assertThat(old).doesNotExist();
        assertThat(loaded).doesNotExist();
    }

    @Test
    void nothingIsWantedWithoutALauncher() {
        assertThat(ClassArchive.wanted(Map.of())).isEmpty();
    }
}
