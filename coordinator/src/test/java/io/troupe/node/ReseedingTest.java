package io.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.env.FakeDisk;
import io.troupe.log.LogSettings;
import io.troupe.log.segment.TransactionLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a node does that no longer trusts what it holds: at its next start, and whatever happens in between. */
class ReseedingTest {
    private static final long HOUR = 3_600_000;
    private static final String LOG = "log-0000000000000000";
    private static final String SNAPSHOT = "snapshot-0000000000000007";

    private static FakeDisk used() {
        FakeDisk disk = new FakeDisk();
        for (String name : new String[] {LOG, SNAPSHOT, "node.meta", "pull-0000000000000009-00000001.part"}) {
            disk.put(name, name.getBytes(StandardCharsets.UTF_8));
        }
        return disk;
    }

    private static FakeDisk ordered(long wallMillis) throws IOException {
        FakeDisk disk = used();
        new Reseeding(disk).order(wallMillis, "it differs");
        return disk;
    }

    @Test
    void doesNothingThatWasNotOrdered() throws IOException {
        FakeDisk disk = used();

        assertThat(new Reseeding(disk).carryOut(1)).isEmpty();

        assertThat(disk.changes()).isZero();
    }

    @Test
    void setsTheHistoryAsideAndKeepsThePromises() throws IOException {
        FakeDisk disk = ordered(1).afterPowerLoss();

        assertThat(new Reseeding(disk).carryOut(2)).isEmpty();

        FakeDisk after = disk.afterPowerLoss();
        assertThat(after.list())
                .containsExactly(
                        "log-0000000000000000.damaged",
                        "log.damage",
                        "node.meta",
                        "reseed.history",
                        "snapshot-0000000000000007.damaged");
        assertThat(after.file("node.meta")).asString().isEqualTo("node.meta");
        assertThat(after.file(LOG + ".damaged")).asString().isEqualTo(LOG);
    }

    @Test
    void setsAnImportAsideToo() throws IOException {
        FakeDisk disk = ordered(1);
        String name = "import-" + new ImportedHistory(7, 8);
        disk.put(name, new byte[1]);

        new Reseeding(disk).carryOut(2);

        assertThat(disk.afterPowerLoss().list()).contains(name + ".damaged").doesNotContain(name);
    }

    @Test
    void theLogSaysSoUntilTheNodeIsAnotherDisk() throws IOException {
        FakeDisk disk = ordered(1);
        new Reseeding(disk).carryOut(2);

        TransactionLog log = TransactionLog.open(disk, LogSettings.DEFAULT);

        assertThat(log.damage()).contains("it differs");
        assertThat(log.lastZxid()).isZero();
    }

    @Test
    void isCarriedOutOnceWhereverPowerFails() throws IOException {
        for (int n = 0; ; n++) {
            FakeDisk disk = ordered(1);
            disk.losePowerAtChange(n);
            try {
                new Reseeding(disk).carryOut(2);
            } catch (IOException dark) {
                assertThat(disk.dark()).isTrue();
            }
            boolean through = !disk.dark();
            FakeDisk after = disk.afterPowerLoss();
            assertThat(new Reseeding(after).carryOut(3)).as("change %d", n).isEmpty();
            assertThat(after.list())
                    .as("change %d", n)
                    .contains(LOG + ".damaged", SNAPSHOT + ".damaged", "log.damage", "reseed.history")
                    .doesNotContain(LOG, SNAPSHOT, "reseed.order");
            assertThat(after.file("reseed.history")).asString().isEqualTo("1 it differs");
            if (through) {
                return;
            }
        }
    }

    @Test
    void refusesAThirdTimeWithinAnHourUntilTheHourIsOver() throws IOException {
        FakeDisk disk = used();
        Reseeding reseeding = new Reseeding(disk);
        for (long at = 1; at <= 2; at++) {
            reseeding.order(at, "it differs");
            assertThat(reseeding.carryOut(at)).isEmpty();
        }
        disk.put(LOG, new byte[10]);
        reseeding.order(3, "it differs again");

        assertThat(reseeding.carryOut(3))
                .hasValueSatisfying(refusal -> assertThat(refusal)
                        .contains("it differs again")
                        .contains("2 times within an hour")
                        .contains("reseed.history"));
        assertThat(disk.list()).contains(LOG);

        assertThat(reseeding.carryOut(HOUR + 1)).isEmpty();
        assertThat(disk.list()).doesNotContain(LOG);
    }
}
