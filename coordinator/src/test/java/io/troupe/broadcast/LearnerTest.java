package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.Learner.Step;
import io.troupe.link.Links;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LearnerTest {
    private final Learner learner = new Learner(new Links(1, 1).dial(2), Samples.info(2, 102, "ensemble", 4));

    @Test
    void hasReachedItsStepAndAllBeforeIt() {
        learner.step(Step.RECEIVING);

        assertThat(learner.reached(Step.CONNECTED)).isTrue();
        assertThat(learner.reached(Step.RECEIVING)).isTrue();
        assertThat(learner.reached(Step.TOLD_NEW_LEADER)).isFalse();
        assertThat(learner.reached(Step.SYNCED)).isFalse();
    }

    @Test
    void owesItsPositionOnlyWhenItWasAskedForOne() {
        Set<Step> owing = EnumSet.noneOf(Step.class);
        for (Step step : Step.values()) {
            learner.step(step);
            if (learner.awaitsPosition()) {
                owing.add(step);
            }
        }

        assertThat(owing).containsExactly(Step.TOLD_EPOCH, Step.REPAIRING);
    }

    @Test
    void doesNotCountBeforeItSaysSo() {
        assertThat(learner.promiseCounts()).isFalse();
        assertThat(learner.step()).isEqualTo(Step.CONNECTED);
    }

    @Test
    void holdsWhatItAcknowledgedHoweverLateOlderAcknowledgementsCome() {
        learner.acked(zxid(1, 5));
        learner.acked(zxid(1, 3));

        assertThat(learner.acked()).isEqualTo(zxid(1, 5));
    }

    @Test
    void closesItsWindowByBytesUntilTheyAreAcknowledged() {
        learner.startFrom(0);
        learner.sent(zxid(1, 1), 60);
        assertThat(learner.windowOpen(100, 10)).isTrue();
        learner.sent(zxid(1, 2), 60);
        assertThat(learner.windowOpen(100, 10)).isFalse();

        learner.acked(zxid(1, 1));

        assertThat(learner.windowOpen(100, 10)).isTrue();
        assertThat(learner.sent()).isEqualTo(zxid(1, 2));
    }

    @Test
    void closesItsWindowByBatches() {
        learner.startFrom(0);
        learner.sent(zxid(1, 1), 1);
        learner.sent(zxid(1, 2), 1);
        assertThat(learner.windowOpen(100, 2)).isFalse();

        learner.acked(zxid(1, 2));

        assertThat(learner.windowOpen(100, 2)).isTrue();
    }

    @Test
    void startsOverAfterItsHistoryWasRepaired() {
        learner.startFrom(0);
        learner.sent(zxid(1, 1), 100);
        learner.acked(zxid(1, 9));

        learner.startFrom(zxid(1, 3));

        assertThat(learner.sent()).isEqualTo(zxid(1, 3));
        assertThat(learner.acked()).as("it may speak of what was cut off").isZero();
        assertThat(learner.windowOpen(100, 1)).isTrue();
    }
}
