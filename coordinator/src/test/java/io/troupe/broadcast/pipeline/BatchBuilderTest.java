package io.troupe.broadcast.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.request.Section;
import org.junit.jupiter.api.Test;

class BatchBuilderTest {
    private static final int BYTES = Sections.section(2, 1, 1, 1).image().length;

    private final BatchBuilder builder = new BatchBuilder(3 * BYTES);

    private Section add(int number) {
        Section section = Sections.section(2, 1, number, 1);
        builder.add(section);
        return section;
    }

    @Test
    void givesSectionsBackInOrder() {
        Section first = add(1);
        Section second = add(2);

        assertThat(builder.next()).containsExactly(first, second);
        assertThat(builder.isEmpty()).isTrue();
    }

    @Test
    void putsNoMoreIntoABatchThanFits() {
        Section first = add(1);
        Section second = add(2);
        Section third = add(3);
        Section fourth = add(4);

        assertThat(builder.next()).containsExactly(first, second, third);
        assertThat(builder.next()).containsExactly(fourth);
    }

    @Test
    void isFullWithABatchsWorth() {
        add(1);
        add(2);
        assertThat(builder.full()).isFalse();
        add(3);
        assertThat(builder.full()).isTrue();

        builder.next();

        assertThat(builder.full()).isFalse();
    }

    @Test
    void letsASectionThatIsLargerThanABatchTravelAlone() {
        Section large = Sections.section(2, 1, 1, 100);
        builder.add(large);
        Section small = add(101);

        assertThat(builder.next()).containsExactly(large);
        assertThat(builder.next()).containsExactly(small);
    }
}
