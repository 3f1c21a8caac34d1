package io.troupe.env;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Shows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class SpareFilesTest {
    private static final long LEAST_USABLE = 1000;

    private final FakeDisk disk = new FakeDisk();
    private final Deque<String> toFill = new ArrayDeque<>();
    private final Deque<Runnable> done = new ArrayDeque<>();
    private final SpareFiles spares = new SpareFiles(
            disk,
            (name, whenDone) -> {
                toFill.add(name);
                done.add(whenDone);
            },
            LEAST_USABLE);

    private void add(String name) throws IOException {
        disk.put(name, new byte[] {1, 2, 3});
        spares.add(name);
    }

    /** Added, and filled. */
    private void ready(String name) throws IOException {
        add(name);
        spares.directorySynced();
        done.remove().run();
    }

    @Test
    @Shows("S24")
    void fillsNothingBeforeItsNameIsLostForGood() throws IOException {
        add("log-1");

        assertThat(disk.exists("log-1")).isFalse();
        assertThat(toFill).isEmpty();
        assertThat(disk.afterPowerLoss().file("log-1")).containsExactly(1, 2, 3);

        spares.directorySynced();
        assertThat(toFill).containsExactly("log-1-1.spare");
        spares.directorySynced();
        assertThat(toFill).hasSize(1);
    }

    @Test
    @Shows("S24")
    void givesOnlyWhatIsFilledAndEachOnce() throws IOException {
        assertThat(spares.take("log-2")).isFalse();
        add("log-1");
        assertThat(spares.take("log-2")).isFalse();
        spares.directorySynced();
        assertThat(spares.take("log-2")).isFalse();
        done.remove().run();

        assertThat(spares.take("log-2")).isTrue();
        assertThat(disk.list()).containsExactly("log-2");
        assertThat(spares.take("log-3")).isFalse();
    }

    /** A log that begins anew has segments of names that it had before: none may take the place of one that is filled. */
    @Test
    @Shows("S24")
    void tellsFilesApartThatHadTheSameName() throws IOException {
        ready("log-1");
        add("log-1");

        assertThat(spares.take("log-2")).isTrue();
        assertThat(disk.files().keySet())
                .as("the one that is not filled yet")
                .containsExactly("log-1-2.spare", "log-2");
        spares.directorySynced();
        assertThat(toFill).containsExactly("log-1-1.spare", "log-1-2.spare");
        assertThat(spares.take("log-3")).isFalse();
    }

    @Test
    void keepsAFewAndDeletesTheRest() throws IOException {
        for (int i = 0; i <= SpareFiles.MOST; i++) {
            add("log-" + i);
        }
        spares.directorySynced();

        assertThat(toFill).hasSize(SpareFiles.MOST).noneMatch(name -> name.startsWith("log-" + SpareFiles.MOST + "-"));
        assertThat(disk.exists("log-" + SpareFiles.MOST)).isFalse();
    }

    @Test
    void keepsNothingWhereRoomIsShort() throws IOException {
        disk.usable(LEAST_USABLE - 1);
        add("log-1");
        spares.directorySynced();

        assertThat(toFill).isEmpty();
        assertThat(disk.files()).isEmpty();
    }

    @Test
    void givesItsFilesUpOnceRoomIsShort() throws IOException {
        ready("log-1");
        ready("log-2");

        spares.usable(LEAST_USABLE);
        assertThat(disk.files()).hasSize(2);
        spares.usable(LEAST_USABLE - 1);
        assertThat(disk.files()).isEmpty();
        assertThat(spares.take("log-3")).isFalse();
    }

    @Test
    void aFileOfADiskIsUsedAgain() throws IOException {
        disk.put("log-1", new byte[] {1, 2, 3});
        disk.recycle("log-1");
        disk.syncDirectory();
        disk.put("log-2", new byte[] {4});

        try (DiskFile file = disk.allocate("log-2")) {
            ByteBuffer content = ByteBuffer.allocate(4);
            assertThat(file.read(content, 0)).isEqualTo(3);
            assertThat(content.array()).containsOnly(0);
        }
    }
}
