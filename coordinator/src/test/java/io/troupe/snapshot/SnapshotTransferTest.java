package io.troupe.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.env.FakeDisk;
import io.troupe.snapshot.Net.Datagram;
import io.troupe.snapshot.SnapshotProtocol.CancelPull;
import io.troupe.snapshot.SnapshotProtocol.ChunkReply;
import io.troupe.snapshot.SnapshotProtocol.ChunkRequest;
import io.troupe.snapshot.SnapshotProtocol.DescribeRequest;
import io.troupe.snapshot.SnapshotProtocol.Description;
import io.troupe.snapshot.SnapshotProtocol.Pulled;
import io.troupe.snapshot.SnapshotProtocol.RetryPull;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One node fetches a snapshot from another over a network that promises nothing. */
class SnapshotTransferTest {
    private static final byte[] CONTENT = Content.bytes(1234, 1);

    private final Net net = new Net();
    private final Net.Node source = net.node(1);
    private final Net.Node target = net.node(2);

    private void assertPulled(long zxid, byte[] content) throws IOException {
        target.pulled.expectMessage(new Pulled(1, zxid));
        assertThat(Content.newest(target.disk.afterPowerLoss())).isEqualTo(content);
    }

    private List<Long> chunksAskedFor() {
        return net.flying().stream()
                .map(Datagram::message)
                .filter(ChunkRequest.class::isInstance)
                .map(m -> ((ChunkRequest) m).offset())
                .toList();
    }

    private void finish() {
        net.settle();
        target.synced();
    }

    @Test
    void bringsItOverDurably() throws IOException {
        source.write(5, CONTENT);
        target.pull(1, 3);
        net.settle();
        assertThat(target.pulled.hasMessages()).isFalse();
        assertThat(new SnapshotCatalog(target.disk).newest()).isEmpty();

        target.synced();

        assertPulled(5, CONTENT);
        assertThat(target.disk.list()).containsExactly(SnapshotFile.nameFor(5));
    }

    @Test
    void asksForAFewChunksAheadOnly() {
        source.write(5, CONTENT);
        target.pull(1, 5);
        net.round();
        net.round();

        assertThat(chunksAskedFor()).containsExactly(0L, 100L, 200L, 300L);
        net.round();
        net.round();
        assertThat(chunksAskedFor()).containsExactly(400L, 500L, 600L, 700L);
    }

    @Test
    void survivesLossRepetitionAndReordering() throws IOException {
        for (int seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Net lossy = new Net();
            Net.Node from = lossy.node(1);
            Net.Node to = lossy.node(2);
            from.write(5, CONTENT);
            to.pull(1, 5);
            for (int step = 0; to.disk.syncsUnderWay() == 0; step++) {
                assertThat(step).as("seed %d", seed).isLessThan(10_000);
                if (lossy.flying().isEmpty() || random.nextInt(20) == 0) {
                    to.tell(new RetryPull());
                    to.tell(new RetryPull());
                    continue;
                }
                Datagram next = lossy.flying().get(random.nextInt(lossy.flying().size()));
                int fate = random.nextInt(4);
                if (fate != 1) {
                    lossy.flying().remove(next);
                }
                if (fate != 0) {
                    lossy.deliver(next);
                }
            }
            to.synced();
            to.pulled.expectMessage(new Pulled(1, 5));
            assertThat(Content.newest(to.disk)).as("seed %d", seed).isEqualTo(CONTENT);
        }
    }

    @Test
    void takesNoChunkThatWasChangedOnItsWay() throws IOException {
        source.write(5, CONTENT);
        target.pull(1, 5);
        net.round();
        net.round();
        net.round();
        Datagram good = net.flying().remove(0);
        ChunkReply chunk = (ChunkReply) good.message();
        byte[] changed = chunk.bytes().clone();
        changed[7] ^= 1;
        net.deliver(new Datagram(2, new ChunkReply(1, 5, chunk.offset(), changed, chunk.crc())));
        net.settle();
        assertThat(target.disk.syncsUnderWay()).isZero();

        target.tell(new RetryPull());
        target.tell(new RetryPull());
        finish();

        assertPulled(5, CONTENT);
    }

