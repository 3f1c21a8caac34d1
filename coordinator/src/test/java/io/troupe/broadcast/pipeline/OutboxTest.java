package io.troupe.broadcast.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.pipeline.Admission.Verdict;
import io.troupe.request.Request;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import io.troupe.request.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int SECTION_BYTES = Sections.section(2, 6, 1, 3).image().length;

    private final Outbox outbox = new Outbox(2, 6, SECTION_BYTES);

    private static List<Request> requests(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(Sections::request).toList();
    }

    @Test
    void numbersRequestsContiguouslyFromOne() {
        outbox.add(requests(1, 2));
        Section first = only(outbox.takeUnsent());
        outbox.add(requests(3, 1));
        Section second = only(outbox.takeUnsent());

        assertThat(first).isEqualTo(new Section(first.image(), 2, 6, 1, 2, false));
        assertThat(second).isEqualTo(new Section(second.image(), 2, 6, 3, 1, false));
    }

    private static Section only(List<Section> sections) {
        assertThat(sections).hasSize(1);
        return sections.get(0);
    }

    @Test
    void keepsTheOrderInWhichRequestsCame() throws RequestFormatException {
        outbox.add(requests(1, 2));
        outbox.add(requests(3, 8));

        List<Request> sent = new ArrayList<>();
        for (Section section : outbox.takeUnsent()) {
            sent.addAll(RequestCodec.decode(section));
        }

        assertThat(sent).isEqualTo(requests(1, 10));
    }

    @Test
    void closesASectionOnceItIsLargeEnough() {
        outbox.add(requests(1, 7));

        assertThat(outbox.takeUnsent()).extracting(Section::count).containsExactly(3, 3, 1);
    }

    @Test
    void sendsEachSectionOnceToTheSameLeader() {
        outbox.add(requests(1, 7));
        outbox.takeUnsent();

        assertThat(outbox.hasUnsent()).isFalse();
        assertThat(outbox.takeUnsent()).isEmpty();
    }

    @Test
    void sendsTheVerySameSectionsAgainAfterARewind() {
        outbox.add(requests(1, 2));
        List<Section> before = new ArrayList<>(outbox.takeUnsent());
        outbox.add(requests(3, 5));
        before.addAll(outbox.takeUnsent());

        outbox.rewind();

        assertThat(outbox.hasUnsent()).isTrue();
        assertThat(outbox.takeUnsent()).isEqualTo(before);
    }

    @Test
    void doesNotSendAgainWhatHasExecuted() {
        outbox.add(requests(1, 7));
        List<Section> sections = outbox.takeUnsent();
        outbox.executed(3);

        outbox.rewind();

        assertThat(outbox.takeUnsent()).isEqualTo(sections.subList(1, 3));
    }

    @Test
    void keepsASectionOfWhichOnlyAPartHasExecuted() {
        outbox.add(requests(1, 3));
        List<Section> sections = outbox.takeUnsent();
        outbox.executed(2);

        outbox.rewind();

        assertThat(outbox.takeUnsent()).isEqualTo(sections);
    }

    @Test
    void sendsNothingAgainWhenEverythingHasExecuted() {
        outbox.add(requests(1, 4));
        outbox.takeUnsent();
        outbox.executed(4);

        outbox.rewind();
        assertThat(outbox.hasUnsent()).isFalse();
        outbox.add(requests(5, 1));

        assertThat(only(outbox.takeUnsent()).firstSequence()).isEqualTo(5);
    }

    @Test
    void sendsWhatItSentAndWhatHasGatheredSinceInOrderAfterARewind() {
        outbox.add(requests(1, 1));
        outbox.takeUnsent();
        outbox.add(requests(2, 1));

        outbox.rewind();

        assertThat(outbox.takeUnsent()).extracting(Section::firstSequence).containsExactly(1L, 2L);
    }

    @Test
    void sendsWhatHadGatheredBeforeThereWasALeader() {
        outbox.add(requests(1, 2));
        outbox.rewind();
        outbox.add(requests(3, 1));

        assertThat(outbox.takeUnsent().stream().mapToInt(Section::count).sum()).isEqualTo(3);
    }

    @Test
    void countsWhatHasNotExecuted() {
        assertThat(outbox.outstanding()).isZero();
        outbox.add(requests(1, 7));
        assertThat(outbox.outstanding()).isEqualTo(7);
        outbox.takeUnsent();
        assertThat(outbox.outstanding()).isEqualTo(7);

        outbox.executed(6);

        assertThat(outbox.outstanding()).isEqualTo(1);
    }

    /** Forwarding is exactly once (architecture section 3), whatever is lost with connections and leaders. */
    @Test
    void getsEveryRequestIntoTheHistoryOnceAndInOrderThroughAnyLosses() throws RequestFormatException {
        Random random = new Random(23);
        for (int run = 0; run < 200; run++) {
            Outbox origin = new Outbox(2, 6, SECTION_BYTES);
            List<Section> history = new ArrayList<>();
            int made = 0;
            int executed = 0;
            while (made < 60) {
                // Each round is one connection to one leader; the leader knows what is in the history, and no more.
                Admission leader = new Admission(position(history));
                origin.rewind();
                boolean connected = true;
                while (connected && made < 60) {
                    int more = random.nextInt(5);
                    origin.add(requests(made + 1, more));
                    made += more;
                    int arrive = random.nextInt(4);
                    List<Section> sent = origin.takeUnsent();
                    connected = sent.size() <= arrive;
                    for (Section section : sent.subList(0, Math.min(arrive, sent.size()))) {
                        if (leader.judge(section) == Verdict.ADMIT) {
                            history.add(section);
                        }
                    }
                    executed += random.nextInt(history.size() - executed + 1);
                    if (executed > 0) {
                        origin.executed(history.get(executed - 1).lastSequence());
                    }
                }
            }
            Admission last = new Admission(position(history));
            origin.rewind();
            origin.takeUnsent().stream()
                    .filter(section -> last.judge(section) == Verdict.ADMIT)
                    .forEach(history::add);

            List<Request> all = new ArrayList<>();
            for (Section section : history) {
                all.addAll(RequestCodec.decode(section));
            }
            assertThat(all).isEqualTo(requests(1, made));
        }
    }

    private static Map<Integer, Admission.Position> position(List<Section> history) {
        if (history.isEmpty()) {
            return Map.of();
        }
        Section last = history.get(history.size() - 1);
        return Map.of(2, new Admission.Position(last.incarnation(), last.lastSequence()));
    }
}
