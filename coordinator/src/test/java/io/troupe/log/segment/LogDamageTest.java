package io.troupe.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Shows;
import io.troupe.ensemble.Zxid;
import io.troupe.env.FakeDisk;
import io.troupe.log.Batches;
import io.troupe.log.LogSettings;
import io.troupe.request.Batch;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was durable and is unreadable is damage: the log ends before it, what is left is set aside, and nobody is silent. */
class LogDamageTest {
    private static final int BATCHES = 8;

    private static FakeDisk written(LogSettings settings) throws IOException {
        FakeDisk disk = new FakeDisk();
        Logs.write(disk, settings, BATCHES);
        return disk;
    }

    private static FakeDisk flipped(FakeDisk whole, String name, int at) {
        FakeDisk damaged = whole.copy();
        byte[] file = damaged.file(name);
        file[at] ^= 0x20;
        damaged.put(name, file);
        return damaged;
    }

    /** How many bytes of a file hold anything. */
    private static int used(byte[] file) {
        int end = file.length;
        while (end > 0 && file[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static void assertPrefix(TransactionLog log) throws IOException {
        List<Batch> left = log.read(log.baseZxid(), Integer.MAX_VALUE);
        for (int i = 0; i < left.size(); i++) {
            assertThat(left.get(i).lastZxid()).isEqualTo(Zxid.of(1, i + 1));
        }
    }

    @Test
    @Shows("S35")
    void isReportedForEveryByteOfEveryRecordButTheLast() throws IOException {
        FakeDisk whole = written(Logs.LARGE);
        String name = Segment.nameFor(0);
        int last = Logs.offsetBehind(Batches.chain(0, BATCHES - 1));
        for (int at = Segment.HEADER; at < last; at++) {
            TransactionLog log = TransactionLog.open(flipped(whole, name, at), Logs.LARGE);
            assertThat(log.damage())
                    .as("byte %d", at)
                    .isNotNull()
                    .contains(name)
                    .contains("offset");
            assertThat(log.lastZxid()).as("byte %d", at).isLessThan(Zxid.of(1, BATCHES));
            assertPrefix(log);
        }
    }

    private static FakeDisk marked() throws IOException {
        FakeDisk disk = written(Logs.LARGE);
        TransactionLog log = TransactionLog.open(disk, Logs.LARGE);
        assertThat(log.isMarked()).isFalse();
        log.mark();
        assertThat(log.isMarked()).isTrue();
        log.file().sync();
        assertThat(TransactionLog.open(disk, Logs.LARGE).isMarked()).isTrue();
        return disk;
    }

    /** Decision 010: nothing else stands behind it that would tell it from a torn one. */
    @Test
    void isReportedForEveryByteOfTheLastRecordOnceThatIsMarked() throws IOException {
        FakeDisk whole = marked();
        String name = Segment.nameFor(0);
        int end = Logs.offsetBehind(Batches.chain(0, BATCHES));
        for (int at = Logs.offsetBehind(Batches.chain(0, BATCHES - 1)); at < end; at++) {
            TransactionLog log = TransactionLog.open(flipped(whole, name, at), Logs.LARGE);
            assertThat(log.damage()).as("byte %d", at).isNotNull().contains("says that it was durable");
            assertThat(Logs.ends(log)).as("byte %d", at).hasSize(BATCHES - 1);
        }
    }

    /** Simulation, seed 40369: a sector took record and mark, the node voted without what it had acknowledged. */
    @Test
    void isReportedWhateverBlocksOfAMarkedLogBecomeZeros() throws IOException {
        FakeDisk whole = marked();
        String name = Segment.nameFor(0);
        for (int length : new int[] {512, 4096}) {
            for (int at = 0; at < Logs.offsetBehind(Batches.chain(0, BATCHES)); at += length) {
                FakeDisk damaged = whole.copy();
                byte[] file = damaged.file(name);
                Arrays.fill(file, at, at + length, (byte) 0);
                damaged.put(name, file);
                TransactionLog log = TransactionLog.open(damaged, Logs.LARGE);

                boolean harmless = at > 0 && at < Segment.HEADER;
                assertThat(log.damage() == null)
                        .as("%d bytes from %d", length, at)
                        .isEqualTo(harmless);
                assertThat(Logs.ends(log).size() == BATCHES)
                        .as("%d bytes from %d", length, at)
                        .isEqualTo(harmless);
            }
        }
    }

    @Test
    void isNotReportedAgainThoughTheMarkSaidSo() throws IOException {
        FakeDisk disk = marked();
        byte[] file = disk.file(Segment.nameFor(0));
        Arrays.fill(file, Logs.offsetBehind(Batches.chain(0, BATCHES - 1)), file.length, (byte) 0);
        disk.put(Segment.nameFor(0), file);
        TransactionLog log = TransactionLog.open(disk, Logs.LARGE);
        assertThat(log.damage()).contains("says that it was durable");

        log.forgetDamage();

        TransactionLog again = TransactionLog.open(disk.afterPowerLoss(), Logs.LARGE);
        assertThat(again.damage()).isNull();
        assertThat(Logs.ends(again)).hasSize(BATCHES - 1);
    }

    @Test
    void isNoneWhereOnlyTheMarkIsUnreadable() throws IOException {
        FakeDisk whole = marked();
        String name = Segment.nameFor(0);
        for (int at = Segment.MARK; at < Segment.MARK + Segment.MARK_FIELDS; at++) {
            TransactionLog log = TransactionLog.open(flipped(whole, name, at), Logs.LARGE);
            assertThat(log.damage()).as("byte %d", at).isNull();
            assertThat(Logs.ends(log)).as("byte %d", at).hasSize(BATCHES);
        }
    }

    @Test
    void isReportedForTheLastRecordThatATruncationLeft() throws IOException {
        FakeDisk disk = written(Logs.LARGE);
        TransactionLog.open(disk, Logs.LARGE).truncate(Zxid.of(1, 3));
        String name = Segment.nameFor(0);
        assertThat(TransactionLog.open(disk, Logs.LARGE).isMarked()).isTrue();
        int at = disk.file(name).length - 1;
        assertThat(TransactionLog.open(flipped(disk, name, at), Logs.LARGE).damage())
                .contains("says that it was durable");
    }

    @Test
    void isNoneWhereBatchesFollowAMarkOrAreCutOffThoughItVouchedForThem() throws IOException {
        FakeDisk disk = marked();
        TransactionLog log = TransactionLog.open(disk, Logs.LARGE);
        Logs.append(log, Batches.chain(log.lastZxid(), 2));
        log.mark();
        log.file().sync();
        FakeDisk quiet = disk.copy();
        TransactionLog.open(quiet, Logs.LARGE).truncate(Zxid.of(1, 3));

        for (int n = 0; n <= quiet.changes(); n++) {
            FakeDisk crashing = disk.copy();
            crashing.losePowerAtChange(n);
            try {
                TransactionLog.open(crashing, Logs.LARGE).truncate(Zxid.of(1, 3));
            } catch (IOException powerLost) {
                assertThat(crashing.dark()).isTrue();
            }
            for (FakeDisk next : List.of(crashing.afterPowerLoss(), crashing.afterKill())) {
                TransactionLog again = TransactionLog.open(next, Logs.LARGE);
                assertThat(again.damage()).as("change %d", n).isNull();
                assertThat(Logs.ends(again).size()).as("change %d", n).isIn(3, BATCHES + 2);
            }
        }
    }

    @Test
    void isReportedForEveryByteOfASegmentThatIsNotTheLast() throws IOException {
        FakeDisk whole = written(Logs.SMALL);
        List<String> segments = Logs.segments(whole);
        assertThat(segments).hasSize(3);
        for (String name : segments.subList(0, 2)) {
            int used = used(whole.file(name));
            for (int at = 0; at < used; at = at + 1 == Segment.HEADER_FIELDS ? Segment.HEADER : at + 1) {
                TransactionLog log = TransactionLog.open(flipped(whole, name, at), Logs.SMALL);
                assertThat(log.damage()).as("%s byte %d", name, at).isNotNull();
                assertPrefix(log);
            }
        }
    }

    @Test
    void isReportedForEveryByteOfTheHeaderOfALastSegmentThatHoldsAnything() throws IOException {
        FakeDisk whole = written(Logs.SMALL);
        List<String> segments = Logs.segments(whole);
        String name = segments.get(segments.size() - 1);
        for (int at = 0; at < Segment.HEADER_FIELDS; at++) {
            FakeDisk damaged = flipped(whole, name, at);
            TransactionLog log = TransactionLog.open(damaged, Logs.SMALL);
            assertThat(log.damage()).as("byte %d", at).isNotNull().contains(name);
            assertThat(damaged.list()).contains(name + ".damaged");
        }
    }

    @Test
    void isReportedWhenASegmentInTheMiddleIsMissing() throws IOException {
        FakeDisk disk = written(Logs.SMALL);
        List<String> segments = Logs.segments(disk);
        disk.delete(segments.get(1));

        TransactionLog log = TransactionLog.open(disk, Logs.SMALL);

        assertThat(log.damage()).contains(segments.get(2));
        assertThat(log.lastZxid()).isEqualTo(Zxid.of(1, 3));
        assertThat(disk.list()).contains(segments.get(2) + ".damaged").doesNotContain(segments.get(2));
    }

    @Test
    void keepsACopyOfWhatIsCutOff() throws IOException {
        FakeDisk whole = written(Logs.SMALL);
        List<String> segments = Logs.segments(whole);
        FakeDisk damaged = flipped(whole, segments.get(0), Segment.HEADER + 200);
        byte[] before = damaged.file(segments.get(0));

        TransactionLog.open(damaged, Logs.SMALL);

        Map<String, byte[]> left = damaged.afterPowerLoss().files();
        assertThat(left.get(segments.get(0) + ".damaged")).isEqualTo(before);
        assertThat(left.get(segments.get(1) + ".damaged")).isEqualTo(whole.file(segments.get(1)));
        assertThat(left.get(segments.get(2) + ".damaged")).isEqualTo(whole.file(segments.get(2)));
    }

    @Test
    void isReportedAgainAfterACrashAnywhereInTheRepairUntilTheNodeHasTakenNote() throws IOException {
        FakeDisk whole = written(Logs.SMALL);
        FakeDisk damaged = flipped(whole, Logs.segments(whole).get(1), Segment.HEADER + 100);
        FakeDisk quiet = damaged.copy();
        TransactionLog.open(quiet, Logs.SMALL);
        int changes = quiet.changes();
        assertThat(changes).isPositive();

        for (int n = 0; n <= changes; n++) {
            FakeDisk disk = damaged.copy();
            disk.losePowerAtChange(n);
            try {
                TransactionLog.open(disk, Logs.SMALL);
            } catch (IOException powerLost) {
                assertThat(disk.dark()).isTrue();
            }
            for (FakeDisk next : List.of(disk.afterPowerLoss(), disk.afterKill())) {
                TransactionLog log = TransactionLog.open(next, Logs.SMALL);
                assertThat(log.damage()).as("change %d", n).isNotNull();
                assertThat(log.lastZxid()).as("change %d", n).isEqualTo(Zxid.of(1, 3));
            }
        }
    }

    @Test
    void isForgottenOnceTheNodeHasTakenNoteOfIt() throws IOException {
        FakeDisk whole = written(Logs.SMALL);
        FakeDisk disk = flipped(whole, Logs.segments(whole).get(1), Segment.HEADER + 100);
        TransactionLog log = TransactionLog.open(disk, Logs.SMALL);

        log.forgetDamage();

        assertThat(TransactionLog.open(disk.afterPowerLoss(), Logs.SMALL).damage())
                .isNull();
    }
}
