package io.troupe.broadcast.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.pipeline.Admission.Position;
import io.troupe.broadcast.pipeline.Admission.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final Admission admission = new Admission(Map.of(2, new Position(6, 4)));

    private Verdict judge(int origin, long incarnation, long firstSequence, int count) {
        return admission.judge(Sections.section(origin, incarnation, firstSequence, count));
    }

    @Test
    void admitsTheNextSectionOfAnOrigin() {
        assertThat(judge(2, 6, 5, 3)).isEqualTo(Verdict.ADMIT);
        assertThat(judge(2, 6, 8, 1)).isEqualTo(Verdict.ADMIT);
    }

    @Test
    void admitsAnOriginThatTheHistoryDoesNotKnowFromItsFirstRequest() {
        assertThat(judge(3, 1, 1, 2)).isEqualTo(Verdict.ADMIT);
        assertThat(judge(4, 1, 2, 2)).isEqualTo(Verdict.GAP);
    }

    @Test
    void doesNotAdmitTwiceWhatTheHistoryHolds() {
        assertThat(judge(2, 6, 1, 4)).isEqualTo(Verdict.DUPLICATE);
        assertThat(judge(2, 6, 4, 1)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void doesNotAdmitTwiceWhatItHasAdmitted() {
        judge(2, 6, 5, 3);

        assertThat(judge(2, 6, 5, 3)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void findsThatRequestsAreMissing() {
        assertThat(judge(2, 6, 6, 1)).isEqualTo(Verdict.GAP);
        assertThat(judge(2, 6, 5, 1)).as("a gap admits nothing").isEqualTo(Verdict.ADMIT);
    }

    @Test
    void countsFromOneAgainWhenTheOriginHasRestarted() {
        assertThat(judge(2, 7, 2, 1)).isEqualTo(Verdict.GAP);
        assertThat(judge(2, 7, 1, 1)).isEqualTo(Verdict.ADMIT);
        assertThat(judge(2, 7, 2, 1)).isEqualTo(Verdict.ADMIT);
    }

    @Test
    void neverAdmitsRequestsOfAnEarlierIncarnation() {
        assertThat(judge(2, 5, 5, 1)).isEqualTo(Verdict.OUTDATED);
        assertThat(judge(2, 5, 1, 1)).isEqualTo(Verdict.OUTDATED);
    }

    @Test
    void admitsEveryRequestExactlyOnceHoweverOftenSectionsAreSentAgain() {
        Random random = new Random(3);
        Admission gate = new Admission(Map.of());
        List<Long> admitted = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            // Sections of two requests each, sent again from some point on whenever a connection breaks.
            long first = 1 + 2L * random.nextInt(100);
            if (gate.judge(Sections.section(2, 6, first, 2)) == Verdict.ADMIT) {
                admitted.add(first);
            }
        }

        assertThat(admitted).isNotEmpty().isSorted().doesNotHaveDuplicates();
        for (int i = 0; i < admitted.size(); i++) {
            assertThat(admitted.get(i)).isEqualTo(1 + 2L * i);
        }
    }
}
