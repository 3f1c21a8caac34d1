package io.troupe.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReapQueueTest {
    private static List<String> paths(int count) {
        return IntStream.range(0, count).mapToObj(i -> "/c" + i).toList();
    }

    @ParameterizedTest
    @CsvSource({"1, 60000, 1", "60, 1000, 1", "600, 100, 1", "10000, 100, 16"})
    void a_minute_takes_as_many_as_are_allowed(int perMinute, long spacingMillis, int atOnce) {
        ReapQueue queue = new ReapQueue(perMinute);
        queue.found(paths(50));

        assertThat(queue.spacingMillis()).isEqualTo(spacingMillis);
        assertThat(queue.next()).hasSize(atOnce);
    }

    @Test
    void each_comes_once_and_in_order() {
        ReapQueue queue = new ReapQueue(1_200);
        queue.found(paths(3));

        assertThat(queue.next()).containsExactly("/c0", "/c1");
        assertThat(queue.next()).containsExactly("/c2");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void there_may_be_more_where_as_many_were_found_as_were_asked_for() {
        ReapQueue queue = new ReapQueue(1_200);
        queue.found(paths(ReapQueue.MOST - 1));
        assertThat(queue.hasMore()).isFalse();
        queue.clear();
        assertThat(queue.isEmpty()).isTrue();
        queue.found(paths(ReapQueue.MOST));
        assertThat(queue.hasMore()).isTrue();
    }
}
