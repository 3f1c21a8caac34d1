package io.troupe.env.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.troupe.env.DiskFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SystemDiskTest {
    @TempDir
    private Path temporary;

    private SystemDisk disk;
    private Path directory;

    @BeforeEach
    void open() throws IOException {
        directory = temporary.resolve("a/b/data");
        disk = SystemDisk.open(directory);
    }

    @AfterEach
    void close() throws IOException {
        disk.close();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private void write(String name, String text) throws IOException {
        try (DiskFile file = disk.open(name)) {
            file.write(bytes(text), 0);
            file.sync();
        }
    }

    private String content(String name) throws IOException {
        return Files.readString(directory.resolve(name), US_ASCII);
    }

    // ---- the directory ----

    @Test
    void createsItsDirectoryAndThoseAboveIt() throws IOException {
        assertThat(directory).isDirectory();
        assertThat(disk.list()).isEmpty();
        assertThat(disk.usableBytes()).isPositive();
    }

    @Test
    void saysWhichDirectoryCannotBeUsed() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "in the way");

        assertThatThrownBy(() -> SystemDisk.open(file))
                .hasMessageContaining(file.toString())
                .hasMessageEndingWith("not a directory); let this process create it and write there, or choose another"
                        + " troupe.data-dir");
        assertThatThrownBy(() -> SystemDisk.open(file.resolve("below"))).hasMessageContaining("below");
    }

    /** Nobody, not even root, may create anything there. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void saysInWordsWhatIsMissing() {
        assertThatThrownBy(() -> SystemDisk.open(Path.of("/proc/nowhere/data")))
                .hasMessageContaining("/proc/nowhere: cannot be created")
                .hasMessageNotContaining("Exception");
    }

    @Test
    void isRefusedWhileItIsOpenInTheSameProcessAndMayBeOpenedAfterwards() throws IOException {
        assertThatThrownBy(() -> SystemDisk.open(directory))
                .isInstanceOf(SystemDisk.DiskInUseException.class)
                .hasMessageContaining(directory.toString());
        disk.close();

        disk = SystemDisk.open(directory);
    }

    @Test
    void isRefusedWhileAnotherProcessHoldsItHoweverThatOneEnds() throws Exception {
        Path held = temporary.resolve("held");
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DirectoryHolder.class.getName(),
                        held.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = holder.inputReader()) {
            assertThat(out.readLine()).startsWith(DirectoryHolder.HELD);

            assertThatThrownBy(() -> SystemDisk.open(held)).isInstanceOf(SystemDisk.DiskInUseException.class);
        } finally {
            holder.destroyForcibly();
            assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        SystemDisk.open(held).close();
    }

    @Test
    void listsItsFilesInOrderAndNothingElse() throws IOException {
        write("b", "1");
        write("a", "2");
        Files.createDirectory(directory.resolve("c"));

        assertThat(disk.list()).containsExactly("a", "b");
        assertThat(disk.exists("a")).isTrue();
        assertThat(disk.exists("z")).isFalse();
    }

    @Test
    void replacesAFileByRenamingAndMakesThatDurableOnRequest() throws IOException {
        write("meta", "old");
        write("meta.tmp", "new");

        disk.rename("meta.tmp", "meta");
        disk.syncDirectory();

        assertThat(disk.list()).containsExactly("meta");
        assertThat(content("meta")).isEqualTo("new");
        assertThatThrownBy(() -> disk.rename("absent", "meta")).isInstanceOf(IOException.class);
        assertThat(content("meta")).isEqualTo("new");
    }

    @Test
    void deletesAFileThatExistsOrDoesNot() throws IOException {
        write("a", "1");
        disk.delete("a");
        disk.delete("a");

        assertThat(disk.list()).isEmpty();
    }

    @Test
    void discardsAFileUnderItsNameAtOnceAndItsSpaceSoon() throws IOException {
        try (DiskFile large = disk.open("log.1")) {
            large.preallocate(5 << 20);
        }
        disk.discard("log.1");

        assertThat(disk.list()).isEmpty();
        assertThat(disk.exists("log.1")).isFalse();
        write("log.1", "another");
        disk.discard("log.1");
        write("log.1", "a third");
        await().untilAsserted(() -> assertThat(directory).isDirectoryNotContaining("glob:**.deleted*"));
        assertThat(content("log.1")).isEqualTo("a third");
    }

    @Test
    void discardsWhatWasLeftWhenItWasClosed() throws IOException {
        try (DiskFile large = disk.open("log.1")) {
            large.preallocate(64 << 20);
        }
        disk.discard("log.1");
        disk.close();
        assertThat(directory).isDirectoryContaining("glob:**.deleted");

        disk = SystemDisk.open(directory);

        assertThat(disk.list()).isEmpty();
        await().untilAsserted(() -> assertThat(directory).isDirectoryNotContaining("glob:**.deleted"));
    }

    @Test
    void usesARecycledFileAgainOnceItIsFullOfZeros() throws IOException {
        int size = (5 << 20) + 3;
        byte[] old = new byte[size];
        Arrays.fill(old, (byte) 7);
        try (DiskFile file = disk.open("log.1")) {
            file.write(ByteBuffer.wrap(old), 0);
        }
        disk.recycle("log.1");
        disk.syncDirectory();

        assertThat(disk.list()).isEmpty();
        await().untilAsserted(() -> assertThat(Files.readAllBytes(directory.resolve("log.1-1.spare")))
                .containsOnly(0));
        await().until(() -> {
            disk.allocate("log.2").close();
            return Files.size(directory.resolve("log.2")) == size;
        });
        assertThat(Files.readAllBytes(directory.resolve("log.2"))).containsOnly(0);
        assertThat(directory).isDirectoryNotContaining("glob:**.spare");
    }

    @Test
    void allocatesAnEmptyFileWhereNoneWasRecycled() throws IOException {
        write("log.1", "old");

        disk.allocate("log.1").close();

        assertThat(content("log.1")).isEmpty();
    }

    @Test
    void deletesSpareFilesWhenItIsOpened() throws IOException {
        write("log.1", "old");
        disk.recycle("log.1");
        disk.syncDirectory();
        disk.close();
        assertThat(directory).isDirectoryContaining("glob:**.spare");

        disk = SystemDisk.open(directory);

        assertThat(disk.list()).isEmpty();
        await().untilAsserted(() -> assertThat(directory).isDirectoryNotContaining("glob:**.spare"));
    }

    // ---- a file ----

    @Test
    void readsAndWritesAtAnyPosition() throws IOException {
        try (DiskFile file = disk.open("log")) {
            file.write(bytes("hello"), 0);
            file.write(bytes("HE"), 3);
            ByteBuffer target = ByteBuffer.allocate(10);

            assertThat(file.size()).isEqualTo(5);
            assertThat(file.read(target, 1)).isEqualTo(4);
            assertThat(new String(target.array(), 0, target.position(), US_ASCII))
                    .isEqualTo("elHE");
            assertThat(file.read(ByteBuffer.allocate(1), 5)).isEqualTo(-1);
        }
    }

    @Test
    void keepsWhatAFileHoldsWhenItIsOpenedAgain() throws IOException {
        write("log", "hello");
        try (DiskFile file = disk.open("log")) {
            file.write(bytes("J"), 0);
        }

        assertThat(content("log")).isEqualTo("Jello");
    }

    @Test
    void reservesZerosAndCutsThemOffAgain() throws IOException {
        try (DiskFile file = disk.open("log")) {
            file.write(bytes("head"), 0);
            file.preallocate(3_000_000);
            assertThat(file.size()).isEqualTo(3_000_000);
            file.preallocate(10);
            assertThat(file.size()).isEqualTo(3_000_000);
            byte[] all = Files.readAllBytes(directory.resolve("log"));
            assertThat(all).startsWith("head".getBytes(US_ASCII));
            assertThat(Arrays.copyOfRange(all, 4, all.length)).containsOnly(0);

            file.truncate(4);
        }
        assertThat(content("log")).isEqualTo("head");
    }

    @Test
    void refusesToWriteWhatWasOpenedForReading() throws IOException {
        write("log", "hello");
        try (DiskFile file = disk.openForReading("log")) {
            assertThatThrownBy(() -> file.write(bytes("J"), 0)).isInstanceOf(Exception.class);
        }
        assertThat(content("log")).isEqualTo("hello");
        assertThatThrownBy(() -> disk.openForReading("absent")).isInstanceOf(IOException.class);
    }

    @Test
    void syncsElsewhereInTheOrderOfTheRequests() throws Exception {
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        try (DiskFile one = disk.open("one");
                DiskFile two = disk.open("two")) {
            one.write(bytes("1"), 0);
            one.sync(failure -> ended.add("one " + failure));
            two.sync(failure -> ended.add("two " + failure));

            assertThat(ended.poll(30, TimeUnit.SECONDS)).isEqualTo("one null");
            assertThat(ended.poll(30, TimeUnit.SECONDS)).isEqualTo("two null");
        }
    }

    @Test
    void tellsOfASyncThatFailed() throws Exception {
        BlockingQueue<IOException> ended = new LinkedBlockingQueue<>();
        DiskFile file = disk.open("log");
        file.close();

        file.sync(failure -> ended.add(failure == null ? new IOException("none") : failure));

        assertThat(ended.poll(30, TimeUnit.SECONDS)).isInstanceOf(ClosedChannelException.class);
    }
}
