package io.troupe.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom each waits for, by names as Curator makes them. */
class LineTest {
    private static final String A = "_c_ffffffff-9423-4e0c-a7b5-9f819e3ec2e1-lock-0000000007";
    private static final String B = "_c_00000000-9423-4e0c-a7b5-9f819e3ec2e1-lock-0000000010";
    private static final String C = "lock-0000000011";
    private static final String READ_1 = "_c_ffffffff-9423-4e0c-a7b5-9f819e3ec2e1-__READ__0000000001";
    private static final String WRITE_2 = "_c_00000000-9423-4e0c-a7b5-9f819e3ec2e1-__WRIT__0000000002";
    private static final String WRITE_3 = "_c_11111111-9423-4e0c-a7b5-9f819e3ec2e1-__WRIT__0000000003";
    private static final String READ_4 = "_c_22222222-9423-4e0c-a7b5-9f819e3ec2e1-__READ__0000000004";

    @Test
    void oneAtATimeInTheOrderOfTheNumbers() {
        Line.Rule rule = Line.alone(Line.LOCK);
        List<String> names = List.of(C, B, A);

        assertThat(Line.sorted(names, Line.LOCK)).containsExactly(A, B, C);
        assertThat(rule.blocker("/d", names, A)).isEmpty();
        assertThat(rule.blocker("/d", names, B)).contains("/d/" + A);
        assertThat(rule.blocker("/d", names, C)).contains("/d/" + B);
    }

    @Test
    void readersWaitForTheLastWriterBeforeThemAndWritersForAnybody() {
        List<String> names = List.of(READ_4, WRITE_3, WRITE_2, READ_1);

        assertThat(Line.reader().blocker("/d", names, READ_1)).isEmpty();
        assertThat(Line.writer().blocker("/d", names, WRITE_2)).contains("/d/" + READ_1);
        assertThat(Line.writer().blocker("/d", names, WRITE_3)).contains("/d/" + WRITE_2);
        assertThat(Line.reader().blocker("/d", names, READ_4)).contains("/d/" + WRITE_3);
    }

    @Test
    void aSemaphoreCountsAll() {
        assertThat(Line.atMost(2).blocker("/d", List.of("x", "y"), "y")).isEmpty();
        assertThat(Line.atMost(2).blocker("/d", List.of("x", "y", "z"), "z")).contains("/d");
    }
}
