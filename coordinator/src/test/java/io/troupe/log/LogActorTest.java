package io.troupe.log;

import static io.troupe.log.Batches.after;
import static io.troupe.log.Batches.chain;
import static io.troupe.log.Batches.ends;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.Effect;
import io.troupe.contract.Shows;
import io.troupe.ensemble.Zxid;
import io.troupe.log.LogProtocol.Durable;
import io.troupe.log.LogProtocol.Purge;
import io.troupe.log.LogProtocol.SaveMeta;
import io.troupe.metrics.Summary;
import io.troupe.request.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the log vouches for, and when. */
class LogActorTest extends LogRig {
    // ---- closed ----

    @Test
    void knowsNothingInADirectoryUsedForTheFirstTime() {
        assertThat(open()).isEqualTo(new LogProtocol.Opened(null, 0, 0, 0, null));
    }

    @Test
    void doesNothingBeforeItIsOpened() {
        append(chain(0, 1));
        actor.run(new SaveMeta(META, saved.getRef()));

        assertThat(disk.changes()).isZero();
        assertThat(saved.hasMessages()).isFalse();
    }

    @Test
    void tellsAtAnotherStartWhatItHolds() {
        open();
        actor.run(new SaveMeta(META, saved.getRef()));
        append(chain(0, 5));
        endSyncs();

        LogProtocol.Opened again = restartOn(disk.afterPowerLoss());

        assertThat(again).isEqualTo(new LogProtocol.Opened(META, 0, z(5), z(4), null));
    }

    @Test
    void doesNotOpenOverADamagedPromise() {
        disk.put("node.meta", new byte[] {1, 2, 3});

        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("node.meta");
    }

    @Test
    void reportsDamageAtEveryStartUntilTheNodeHasANewDisk() {
        open();
        actor.run(new SaveMeta(META, saved.getRef()));
        append(chain(0, 5));
        endSyncs();
        byte[] file = disk.file("log-0000000000000000");
        file[lastRecordEnd(file) - 200] ^= 1;
        disk.put("log-0000000000000000", file);

        assertThat(restartOn(disk.afterPowerLoss()).damage()).isNotNull();
        assertThat(restartOn(disk.afterPowerLoss()).damage()).isNotNull();
        actor.run(new SaveMeta(META.withAcceptedEpoch(6), saved.getRef()));
        assertThat(restartOn(disk.afterPowerLoss()).damage()).isNotNull();
        actor.run(new SaveMeta(new NodeMeta(1, 43, 2, 6, 4, null), saved.getRef()));
        assertThat(restartOn(disk.afterPowerLoss()).damage()).isNull();
    }

    @Test
    void marksTheLastRecordOnceNothingIsWrittenAnyMore() {
        open();
        actor.run(new SaveMeta(META, saved.getRef()));
        append(chain(0, 2));
        actor.run(LogProtocol.Timer.MARK);
        assertThat(disk.syncsUnderWay()).as("it is not durable yet").isEqualTo(1);
        actor.getAllEffects();
        endSyncs();
        assertThat(marksSoon()).isTrue();
        int end = lastRecordEnd(disk.file("log-0000000000000000"));

        events.clear();
        actor.run(LogProtocol.Timer.MARK);
        assertThat(disk.syncsUnderWay()).isEqualTo(1);
        endSyncs();
        assertThat(events).as("nothing became durable by it").isEmpty();
        actor.run(LogProtocol.Timer.MARK);
        assertThat(disk.syncsUnderWay()).as("once is enough").isZero();

        byte[] file = disk.file("log-0000000000000000");
        file[end - 1] ^= 1;
        disk.put("log-0000000000000000", file);
        assertThat(restartOn(disk.afterPowerLoss()).damage()).isNotNull();
    }

    @Test
    void marksWhatItFoundAtItsStart() {
        open();
        append(chain(0, 2));
        endSyncs();
        assertThat(restartOn(disk.afterPowerLoss()).lastZxid()).isEqualTo(z(2));
        assertThat(marksSoon()).isTrue();
        actor.run(LogProtocol.Timer.MARK);
        assertThat(disk.syncsUnderWay()).isEqualTo(1);
    }

    @Test
    void doesWithoutAMarkRatherThanTakeTheLastRoomForIt() {
        open();
        append(chain(0, 2));
        endSyncs();
        disk.usable(SETTINGS.reserveBytes() - 1);
        actor.run(LogProtocol.Timer.MARK);
        assertThat(disk.syncsUnderWay()).isZero();
        disk.usable(SETTINGS.reserveBytes());
        actor.run(LogProtocol.Timer.MARK);
        assertThat(disk.syncsUnderWay()).isEqualTo(1);
    }

