package io.troupe.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Shows;
import io.troupe.env.FakeDisk;
import io.troupe.log.LogProtocol;
import io.troupe.snapshot.SnapshotProtocol.Abandon;
import io.troupe.snapshot.SnapshotProtocol.Begin;
import io.troupe.snapshot.SnapshotProtocol.Chunk;
import io.troupe.snapshot.SnapshotProtocol.Completed;
import io.troupe.snapshot.SnapshotProtocol.Finish;
import io.troupe.snapshot.SnapshotProtocol.Lend;
import io.troupe.snapshot.SnapshotProtocol.Loan;
import io.troupe.snapshot.SnapshotProtocol.WriteFailed;
import io.troupe.snapshot.SnapshotProtocol.Written;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Writing and keeping; what travels to other nodes is in {@link SnapshotTransferTest}. */
class SnapshotActorTest {
    private final Net net = new Net();
    private final Net.Node node = net.node(1);
    private final FakeDisk disk = node.disk;

    private void begin(long zxid) {
        node.tell(new Begin(zxid, node.events.getRef()));
    }

    // ---- writing ----

    @Test
    void answersEachPieceSoThatTheTreeGoesAtTheDisksPace() {
        begin(5);
        node.tell(new Chunk(Content.bytes(10, 1)));
        node.tell(new Chunk(Content.bytes(10, 2)));
        assertThat(node.events.getAllReceived()).containsExactly(new Written(), new Written(), new Written());

        node.tell(new Finish());
        assertThat(node.events.hasMessages()).isFalse();
        node.synced();

        node.events.expectMessage(new Completed(5));
    }

    /** The fsync of a large snapshot's end would have the log's wait. */
    @Test
    void isMadeDurableInPieces() {
        begin(5);
        node.tell(new Chunk(Content.bytes(4 << 20, 1)));
        assertThat(node.events.getAllReceived()).containsExactly(new Written());
        node.tell(new Chunk(Content.bytes(10, 2)));
        assertThat(node.events.getAllReceived()).containsExactly(new Written());

        node.synced();

        assertThat(node.events.getAllReceived()).containsExactly(new Written());
        node.tell(new Finish());
        node.synced();
        node.events.expectMessage(new Completed(5));
    }

    @Test
    void whatComesOfAPieceOfAnEarlierOneIsForgotten() {
        begin(5);
        node.tell(new Chunk(Content.bytes(4 << 20, 1)));
        begin(5);
        node.events.getAllReceived();

        node.synced();

        assertThat(node.events.hasMessages()).isFalse();
    }

    @Test
    void aPieceThatCannotBeMadeDurableEndsIt() {
        begin(5);
        disk.failNextSync();
        node.tell(new Chunk(Content.bytes(4 << 20, 1)));
        node.events.getAllReceived();

        node.synced();

        assertThat(node.events.getAllReceived()).singleElement().isInstanceOf(WriteFailed.class);
        assertThat(disk.list()).isEmpty();
    }

    @Test
    @Shows("S22")
    void showsASnapshotOnlyOnceItIsDurable() throws IOException {
        begin(5);
        node.tell(new Chunk(Content.bytes(700_000, 1)));
        node.tell(new Finish());
        assertThat(new SnapshotCatalog(disk).newest()).isEmpty();
        assertThat(new SnapshotCatalog(disk.afterKill()).newest()).isEmpty();

        node.synced();

        assertThat(Content.newest(disk.afterPowerLoss())).isEqualTo(Content.bytes(700_000, 1));
    }

    @Test
    void leavesTheSnapshotsBeforeItWheneverThePowerFails() throws IOException {
        for (int n = 0; ; n++) {
            Net.Node crashing = new Net().node(1);
            crashing.write(1, Content.bytes(50, 1));
            crashing.disk.losePowerAtChange(n);
            crashing.tell(new Begin(2, crashing.events.getRef()));
            crashing.tell(new Chunk(Content.bytes(50, 2)));
            crashing.tell(new Finish());
            if (crashing.disk.syncsUnderWay() > 0) {
                crashing.synced();
            }
            boolean completed = crashing.events.getAllReceived().contains(new Completed(2));
            for (int seed = 0; seed < 20; seed++) {
                byte[] left = Content.newest(crashing.disk.afterPowerLoss(new SplittableRandom(seed)));
                assertThat(left).isIn(Content.bytes(50, 1), Content.bytes(50, 2));
                assertThat(!completed || left[0] == Content.bytes(50, 2)[0]).isTrue();
            }
            if (!crashing.disk.dark()) {
                assertThat(completed).isTrue();
                return;
            }
        }
    }

