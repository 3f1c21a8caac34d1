package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How far the node may answer ahead of what a client reads. */
class UnsentTest {
    private static final long LARGE = 3 << 20;
    private static final long ALL = 20 << 20;
    private static final long MOST = 10 << 20;

    private final AllUnsent all = new AllUnsent(ALL, MOST);
    private final AtomicInteger resumed = new AtomicInteger();
    private final Unsent unsent = unsent(all);

    private Unsent unsent(AllUnsent sum) {
        return new Unsent(sum) {
            @Override
            void hasRoomAgain() {
                resumed.incrementAndGet();
            }
        };
    }

    @Test
    void aClientThatDoesNotReadIsAnsweredNoMore() {
        assertThat(unsent.takesMore()).isTrue();
        unsent.add(LARGE);
        assertThat(unsent.takesMore()).isTrue();
        unsent.add(LARGE);
        assertThat(unsent.takesMore()).isFalse();
    }

    @Test
    void itIsTakenUpAgainOnceWhenItHasRead() {
        unsent.add(LARGE);
        unsent.add(LARGE);
        assertThat(unsent.takesMore()).isFalse();
        unsent.remove(LARGE);
        assertThat(resumed).hasValue(0);
        unsent.remove(LARGE);
        assertThat(resumed).hasValue(1);
        assertThat(unsent.takesMore()).isTrue();
        assertThat(all.bytes()).isZero();
    }

    @Test
    void nobodyIsTakenUpWhoDidNotWait() {
        unsent.add(LARGE);
        unsent.remove(LARGE);
        assertThat(resumed).hasValue(0);
    }

    @Test
    void whereOthersHoldMuchEachGetsOneReplyAtATime() {
        Unsent others = unsent(all);
        others.add(ALL);
        assertThat(unsent.takesMore()).isTrue();
        unsent.add(1);
        assertThat(unsent.takesMore()).isFalse();
        unsent.remove(1);
        assertThat(resumed).hasValue(1);
    }

    @Test
    void whoHasGoneHoldsNothingAndIsDueNothing() {
        unsent.add(LARGE);
        unsent.close();
        assertThat(all.bytes()).isZero();
        assertThat(unsent.takesMore()).isFalse();
        assertThat(unsent.add(1)).isFalse();
        unsent.remove(LARGE);
        assertThat(all.bytes()).isZero();
        assertThat(resumed).hasValue(0);
    }

    @Test
    void whatCannotWaitIsRefusedBeyondTheMost() {
        assertThat(unsent.add(MOST)).isTrue();
        assertThat(unsent.add(1)).isTrue();
        assertThat(unsent.add(1)).isFalse();
        assertThat(all.bytes()).isEqualTo(MOST + 1);
    }

    @Test
    void andWhereAllHoldFarTooMuchFromWhoeverHasAShareOfIt() {
        AllUnsent sum = new AllUnsent(ALL, 3 * ALL);
        Unsent others = unsent(sum);
        others.add(2 * ALL);
        assertThat(others.add(1)).isFalse();
        Unsent late = unsent(sum);
        assertThat(late.add(100_000)).isTrue();
        assertThat(late.add(1)).isFalse();
    }
}
