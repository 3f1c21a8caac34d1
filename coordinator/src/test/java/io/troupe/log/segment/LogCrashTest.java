package io.troupe.log.segment;

import static io.troupe.log.Batches.after;
import static io.troupe.log.Batches.chain;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Shows;
import io.troupe.ensemble.Zxid;
import io.troupe.env.FakeDisk;
import io.troupe.request.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The power fails at every single step of every operation that takes several. */
class LogCrashTest {
    private static final int BATCHES = 9;

    private interface Step {
        void run(TransactionLog log) throws IOException;
    }

    /** A disk whose power failed at the {@code n}-th change that {@code step} makes; null when it makes fewer. */
    private static boolean interrupt(FakeDisk disk, int n, Step step) throws IOException {
        TransactionLog log = TransactionLog.open(disk, Logs.SMALL);
        disk.losePowerAtChange(n);
        try {
            step.run(log);
            return false;
        } catch (IOException e) {
            assertThat(disk.dark()).isTrue();
            return true;
        }
    }

    /** All the disks that a process may find after a crash. */
    private static List<FakeDisk> aftermath(FakeDisk disk) {
        List<FakeDisk> disks = new ArrayList<>();
        disks.add(disk.afterPowerLoss());
        for (int seed = 0; seed < 20; seed++) {
            disks.add(disk.afterPowerLoss(new SplittableRandom(seed)));
        }
        disks.add(disk.afterKill());
        return disks;
    }

    private static FakeDisk full() throws IOException {
        FakeDisk disk = new FakeDisk();
        Logs.write(disk, Logs.SMALL, BATCHES);
        return disk;
    }

    /** What is found is whole, and can be written to. */
    private static long lastAfterCrash(FakeDisk disk, int n) throws IOException {
        TransactionLog log = TransactionLog.open(disk, Logs.SMALL);
        assertThat(log.damage()).as("change %d", n).isNull();
        long last = log.lastZxid();
        assertThat(Logs.ends(log)).as("change %d", n).hasSize((int)
                (Zxid.counter(last) - Zxid.counter(log.baseZxid())));
        Batch next = after(last);
        Logs.append(log, List.of(next));
        assertThat(TransactionLog.open(disk.afterPowerLoss(), Logs.SMALL).lastZxid())
                .as("change %d", n)
                .isEqualTo(next.lastZxid());
        return last;
    }

    @Test
    void appendingAndRollingKeepsWhatWasSynced() throws IOException {
        for (int n = 0; ; n++) {
            FakeDisk disk = new FakeDisk();
            long[] synced = {0};
            boolean crashed = interrupt(disk, n, log -> {
                for (Batch batch : chain(0, BATCHES)) {
                    log.append(batch, synced[0]);
                    log.file().sync();
                    synced[0] = batch.lastZxid();
                }
            });
            for (FakeDisk next : aftermath(disk)) {
                assertThat(lastAfterCrash(next, n)).isGreaterThanOrEqualTo(synced[0]);
            }
            if (!crashed) {
                assertThat(n).isGreaterThan(3 * BATCHES);
                return;
            }
        }
    }

    @Test
    void openingLosesNothingHoweverOftenItIsInterrupted() throws IOException {
        for (int n = 0; ; n++) {
            FakeDisk disk = full().afterKill();
            disk.losePowerAtChange(n);
            boolean crashed = false;
            try {
                TransactionLog.open(disk, Logs.SMALL);
            } catch (IOException e) {
                crashed = true;
            }
            for (FakeDisk next : aftermath(disk)) {
                assertThat(lastAfterCrash(next, n)).isEqualTo(Zxid.of(1, BATCHES));
            }
            if (!crashed) {
                return;
            }
        }
    }

    @Test
    void truncatingLeavesALogWithoutAGapThatEndsNoEarlierThanAsked() throws IOException {
        long position = Zxid.of(1, 2);
        for (int n = 0; ; n++) {
            FakeDisk disk = full();
            boolean crashed = interrupt(disk, n, log -> log.truncate(position));
            for (FakeDisk next : aftermath(disk)) {
                long last = lastAfterCrash(next, n);
                assertThat(last).isGreaterThanOrEqualTo(position);
                assertThat(crashed || last == position).isTrue();
            }
            if (!crashed) {
                return;
            }
        }
    }

    @Test
    @Shows("S8")
    void whatWasTruncatedNeverComesBackOnceThatHasEnded() throws IOException {
        for (int keep = 0; keep < BATCHES; keep++) {
            long position = keep == 0 ? 0 : Zxid.of(1, keep);
            FakeDisk disk = full();
            TransactionLog log = TransactionLog.open(disk, Logs.SMALL);
            log.truncate(position);
            log.append(after(position), position);
            for (FakeDisk next : aftermath(disk)) {
                assertThat(TransactionLog.open(next, Logs.SMALL).lastZxid())
                        .isIn(position, after(position).lastZxid());
            }
        }
    }

    @Test
    void startingAfterASnapshotLeavesAPrefixOfTheOldLogOrTheNewOne() throws IOException {
        long snapshot = Zxid.of(1, 500);
        for (int n = 0; ; n++) {
            FakeDisk disk = full();
            boolean crashed = interrupt(disk, n, log -> log.startAfter(snapshot));
            for (FakeDisk next : aftermath(disk)) {
                TransactionLog log = TransactionLog.open(next.copy(), Logs.SMALL);
                assertThat(log.baseZxid()).isIn(0L, snapshot);
                assertThat(crashed || log.baseZxid() == snapshot).isTrue();
                lastAfterCrash(next, n);
            }
            if (!crashed) {
                return;
            }
        }
    }

    @Test
    @Shows("S24")
    void purgingLeavesEverythingBehindThePosition() throws IOException {
        for (int counter = 0; counter <= BATCHES; counter++) {
            long position = counter == 0 ? Zxid.NONE : Zxid.of(1, counter);
            int changes = 0;
            while (purgeInterrupted(changes, position)) {
                changes++;
            }
        }
    }

    private static boolean purgeInterrupted(int n, long position) throws IOException {
        FakeDisk disk = full();
        boolean crashed = interrupt(disk, n, log -> log.purge(position));
        for (FakeDisk next : aftermath(disk)) {
            TransactionLog log = TransactionLog.open(next.copy(), Logs.SMALL);
            assertThat(log.reaches(position))
                    .as("%x after change %d", position, n)
                    .isTrue();
            assertThat(lastAfterCrash(next, n)).isEqualTo(Zxid.of(1, BATCHES));
        }
        return crashed;
    }

    /** Decision 054: what stood in a file that is used again never comes back. */
    @Test
    @Shows("S24")
    void writingToWhatWasPurgedKeepsWhatWasSyncedAndNothingElse() throws IOException {
        long purged = Zxid.of(1, BATCHES);
        for (int n = 0; ; n++) {
            FakeDisk disk = full();
            long[] synced = {purged};
            boolean crashed = interrupt(disk, n, log -> {
                log.purge(purged);
                for (int i = 0; i < BATCHES; i++) {
                    log.append(after(log.lastZxid()), synced[0]);
                    log.file().sync();
                    synced[0] = log.lastZxid();
                }
            });
            for (FakeDisk next : aftermath(disk)) {
                assertThat(lastAfterCrash(next, n)).isGreaterThanOrEqualTo(synced[0]);
            }
            if (!crashed) {
                assertThat(disk.journal()).anyMatch(change -> change.matches("rename log-\\w+-\\d+\\.spare log-\\w+"));
                return;
            }
        }
    }
}
