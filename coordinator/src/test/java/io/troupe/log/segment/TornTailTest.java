package io.troupe.log.segment;

import static io.troupe.log.Batches.after;
import static io.troupe.log.Batches.chain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.contract.Shows;
import io.troupe.ensemble.Zxid;
import io.troupe.env.DiskFile;
import io.troupe.env.FakeDisk;
import io.troupe.request.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a crash leaves of writes that were not synced is cut off; what was synced before stays. */
class TornTailTest {
    private static final String NAME = Segment.nameFor(0);

    private static void assertCutBehind(FakeDisk torn, int batches) throws IOException {
        TransactionLog log = TransactionLog.open(torn, Logs.LARGE);
        assertThat(log.damage()).isNull();
        assertThat(Logs.ends(log)).hasSize(batches);
        Logs.append(log, chain(log.lastZxid(), 2));
        assertThat(Logs.ends(torn.afterPowerLoss(), Logs.LARGE)).hasSize(batches + 2);
    }

    @Test
    void isCutAtEveryByteOfTheLastRecordWhenTheRestWasNeverWritten() throws IOException {
        FakeDisk whole = new FakeDisk();
        List<Batch> batches = Logs.write(whole, Logs.LARGE, 3);
        int from = Logs.offsetBehind(batches.subList(0, 2));
        int to = Logs.offsetBehind(batches);

        for (int cut = from; cut < to; cut++) {
            FakeDisk zeros = whole.copy();
            byte[] file = zeros.file(NAME);
            Arrays.fill(file, cut, file.length, (byte) 0);
            boolean complete = Arrays.equals(file, whole.file(NAME));
            zeros.put(NAME, file);
            assertCutBehind(zeros, complete ? 3 : 2);

            FakeDisk shorter = whole.copy();
            shorter.put(NAME, Arrays.copyOf(whole.file(NAME), cut));
            assertCutBehind(shorter, 2);
        }
    }

    @Test
    void isCutAtEveryByteOfTheLastRecordWhenAnyOneIsWrong() throws IOException {
        FakeDisk whole = new FakeDisk();
        List<Batch> batches = Logs.write(whole, Logs.LARGE, 3);

        for (int at = Logs.offsetBehind(batches.subList(0, 2)); at < Logs.offsetBehind(batches); at++) {
            FakeDisk torn = whole.copy();
            byte[] file = torn.file(NAME);
            file[at] ^= 0x10;
            torn.put(NAME, file);
            assertCutBehind(torn, 2);
        }
    }

    @Test
    void isCutWithTheWholeRecordsBehindItThatWereNotSyncedEither() throws IOException {
        FakeDisk disk = new FakeDisk();
        List<Batch> durable = Logs.write(disk, Logs.LARGE, 2);
        TransactionLog log = TransactionLog.open(disk, Logs.LARGE);
        for (Batch batch : chain(log.lastZxid(), 3)) {
            log.append(batch, Zxid.of(1, 2));
        }
        byte[] file = disk.file(NAME);
        file[Logs.offsetBehind(durable) + Segment.RECORD_HEADER] ^= 1;
        disk.put(NAME, file);

        assertCutBehind(disk, 2);
    }

    @Test
    void neverComesBackAfterItWasCut() throws IOException {
        FakeDisk disk = new FakeDisk();
        List<Batch> batches = Logs.write(disk, Logs.LARGE, 3);
        byte[] file = disk.file(NAME);
        file[Logs.offsetBehind(batches.subList(0, 2)) + 3] ^= 1;
        disk.put(NAME, file);
        TransactionLog.open(disk, Logs.LARGE);

        assertThat(Arrays.copyOf(disk.afterPowerLoss().file(NAME), 10_000))
                .isEqualTo(Arrays.copyOf(Arrays.copyOf(file, Logs.offsetBehind(batches.subList(0, 2))), 10_000));
    }

    @Test
    @Shows("S35")
    void isFoundWhateverAPowerLossLeavesOfUnsyncedAppends() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            FakeDisk disk = new FakeDisk();
            TransactionLog log = TransactionLog.open(disk, Logs.SMALL);
            long synced = 0;
            for (Batch batch : chain(0, 12)) {
                log.append(batch, synced);
                if (random.nextInt(3) == 0) {
                    log.file().sync();
                    synced = batch.lastZxid();
                }
            }
            TransactionLog after = TransactionLog.open(disk.afterPowerLoss(random), Logs.SMALL);
            assertThat(after.damage()).as("seed %d", seed).isNull();
            assertThat(after.lastZxid()).as("seed %d", seed).isGreaterThanOrEqualTo(synced);
            assertThat(Logs.ends(after)).as("seed %d", seed).hasSize((int) Zxid.counter(after.lastZxid()));
        }
    }

    @Test
    void isNotVouchedForBeforeItWasWrittenAgainWhenAnFsyncHadFailed() throws IOException {
        FakeDisk disk = new FakeDisk();
        TransactionLog log = TransactionLog.open(disk, Logs.LARGE);
        Logs.append(log, chain(0, 2));
        log.append(after(Zxid.of(1, 2)), Zxid.of(1, 2));
        disk.failNextSync();
        DiskFile file = log.file();
        assertThatThrownBy(file::sync).isInstanceOf(IOException.class);

        FakeDisk restarted = disk.afterKill();
        assertThat(Logs.ends(restarted, Logs.LARGE)).hasSize(3);
        assertThat(Logs.ends(restarted.afterPowerLoss(), Logs.LARGE)).hasSize(3);
    }

    @Test
    void isDurableOnceItWasReadAfterTheProcessWasKilled() throws IOException {
        FakeDisk disk = new FakeDisk();
        TransactionLog log = TransactionLog.open(disk, Logs.SMALL);
        for (Batch batch : chain(0, 5)) {
            log.append(batch, 0);
        }

        FakeDisk restarted = disk.afterKill();
        assertThat(Logs.ends(restarted, Logs.SMALL)).hasSize(5);
        assertThat(Logs.ends(restarted.afterPowerLoss(), Logs.SMALL)).hasSize(5);
    }

    @Test
    void ofTheHeaderOfANewSegmentLeavesTheLogBeforeIt() throws IOException {
        FakeDisk disk = new FakeDisk();
        Logs.write(disk, Logs.SMALL, 3);
        String next = Segment.nameFor(Zxid.of(1, 3));
        for (int size = 0; size < Segment.HEADER; size++) {
            FakeDisk torn = disk.copy();
            torn.put(next, ByteBuffer.allocate(size).array());

            assertThat(Logs.ends(torn, Logs.SMALL)).hasSize(3);
            assertThat(Logs.segments(torn)).containsExactly(NAME);
        }
    }
}