    @Test
    void discardsAnUnfinishedOneWhenAnotherBegins() throws IOException {
        begin(5);
        node.tell(new Chunk(Content.bytes(10, 1)));
        node.write(6, Content.bytes(20, 2));

        assertThat(Content.newest(disk)).isEqualTo(Content.bytes(20, 2));
        assertThat(disk.list()).containsExactly(SnapshotFile.nameFor(6));
    }

    @Test
    void forgetsOneThatIsAbandonedAndWhatStillComesOfIt() {
        begin(5);
        node.tell(new Chunk(Content.bytes(10, 1)));
        node.tell(new Abandon());
        node.events.getAllReceived();
        node.tell(new Chunk(Content.bytes(10, 1)));
        node.tell(new Finish());

        assertThat(disk.list()).isEmpty();
        assertThat(node.events.hasMessages()).isFalse();
    }

    @Test
    void doesNotPublishOneThatWasAbandonedDuringItsFsync() {
        begin(5);
        node.tell(new Finish());
        node.tell(new Abandon());
        node.synced();

        assertThat(disk.list()).isEmpty();
    }

    @Test
    void reportsAFailureOfAnyStepAndLeavesNothingBehind() {
        disk.failNextWrite();
        begin(5);
        node.tell(new Chunk(Content.bytes(10, 1)));
        assertThat(lastEvent()).isInstanceOf(WriteFailed.class);
        assertThat(disk.list()).isEmpty();

        begin(6);
        disk.failNextWrite();
        node.tell(new Finish());
        assertThat(lastEvent()).isInstanceOf(WriteFailed.class);
        assertThat(disk.list()).isEmpty();

        begin(7);
        node.tell(new Finish());
        node.syncFailed();
        assertThat(lastEvent()).isInstanceOf(WriteFailed.class);
        assertThat(disk.list()).isEmpty();
        assertThat(node.log.hasMessages()).isFalse();
    }

    @Test
    void doesNotCallOneCompleteWhoseNameIsNotDurable() {
        begin(5);
        node.tell(new Finish());
        disk.endSync();
        disk.failNextSync();
        node.actor.runOne();

        assertThat(lastEvent()).isInstanceOf(WriteFailed.class);
        assertThat(node.log.hasMessages()).isFalse();
    }

    private SnapshotProtocol.Event lastEvent() {
        List<SnapshotProtocol.Event> all = node.events.getAllReceived();
        return all.get(all.size() - 1);
    }

    // ---- keeping ----

    @Test
    void keepsTheNewestAndLetsTheLogForgetWhatLiesBeforeTheOldestKept() {
        node.write(5, Content.bytes(10, 1));
        assertThat(node.log.hasMessages()).isFalse();
        node.write(7, Content.bytes(10, 2));
        assertThat(node.log.getAllReceived()).containsExactly(new LogProtocol.Purge(5));

        node.write(9, Content.bytes(10, 3));

        assertThat(node.log.getAllReceived()).containsExactly(new LogProtocol.Purge(7));
        assertThat(disk.list()).containsExactly(SnapshotFile.nameFor(7), SnapshotFile.nameFor(9));
    }

    @Test
    void clearsAwayWhatCrashesLeftUnfinished() {
        disk.put(SnapshotFile.nameFor(3) + ".tmp", Content.bytes(10, 1));
        disk.put("node.meta.tmp", Content.bytes(10, 1));

        node.write(5, Content.bytes(10, 1));

        assertThat(disk.list()).containsExactlyInAnyOrder(SnapshotFile.nameFor(5), "node.meta.tmp");
    }

    // ---- lending ----

    @Test
    void whatIsLentStaysUntilItIsGivenBack() throws Exception {
        node.write(1, Content.bytes(50, 1));
        CompletableFuture<Loan> borrower = new CompletableFuture<>();
        node.tell(new Lend(1, borrower));
        Loan loan = borrower.join();
        node.write(2, Content.bytes(50, 2));
        node.write(3, Content.bytes(50, 3));
        assertThat(disk.list()).hasSize(3);
        assertThat(loan.bytes()).isEqualTo(loan.file().size()).isGreaterThan(50);

        loan.file().close();
        loan.giveBack().run();
        node.actor.runOne();
        node.write(4, Content.bytes(50, 4));

        assertThat(disk.list()).hasSize(2).noneMatch(name -> name.endsWith("1"));
    }

    @Test
    void whatIsNotThereIsNotLent() {
        CompletableFuture<Loan> borrower = new CompletableFuture<>();
        node.tell(new Lend(9, borrower));

        assertThat(borrower).isCompletedExceptionally();
    }
}