    @Test
    void goesOnWhereItStoodAfterTheNodeStartedAnew() throws IOException {
        source.write(5, CONTENT);
        target.pull(1, 5);
        for (int i = 0; i < 6; i++) {
            net.round();
        }
        target.tell(new CancelPull());
        net.flying().clear();

        Net.Node again = net.node(2, target.disk.afterKill());
        again.pull(1, 5);
        net.round();
        net.round();

        assertThat(chunksAskedFor().get(0)).isGreaterThanOrEqualTo(400L);
        net.settle();
        again.synced();
        again.pulled.expectMessage(new Pulled(1, 5));
        assertThat(Content.newest(again.disk)).isEqualTo(CONTENT);
    }

    @Test
    void beginsAgainWhenWhatItWouldGoOnWithIsNotWhole() throws IOException {
        source.write(5, CONTENT);
        int crc = description();
        target.disk.put("pull-%016x-%08x.part".formatted(5, crc), new byte[500]);
        target.pull(1, 5);
        finish();
        assertThat(target.pulled.hasMessages()).isFalse();

        finish();

        assertPulled(5, CONTENT);
    }

    private int description() {
        net.deliver(new Datagram(1, new DescribeRequest(2, 5)));
        return ((Description) net.flying().remove(0).message()).crc();
    }

    @Test
    void doesNotReplaceAWholeSnapshotByOneThatIsNot() throws IOException {
        source.write(5, CONTENT);
        target.write(5, Content.bytes(77, 7));
        target.disk.put("pull-%016x-%08x.part".formatted(5, description()), new byte[500]);
        target.pull(1, 5);
        net.settle();
        target.synced();

        assertThat(Content.newest(target.disk.afterPowerLoss())).isEqualTo(Content.bytes(77, 7));
    }

    @Test
    void doesNotTrustWhatCouldNotBeMadeDurable() throws IOException {
        source.write(5, CONTENT);
        target.pull(1, 5);
        net.settle();
        assertThatThrownBy(target::syncFailed).hasMessageContaining("fsync");
        assertThat(target.pulled.hasMessages()).isFalse();

        Net.Node again = net.node(2, target.disk.afterKill());
        again.pull(1, 5);
        net.settle();
        again.synced();

        assertThat(Content.newest(again.disk.afterPowerLoss())).isEqualTo(CONTENT);
    }

    /** The connection to the leader was reset while the disk was busy: the same snapshot is wanted again. */
    @Test
    void takesTheEndOfOneFsyncForThatAloneWhenItIsAskedAgainMeanwhile() throws IOException {
        source.write(5, CONTENT);
        target.pull(1, 5);
        net.settle();
        assertThat(target.disk.syncsUnderWay()).isEqualTo(1);

        target.tell(new CancelPull());
        target.pull(1, 5);
        net.settle();
        while (target.disk.syncsUnderWay() > 0) {
            target.synced();
        }

        assertPulled(5, CONTENT);
    }

    @Test
    void goesOnWithWhatIsWantedNowOnceTheFsyncOfWhatWasWantedBeforeHasEnded() throws IOException {
        source.write(5, CONTENT);
        Net.Node other = net.node(3);
        other.write(6, Content.bytes(800, 3));
        target.pull(1, 5);
        net.settle();

        target.pull(3, 6);
        net.settle();
        target.synced();
        assertThat(target.pulled.hasMessages()).isFalse();
        target.tell(new RetryPull());
        finish();

        target.pulled.expectMessage(new Pulled(3, 6));
        assertThat(target.disk.list()).containsExactly(SnapshotFile.nameFor(6));
    }

    @Test
    void leavesWhatNobodyWantsAnyMoreForAResumption() throws IOException {
        source.write(5, CONTENT);
        target.pull(1, 5);
        net.settle();

        target.tell(new CancelPull());
        target.synced();
        assertThat(target.pulled.hasMessages()).isFalse();
        target.pull(1, 5);
        net.round();
        net.round();
        assertThat(chunksAskedFor()).isEmpty();
        target.synced();

        assertPulled(5, CONTENT);
    }

    @Test
    void makesItDurableOnceHoweverOftenItsChunksCome() {
        source.write(5, CONTENT);
        target.pull(1, 5);
        List<Datagram> seen = new ArrayList<>();
        while (!net.flying().isEmpty()) {
            Datagram next = net.flying().remove(0);
            seen.add(next);
            net.deliver(next);
        }

        seen.forEach(net::deliver);

        assertThat(target.disk.syncsUnderWay()).isEqualTo(1);
    }

