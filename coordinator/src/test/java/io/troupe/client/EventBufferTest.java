package io.troupe.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.client.Event.Change;
import io.troupe.client.Event.Gap;
import io.troupe.client.Event.Kind;
import org.junit.jupiter.api.Test;

class EventBufferTest {
    private final EventBuffer buffer = new EventBuffer(2);

    private static Change change(long zxid) {
        return new Change(Kind.DATA_CHANGED, "/a", zxid);
    }

    @Test
    void whatThereIsNoRoomForBecomesOneGapBehindTheOthers() {
        for (int zxid = 1; zxid <= 5; zxid++) {
            buffer.add(change(zxid));
        }

        assertThat(buffer.poll()).isEqualTo(change(1));
        assertThat(buffer.poll()).isEqualTo(change(2));
        assertThat(buffer.poll()).isEqualTo(new Gap(2, 5));
        assertThat(buffer.poll()).isNull();
        buffer.add(change(6));
        assertThat(buffer.poll()).isEqualTo(change(6));
    }

    @Test
    void theConsumerIsToldOnceItHasFoundNothing() {
        assertThat(buffer.add(change(1))).isTrue();
        assertThat(buffer.add(change(2))).isFalse();
        buffer.poll();
        assertThat(buffer.add(change(3))).isFalse();
        buffer.poll();
        buffer.poll();
        assertThat(buffer.poll()).isNull();
        assertThat(buffer.add(change(4))).isTrue();
        assertThat(buffer.drain()).containsExactly(change(4));
    }

    @Test
    void gapsOfTheNodesMeltIntoOne() {
        buffer.add(change(1));
        buffer.add(new Gap(1, 9));
        buffer.add(change(12));

        assertThat(buffer.poll()).isEqualTo(change(1));
        assertThat(buffer.poll()).isEqualTo(new Gap(1, 12));
    }
}