    private boolean marksSoon() {
        return actor.getAllEffects().stream()
                .anyMatch(e -> e instanceof Effect.TimerScheduled<?> timer && timer.msg() == LogProtocol.Timer.MARK);
    }

    @Test
    void givesOutNothingDamagedAndOwnsUpToItAtItsNextStart() throws IOException {
        open();
        actor.run(new SaveMeta(META, saved.getRef()));
        append(chain(0, 2));
        endSyncs();
        String name = "log-0000000000000000";
        int at = lastRecordEnd(disk.file(name)) - 1;
        byte[] flipped = {(byte) (disk.file(name)[at] ^ 1)};
        disk.open(name).write(ByteBuffer.wrap(flipped), at);
        events.clear();

        read(0);

        assertThat(slices.hasMessages()).isFalse();
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        LogProtocol.Damaged.class,
                        damaged -> assertThat(damaged.cause()).contains(name, "offset"));
        append(List.of(after(z(2))));
        assertThat(disk.syncsUnderWay()).isZero();
        // It is the last record, which a start alone would take for one that a crash has torn.
        assertThat(restartOn(disk.afterKill()).damage()).contains(name);
    }

    private static int lastRecordEnd(byte[] file) {
        int end = file.length;
        while (file[end - 1] == 0) {
            end--;
        }
        return end;
    }

    // ---- group commit ----

    @Test
    void vouchesForNothingBeforeItsFsyncHasEnded() {
        open();
        append(chain(0, 1));

        assertThat(events).isEmpty();
        endSync();

        assertThat(events).containsExactly(new Durable(z(1)));
        assertThat(restartOn(disk.afterPowerLoss()).lastZxid()).isEqualTo(z(1));
    }

    @Test
    void coversAllThatGatheredDuringAnFsyncByTheNext() {
        open();
        List<Batch> batches = chain(0, 3);
        append(batches);
        assertThat(disk.syncsUnderWay()).isEqualTo(1);

        endSync();
        assertThat(events).containsExactly(new Durable(z(1)));
        assertThat(disk.syncsUnderWay()).isEqualTo(1);
        endSync();

        assertThat(events).containsExactly(new Durable(z(1)), new Durable(z(3)));
        assertThat(disk.syncsUnderWay()).isZero();
    }

    @Test
    void vouchesInOrderAcrossSegmentsAndForNothingThatAPowerLossTakes() {
        open();
        for (Batch batch : chain(0, 20)) {
            append(List.of(batch));
            if (Zxid.counter(batch.lastZxid()) % 4 == 0) {
                endSync();
                Durable last = (Durable) events.get(events.size() - 1);
                assertThat(new LogActorTest().restartOn(disk.afterPowerLoss()).lastZxid())
                        .isGreaterThanOrEqualTo(last.zxid());
            }
        }
        endSyncs();

        assertThat(events).isSortedAccordingTo((a, b) -> Long.compare(((Durable) a).zxid(), ((Durable) b).zxid()));
        assertThat(events).last().isEqualTo(new Durable(z(20)));
    }

    // ---- what must wait for the history before it ----

    @Test
    @Shows("S1")
    void makesAPromiseDurableOnlyAfterTheHistoryBeforeIt() {
        open();
        append(chain(0, 2));
        actor.run(new SaveMeta(META, saved.getRef()));
        endSync();
        assertThat(saved.hasMessages()).isFalse();
        assertThat(disk.exists("node.meta")).isFalse();

        endSync();

        saved.expectMessage(new LogProtocol.MetaSaved(META));
        LogProtocol.Opened after = restartOn(disk.afterPowerLoss());
        assertThat(after.meta()).isEqualTo(META);
        assertThat(after.lastZxid()).isEqualTo(z(2));
    }

    @Test
    void keepsTheOrderOfWhatComesBehindAPromiseThatWaits() {
        open();
        append(chain(0, 1));
        actor.run(new SaveMeta(META, saved.getRef()));
        append(List.of(after(z(1))));
        read(0);
        assertThat(slices.hasMessages()).isFalse();

        endSync();

        assertThat(saved.hasMessages()).isTrue();
        assertThat(ends(slices.receiveMessage().batches())).containsExactly(z(1), z(2));
        endSync();
        assertThat(events).containsExactly(new Durable(z(1)), new Durable(z(2)));
    }

    @Test
    void truncatesAfterTheFsyncUnderWayAndNeverVouchesForWhatIsGone() {
        open();
        append(chain(0, 5));
        actor.run(new LogProtocol.Truncate(z(2), truncated.getRef()));
        append(List.of(Batches.batch(z(2), Zxid.of(2, 1), 1, 0)));
        endSyncs();

        truncated.expectMessage(new LogProtocol.Truncated(z(2)));
        assertThat(events).last().isEqualTo(new Durable(Zxid.of(2, 1)));
        assertThat(restartOn(disk.afterPowerLoss()).lastZxid()).isEqualTo(Zxid.of(2, 1));
        read(0);
        assertThat(ends(slices.receiveMessage().batches())).containsExactly(z(1), z(2), Zxid.of(2, 1));
    }

    @Test
    void answersTheEndOfALogThatIsShorterThanTheTruncationAskedFor() {
        open();
        append(chain(0, 2));
        endSyncs();
        actor.run(new LogProtocol.Truncate(z(9), truncated.getRef()));

        truncated.expectMessage(new LogProtocol.Truncated(z(2)));
    }

    @Test
    void beginsBehindASnapshotDurably() {
        open();
        append(chain(0, 5));
        actor.run(new LogProtocol.StartAfter(z(90), started.getRef()));
        assertThat(started.hasMessages()).isFalse();
        endSyncs();

        started.expectMessage(new LogProtocol.Started(z(90)));
        append(List.of(after(z(90))));
        endSyncs();
        LogProtocol.Opened after = restartOn(disk.afterPowerLoss());
        assertThat(after.baseZxid()).isEqualTo(z(90));
        assertThat(after.lastZxid()).isEqualTo(z(91));
    }

    @Test
    void doesNotPurgeTheFileThatAnFsyncIsUnderWayOn() {
        open();
        append(chain(0, 4));
        actor.run(new Purge(z(3)));
        endSyncs();

        assertThat(events).containsExactly(new Durable(z(1)), new Durable(z(4)));
        actor.run(new LogProtocol.Locate(z(1), located.getRef()));
        located.expectMessage(new LogProtocol.Located(z(1), z(3), true));
    }

    // ---- reading ----

    @Test
    void readsWhatIsNotDurableYet() {
        open();
        append(chain(0, 3));
        read(z(1));

        LogProtocol.Slice slice = slices.receiveMessage();
        assertThat(slice.afterZxid()).isEqualTo(z(1));
        assertThat(slice.purged()).isFalse();
        assertThat(ends(slice.batches())).containsExactly(z(2), z(3));
    }

    @Test
    void saysWhenAPositionWasPurgedAndWhereAnyOtherStands() {
        open();
        append(chain(0, 9));
        endSyncs();
        actor.run(new Purge(z(3)));
        read(z(2));
        assertThat(slices.receiveMessage()).isEqualTo(new LogProtocol.Slice(z(2), List.of(), true));
        read(z(9));
        assertThat(slices.receiveMessage()).isEqualTo(new LogProtocol.Slice(z(9), List.of(), false));

        for (long position : List.of(z(2), z(3), z(5), Zxid.of(8, 8))) {
            actor.run(new LogProtocol.Locate(position, located.getRef()));
        }

        assertThat(located.getAllReceived())
                .containsExactly(
                        new LogProtocol.Located(z(2), z(3), true),
                        new LogProtocol.Located(z(3), z(3), false),
                        new LogProtocol.Located(z(5), z(5), false),
                        new LogProtocol.Located(Zxid.of(8, 8), z(9), false));
    }

    @Test
    void takesABatchThatDoesNotFollowTheLastForABug() {
        open();

        assertThatThrownBy(() -> append(List.of(after(z(3))))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void it_measures_fsyncs_and_how_long_and_how_many_requests_wait_for_them() {
        open();
        List<Batch> batches = chain(0, 3);
        append(batches.subList(0, 1));
        clock.pass(5);
        append(batches.subList(1, 3));
        clock.pass(10);
        endSync();
        clock.pass(20);
        endSync();

        Summary fsyncs = metrics.summary("fsynctime");
        assertThat(List.of(fsyncs.count(), fsyncs.sum(), fsyncs.greatest())).containsExactly(2L, 35L, 20L);
        Summary atOnce = metrics.summary("sync_processor_batch_size");
        int first = batches.get(0).count();
        int rest = batches.get(1).count() + batches.get(2).count();
        assertThat(List.of(atOnce.least(), atOnce.greatest()))
                .containsExactly((long) Math.min(first, rest), (long) Math.max(first, rest));
        assertThat(metrics.distribution("sync_processor_queue_time_ms").greatest())
                .isEqualTo(10);
        assertThat(metrics.distribution("sync_processor_queue_and_flush_time_ms")
                        .greatest())
                .isEqualTo(30);
        assertThat(metrics.counter("sync_processor_request_queued").value()).isEqualTo(first + rest);
    }
}
