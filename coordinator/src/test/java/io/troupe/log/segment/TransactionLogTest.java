package io.troupe.log.segment;

import static io.troupe.log.Batches.after;
import static io.troupe.log.Batches.batch;
import static io.troupe.log.Batches.chain;
import static io.troupe.log.Batches.ends;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.ensemble.Zxid;
import io.troupe.env.FakeDisk;
import io.troupe.env.NewerFormatException;
import io.troupe.request.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class TransactionLogTest {
    private final FakeDisk disk = new FakeDisk();

    private TransactionLog open() throws IOException {
        return TransactionLog.open(disk, Logs.SMALL);
    }

    @Test
    void beginsEmptyInAnEmptyDirectory() throws IOException {
        TransactionLog log = open();

        assertThat(log.baseZxid()).isZero();
        assertThat(log.lastZxid()).isZero();
        assertThat(log.commitZxid()).isZero();
        assertThat(log.damage()).isNull();
        assertThat(log.read(0, 1000)).isEmpty();
    }

    @Test
    void readsBackByteForByteWhatWasAppendedBeforeAndAfterOpeningAgain() throws IOException {
        List<Batch> written = Logs.write(disk, Logs.SMALL, 20);
        TransactionLog again = open();

        assertThat(Logs.segments(disk)).hasSizeGreaterThan(3);
        assertThat(again.lastZxid()).isEqualTo(Zxid.of(1, 20));
        assertThat(again.damage()).isNull();
        assertThat(again.read(0, Integer.MAX_VALUE))
                .extracting(Batch::image)
                .containsExactlyElementsOf(written.stream().map(Batch::image).toList());
    }

    @Test
    void remembersTheGreatestCommitPointThatAnyBatchRecords() throws IOException {
        TransactionLog log = open();
        Batch first = batch(0, Zxid.of(1, 1), 3, 0);
        Batch second = batch(first.lastZxid(), Zxid.of(1, 4), 1, Zxid.of(1, 2));
        Logs.append(log, List.of(first, second));

        assertThat(open().commitZxid()).isEqualTo(Zxid.of(1, 2));
    }

    @Test
    void refusesABatchThatDoesNotFollowTheLast() throws IOException {
        TransactionLog log = open();
        Logs.append(log, chain(0, 2));
        Batch gap = after(Zxid.of(1, 3));

        assertThatThrownBy(() -> log.append(gap, 0)).isInstanceOf(IllegalStateException.class);
        assertThat(Logs.ends(log)).containsExactly(Zxid.of(1, 1), Zxid.of(1, 2));
    }

    @Test
    void goesOnInALaterEpoch() throws IOException {
        TransactionLog log = open();
        Logs.append(log, chain(0, 2));
        Logs.append(log, List.of(batch(Zxid.of(1, 2), Zxid.of(4, 1), 2, 0)));

        assertThat(Logs.ends(disk, Logs.SMALL)).containsExactly(Zxid.of(1, 1), Zxid.of(1, 2), Zxid.of(4, 2));
    }

    @Test
    void readsFromEveryPositionAndStopsAtTheSizeAskedFor() throws IOException {
        List<Batch> written = Logs.write(disk, Logs.SMALL, 12);
        TransactionLog log = open();
        int each = written.get(0).image().length;

        for (int i = 0; i <= written.size(); i++) {
            long zxid = i == 0 ? 0 : Zxid.of(1, i);
            assertThat(ends(log.read(zxid, Integer.MAX_VALUE))).isEqualTo(ends(written.subList(i, 12)));
        }
        assertThat(log.read(0, 1)).hasSize(1);
        assertThat(log.read(0, 5 * each)).hasSize(5);
        assertThat(log.read(0, 5 * each + 1)).hasSize(6);
    }

    @Test
    void knowsTheGreatestEndOfABatchBelowAPosition() throws IOException {
        TransactionLog log = open();
        Batch first = batch(0, Zxid.of(1, 1), 3, 0);
        Logs.append(log, List.of(first, batch(first.lastZxid(), Zxid.of(1, 4), 3, 0)));

        assertThat(log.batchEndAtOrBelow(Zxid.of(1, 2))).isZero();
        assertThat(log.batchEndAtOrBelow(Zxid.of(1, 3))).isEqualTo(Zxid.of(1, 3));
        assertThat(log.batchEndAtOrBelow(Zxid.of(1, 5))).isEqualTo(Zxid.of(1, 3));
        assertThat(log.batchEndAtOrBelow(Zxid.of(2, 9))).isEqualTo(Zxid.of(1, 6));
    }

    @Test
    void truncatesAtEveryBatchAndGoesOnFromThere() throws IOException {
        for (int keep = 0; keep <= 12; keep++) {
            FakeDisk fresh = new FakeDisk();
            Logs.write(fresh, Logs.SMALL, 12);
            TransactionLog log = TransactionLog.open(fresh, Logs.SMALL);
            long position = keep == 0 ? 0 : Zxid.of(1, keep);

            log.truncate(position);
            assertThat(log.lastZxid()).isEqualTo(position);
            Batch next = batch(position, Zxid.of(2, 1), 1, 0);
            Logs.append(log, List.of(next));

            List<Long> left = Logs.ends(fresh.afterPowerLoss(), Logs.SMALL);
            assertThat(left).hasSize(keep + 1).endsWith(Zxid.of(2, 1));
        }
    }

    @Test
    void truncatesToTheBatchThatEndsBeforeAPositionInsideOne() throws IOException {
        TransactionLog log = open();
        Batch first = batch(0, Zxid.of(1, 1), 3, 0);
        Logs.append(log, List.of(first, batch(first.lastZxid(), Zxid.of(1, 4), 3, 0)));

        log.truncate(Zxid.of(1, 5));

        assertThat(log.lastZxid()).isEqualTo(Zxid.of(1, 3));
        assertThat(Logs.ends(disk.afterPowerLoss(), Logs.SMALL)).containsExactly(Zxid.of(1, 3));
    }

    @Test
    void leavesAShorterLogAsItIs() throws IOException {
        TransactionLog log = open();
        Logs.append(log, chain(0, 4));

        log.truncate(Zxid.of(7, 7));

        assertThat(log.lastZxid()).isEqualTo(Zxid.of(1, 4));
    }

    @Test
    void startsAfterASnapshotWithNothingBefore() throws IOException {
        Logs.write(disk, Logs.SMALL, 12);
        TransactionLog log = open();
        long snapshot = Zxid.of(3, 500);

        log.startAfter(snapshot);
        assertThat(log.baseZxid()).isEqualTo(snapshot);
        assertThat(log.lastZxid()).isEqualTo(snapshot);
        assertThat(log.reaches(snapshot - 1)).isFalse();
        Logs.append(log, List.of(after(snapshot)));

        TransactionLog again = TransactionLog.open(disk.afterPowerLoss(), Logs.SMALL);
        assertThat(again.baseZxid()).isEqualTo(snapshot);
        assertThat(Logs.ends(again)).containsExactly(snapshot + 1);
        assertThat(again.damage()).isNull();
    }

    @Test
    void purgesOnlySegmentsThatHoldNothingBehindThePosition() throws IOException {
        List<Batch> written = Logs.write(disk, Logs.SMALL, 12);

        for (int i = 1; i <= 12; i++) {
            TransactionLog log = open();
            log.purge(Zxid.of(1, i));
            assertThat(log.reaches(Zxid.of(1, i))).isTrue();
            assertThat(ends(log.read(Zxid.of(1, i), Integer.MAX_VALUE))).isEqualTo(ends(written.subList(i, 12)));
        }
        assertThat(Logs.segments(disk)).hasSize(1);
        assertThat(Logs.ends(disk.afterPowerLoss(), Logs.SMALL)).endsWith(Zxid.of(1, 12));
    }

    @Test
    void makesASegmentDurableBeforeTheNextOneExists() throws IOException {
        TransactionLog log = open();
        for (Batch batch : chain(0, 7)) {
            log.append(batch, 0);
        }

        List<Long> left = Logs.ends(disk.afterPowerLoss(), Logs.SMALL);

        assertThat(Logs.segments(disk)).hasSize(3);
        assertThat(left).hasSize(6);
    }

    @Test
    void refusesWhatALaterReleaseWrote() throws IOException {
        becomeFormat(Segment.FORMAT + 1);

        assertThatThrownBy(this::open)
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining(Segment.nameFor(0));
    }

    @Test
    void refusesWhatWasWrittenBeforeTheFirstRelease() throws IOException {
        becomeFormat(Segment.FORMAT - 1);

        assertThatThrownBy(this::open).hasMessageContaining(Segment.nameFor(0)).hasMessageContaining("join anew");
    }

    private void becomeFormat(int format) throws IOException {
        Logs.write(disk, Logs.LARGE, 2);
        byte[] file = disk.file(Segment.nameFor(0));
        ByteBuffer header = ByteBuffer.wrap(file).putInt(4, format);
        CRC32C crc = new CRC32C();
        crc.update(file, 0, Segment.HEADER_FIELDS - 4);
        header.putInt(Segment.HEADER_FIELDS - 4, (int) crc.getValue());
        disk.put(Segment.nameFor(0), file);
    }
}