    @Test
    void asksForANewerOneWhenTheSourceHasPurgedIt() throws IOException {
        source.write(5, CONTENT);
        target.pull(1, 5);
        for (int i = 0; i < 4; i++) {
            net.round();
        }
        source.write(6, Content.bytes(300, 6));
        source.write(7, Content.bytes(400, 7));
        source.write(8, Content.bytes(500, 8));

        finish();

        assertPulled(8, Content.bytes(500, 8));
        assertThat(target.disk.list()).containsExactly(SnapshotFile.nameFor(8));
    }

    @Test
    void hasOneMadeWhenTheNewestIsTooOldOrThereIsNone() throws IOException {
        target.pull(1, 6);
        net.settle();
        assertThat(source.needed).hasSize(1);
        source.write(5, CONTENT);
        target.tell(new RetryPull());
        net.settle();
        assertThat(source.needed).hasSize(2);

        source.write(6, CONTENT);
        target.tell(new RetryPull());
        finish();

        assertPulled(6, CONTENT);
    }

    @Test
    void takesNothingFromAnotherNodeNorAfterItWasCancelled() {
        source.write(5, CONTENT);
        target.tell(new Description(3, 5, 1000, 7));
        target.pull(1, 5);
        target.tell(new Description(3, 5, 1000, 7));
        target.tell(new Description(1, 4, 1000, 7));
        assertThat(target.disk.list()).isEmpty();

        net.round();
        net.round();
        target.tell(new CancelPull());
        net.settle();
        target.tell(new RetryPull());

        assertThat(net.flying()).isEmpty();
        assertThat(target.disk.syncsUnderWay()).isZero();
        assertThat(target.pulled.hasMessages()).isFalse();
    }

    @Test
    void turnsToAnotherSourceInTheMiddle() throws IOException {
        source.write(5, CONTENT);
        Net.Node other = net.node(3);
        other.write(6, Content.bytes(800, 3));
        target.pull(1, 5);
        for (int i = 0; i < 4; i++) {
            net.round();
        }
        target.pull(3, 5);
        finish();

        target.pulled.expectMessage(new Pulled(3, 6));
        assertThat(Content.newest(target.disk)).isEqualTo(Content.bytes(800, 3));
        assertThat(target.disk.list()).containsExactly(SnapshotFile.nameFor(6));
    }

    @Test
    void passesOverADamagedSnapshotAtTheSource() {
        source.write(5, CONTENT);
        FakeDisk damaged = source.disk.copy();
        byte[] file = damaged.file(SnapshotFile.nameFor(5));
        file[100] ^= 1;
        damaged.put(SnapshotFile.nameFor(5), file);
        Net.Node sick = net.node(1, damaged);
        target.pull(1, 5);
        net.settle();

        assertThat(sick.needed).hasSize(1);
        assertThat(target.disk.list()).isEmpty();
    }

    @Test
    void waitsForRoomAndGoesOnOnceThereIsSome() throws IOException {
        source.write(5, CONTENT);
        target.disk.usable(Net.RESERVE + 1_249);
        target.pull(1, 5);
        net.settle();
        assertThat(target.disk.list()).isEmpty();

        target.disk.usable(Net.RESERVE + 1_250);
        target.tell(new RetryPull());
        net.round();
        net.round();
        target.disk.usable(Net.RESERVE);
        net.settle();
        assertThat(target.disk.syncsUnderWay()).isZero();

        target.disk.usable(Long.MAX_VALUE);
        target.tell(new RetryPull());
        finish();
        assertPulled(5, CONTENT);
    }

    @Test
    void looksAtItsSnapshotAnewWhenWhatArrivedIsNotWhatItDescribed() throws IOException {
        source.write(5, CONTENT);
        target.pull(1, 5);
        net.round();
        byte[] file = source.disk.file(SnapshotFile.nameFor(5));
        file[100] ^= 1;
        source.disk.put(SnapshotFile.nameFor(5), file);
        finish();
        assertThat(target.pulled.hasMessages()).isFalse();

        net.settle();

        assertThat(source.needed).hasSize(1);
        assertThat(source.disk.list()).containsExactly(SnapshotFile.nameFor(5) + ".damaged");
        source.write(6, CONTENT);
        target.tell(new RetryPull());
        finish();
        assertPulled(6, CONTENT);
    }
}
