package io.troupe.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.contract.Shows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class TwinFileTest {
    private static final String NAME = "promises";
    private static final String FIRST = "epoch=1\n";
    private static final String OLD = "epoch=8\nhost=a.example\n";
    private static final String NEW = "epoch=12\n";
    private static final String LATER = "epoch=13\n";
    private static final String LONG = "hosts=" + "x".repeat(5_000) + "\n";
    private static final int CHANGES = 20;
    private static final int LOSSES = 30;

    private final FakeDisk disk = new FakeDisk();

    private static String read(FakeDisk disk) throws IOException {
        return new TwinFile(disk, NAME).read().orElseThrow();
    }

    private TwinFile written(String... texts) throws IOException {
        TwinFile file = new TwinFile(disk, NAME);
        for (String text : texts) {
            file.write(text);
        }
        return file;
    }

    @Test
    void isAbsentUntilItIsWritten() throws IOException {
        TwinFile file = new TwinFile(disk, NAME);
        assertThat(file.read()).isEmpty();
        file.writeTwin();
        assertThat(disk.list()).isEmpty();
    }

    @Test
    void givesBackWhatWasWrittenLast() throws IOException {
        TwinFile file = new TwinFile(disk, NAME);
        for (String text : new String[] {FIRST, OLD, LONG, NEW, OLD, FIRST}) {
            file.write(text);
            assertThat(file.read()).contains(text);
            assertThat(read(disk.afterPowerLoss())).isEqualTo(text);
        }
        assertThat(disk.list()).containsExactly(NAME);
    }

    @Test
    void goesOnWhereAnotherHasWritten() throws IOException {
        written(FIRST, OLD);
        written(NEW);
        assertThat(read(disk)).isEqualTo(NEW);
        written(FIRST);
        assertThat(read(disk)).isEqualTo(FIRST);
    }

    @Test
    @Shows("S18")
    void isTheOldOneOrTheNewOneWheneverThePowerFails() throws IOException {
        for (String before : new String[] {FIRST, OLD}) {
            for (boolean twin : new boolean[] {false, true}) {
                loseThePowerAtEachChange(before, twin, NEW);
                loseThePowerAtEachChange(before, twin, LONG);
            }
        }
    }

    private static void loseThePowerAtEachChange(String before, boolean twin, String next) throws IOException {
        boolean returned = false;
        for (int change = 0; !returned; change++) {
            assertThat(change).isLessThan(CHANGES);
            FakeDisk crashing = new FakeDisk();
            TwinFile file = new TwinFile(crashing, NAME);
            file.write(FIRST);
            file.write(before);
            if (twin) {
                file.writeTwin();
            }
            crashing.losePowerAtChange(change);
            returned = true;
            try {
                file.write(next);
            } catch (IOException e) {
                returned = false;
            }
            for (int seed = 0; seed < LOSSES; seed++) {
                FakeDisk left = crashing.afterPowerLoss(new SplittableRandom(seed));
                assertThat(read(left)).isIn(returned ? new String[] {next} : new String[] {before, next});
                new TwinFile(left, NAME).write(OLD);
                assertThat(read(left.afterPowerLoss())).isEqualTo(OLD);
            }
        }
    }

    @Test
    void losesNothingWhenThePowerFailsWhileTheTwinIsWritten() throws IOException {
        boolean returned = false;
        for (int change = 0; !returned; change++) {
            FakeDisk crashing = new FakeDisk();
            TwinFile file = new TwinFile(crashing, NAME);
            file.write(OLD);
            file.write(NEW);
            crashing.losePowerAtChange(change);
            returned = true;
            try {
                file.writeTwin();
            } catch (IOException e) {
                returned = false;
            }
            for (int seed = 0; seed < LOSSES; seed++) {
                assertThat(read(crashing.afterPowerLoss(new SplittableRandom(seed))))
                        .isEqualTo(NEW);
            }
        }
    }

    /** What the system shows of a write whose sync has failed may be gone tomorrow. */
    @Test
    void regressesAtNoLossOfPowerBehindASyncThatFailed() throws IOException {
        boolean returned = false;
        for (int change = 0; !returned; change++) {
            FakeDisk failing = new FakeDisk();
            TwinFile file = new TwinFile(failing, NAME);
            file.write(FIRST);
            file.write(OLD);
            failing.failNextSync();
            assertThatThrownBy(() -> file.write(NEW)).isInstanceOf(IOException.class);
            FakeDisk crashing = failing.afterKill();
            assertThat(read(crashing)).isIn(OLD, NEW);
            crashing.losePowerAtChange(change);
            returned = true;
            try {
                new TwinFile(crashing, NAME).write(LATER);
            } catch (IOException e) {
                returned = false;
            }
            for (int seed = 0; seed < LOSSES; seed++) {
                assertThat(read(crashing.afterPowerLoss(new SplittableRandom(seed))))
                        .isIn(returned ? new String[] {LATER} : new String[] {OLD, NEW, LATER});
            }
        }
    }

    @Test
    void outlivesDamageToEitherCopyOnceTheyAreAlike() throws IOException {
        written(OLD, NEW).writeTwin();
        byte[] whole = disk.file(NAME);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            disk.put(NAME, damaged);
            assertThat(read(disk)).as("byte %d", at).isEqualTo(NEW);
        }
    }

    @Test
    void isRefusedWhenBothCopiesAreDamaged() throws IOException {
        written(OLD, NEW).writeTwin();
        byte[] damaged = disk.file(NAME);
        damaged[10] ^= 1;
        damaged[damaged.length / 2 + 10] ^= 1;
        disk.put(NAME, damaged);

        assertThatThrownBy(() -> read(disk))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining(NAME)
                .hasMessageContaining("damaged");
    }

    @Test
    void isRefusedOrWholeWhereverItIsCutOff() throws IOException {
        written(OLD, NEW).writeTwin();
        byte[] whole = disk.file(NAME);
        for (int size = 0; size < whole.length; size++) {
            disk.put(NAME, Arrays.copyOf(whole, size));
            if (size < NEW.length()) {
                assertThatThrownBy(() -> read(disk)).as("size %d", size).isInstanceOf(DamagedFileException.class);
            } else if (size > whole.length / 2) {
                assertThat(read(disk)).as("size %d", size).isEqualTo(NEW);
                new TwinFile(disk, NAME).write(OLD);
                assertThat(read(disk)).as("size %d", size).isEqualTo(OLD);
            }
        }
    }

    /** As releases before this wrote it: one copy, without a number. */
    @Test
    void readsASingleCopyAndMakesTwoOfIt() throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(OLD.getBytes(StandardCharsets.UTF_8));
        disk.put(NAME, (OLD + "crc=%08x\n".formatted(crc.getValue())).getBytes(StandardCharsets.UTF_8));

        TwinFile file = new TwinFile(disk, NAME);
        assertThat(file.read()).contains(OLD);
        file.writeTwin();
        assertThat(read(disk)).isEqualTo(OLD);
        file.write(NEW);
        assertThat(read(disk.afterPowerLoss())).isEqualTo(NEW);
    }

    @Test
    void isWrittenOverWhatACrashLeftOfAnEarlierAttempt() throws IOException {
        disk.put(NAME + ".tmp", new byte[10_000]);
        written(OLD);

        assertThat(read(disk.afterPowerLoss())).isEqualTo(OLD);
        assertThat(disk.list()).containsExactly(NAME);
    }

    @Test
    void isNotWrittenWhereAnotherProgramHasTakenItAway() throws IOException {
        TwinFile file = written(OLD);
        disk.delete(NAME);

        assertThatThrownBy(() -> file.write(NEW)).hasMessageContaining("changed by another program");
    }
}
