package io.troupe.broadcast.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentBatchesTest {
    private static final int BYTES = Sections.batch(0, Zxid.of(1, 1), 1).image().length;

    private final RecentBatches recent = new RecentBatches(0, 3L * BYTES);

    private void append(int first, int last) {
        for (int i = first; i <= last; i++) {
            recent.append(Sections.batch(recent.lastZxid(), Zxid.of(1, i), 1));
        }
    }

    private static long at(int counter) {
        return Zxid.of(1, counter);
    }

    @Test
    void findsTheBatchThatFollowsAPosition() {
        append(1, 3);

        assertThat(recent.after(0)).isNotNull().extracting(Batch::lastZxid).isEqualTo(at(1));
        assertThat(recent.after(at(2))).isNotNull().extracting(Batch::lastZxid).isEqualTo(at(3));
        assertThat(recent.after(at(3))).isNull();
    }

    @Test
    void findsNothingBehindAPositionThatIsNotInItsHistory() {
        append(1, 1);
        recent.append(Sections.batch(at(1), Zxid.of(3, 1), 1));

        assertThat(recent.after(at(1))).isNotNull();
        assertThat(recent.after(Zxid.of(2, 7)))
                .as("a history that ended elsewhere")
                .isNull();
    }

    @Test
    void refusesABatchThatLeavesAGap() {
        append(1, 2);

        assertThatThrownBy(() -> recent.append(Sections.batch(at(3), at(4), 1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> recent.append(Sections.batch(at(1), at(2), 1)))
                .as("a batch that is there already")
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> recent.append(Sections.batch(at(1), Zxid.of(2, 1), 1)))
                .as("a later epoch that began elsewhere")
                .isInstanceOf(IllegalStateException.class);
        assertThat(recent.lastZxid()).isEqualTo(at(2));
    }

    @Test
    void deliversWholeBatchesInOrderAndOnce() {
        recent.append(Sections.batch(0, at(1), 3));
        recent.append(Sections.batch(at(3), at(4), 2));

        assertThat(recent.deliver(at(2))).isEmpty();
        assertThat(recent.deliver(at(4))).extracting(Batch::lastZxid).containsExactly(at(3));
        assertThat(recent.deliver(at(5))).extracting(Batch::lastZxid).containsExactly(at(5));
        assertThat(recent.deliver(at(5))).isEmpty();
    }

    @Test
    void forgetsTheDeliveredPastBeyondItsSizeAndNothingElse() {
        append(1, 10);
        assertThat(recent.after(0)).as("nothing is delivered yet").isNotNull();

        recent.deliver(at(5));
        assertThat(recent.after(at(4))).isNull();
        assertThat(recent.after(at(5))).isNotNull();
        recent.deliver(at(10));

        assertThat(recent.after(at(6))).isNull();
        assertThat(recent.after(at(7))).as("the last three fit").isNotNull();
    }

    @Test
    void dropsWhatLiesBehindTheTruncationPoint() {
        append(1, 5);
        recent.deliver(at(2));

        recent.truncate(at(3));

        assertThat(recent.lastZxid()).isEqualTo(at(3));
        assertThat(recent.undelivered()).extracting(Batch::lastZxid).containsExactly(at(3));
        recent.append(Sections.batch(at(3), Zxid.of(2, 1), 1));
        assertThat(recent.lastZxid()).isEqualTo(Zxid.of(2, 1));
    }

    @Test
    void dropsABatchThatReachesBeyondTheTruncationPoint() {
        append(1, 1);
        recent.append(Sections.batch(at(1), at(2), 3));

        recent.truncate(at(3));

        assertThat(recent.lastZxid()).isEqualTo(at(1));
    }

    @Test
    void endsAtWhatWasDeliveredWhenNothingElseRemains() {
        RecentBatches behindSnapshot = new RecentBatches(at(7), 100);
        behindSnapshot.append(Sections.batch(at(7), at(8), 1));

        behindSnapshot.truncate(at(7));

        assertThat(behindSnapshot.lastZxid()).isEqualTo(at(7));
    }

    @Test
    void refusesToDropWhatWasDelivered() {
        append(1, 5);
        recent.deliver(at(3));

        assertThatThrownBy(() -> recent.truncate(at(2))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToTruncateBeforeTheSnapshotItStartedFrom() {
        RecentBatches behindSnapshot = new RecentBatches(at(7), 100);

        assertThatThrownBy(() -> behindSnapshot.truncate(at(6))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void behavesAsAListWithAnEndUnderRandomUse() {
        Random random = new Random(11);
        RecentBatches batches = new RecentBatches(0, 5L * BYTES);
        List<Batch> model = new ArrayList<>();
        int delivered = 0;
        long epoch = 1;
        for (int i = 0; i < 5_000; i++) {
            long last = model.isEmpty() ? 0 : model.get(model.size() - 1).lastZxid();
            switch (random.nextInt(4)) {
                case 0 -> {
                    int keep = delivered + random.nextInt(model.size() - delivered + 1);
                    model.subList(keep, model.size()).clear();
                    batches.truncate(keep == 0 ? 0 : model.get(keep - 1).lastZxid());
                    epoch++;
                }
                case 1 -> {
                    int to = delivered + random.nextInt(model.size() - delivered + 1);
                    List<Batch> due =
                            batches.deliver(to == 0 ? 0 : model.get(to - 1).lastZxid());
                    assertThat(due).isEqualTo(model.subList(delivered, to));
                    delivered = to;
                }
                default -> {
                    long first = Zxid.epoch(last) == epoch ? last + 1 : Zxid.of(epoch, 1);
                    Batch next = Sections.batch(last, first, 1 + random.nextInt(3));
                    model.add(next);
                    batches.append(next);
                }
            }
            assertThat(batches.undelivered()).isEqualTo(model.subList(delivered, model.size()));
            assertThat(batches.lastZxid())
                    .isEqualTo(model.isEmpty() ? 0 : model.get(model.size() - 1).lastZxid());
        }
    }
}
