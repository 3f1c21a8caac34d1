package io.troupe.broadcast.pipeline;

import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Section;
import io.troupe.request.SectionBuilder;
import java.util.List;

/** Sections and batches of small requests. */
final class Sections {
    private Sections() {}

    static Request request(int number) {
        return new Request(1, 1, number, List.of(), new Operation.Delete("/n%06d".formatted(number), -1));
    }

    static Section section(int origin, long incarnation, long firstSequence, int count) {
        SectionBuilder builder = new SectionBuilder(origin, incarnation, firstSequence);
        for (int i = 0; i < count; i++) {
            builder.add(request((int) firstSequence + i));
        }
        return builder.build();
    }

    static Batch batch(long previous, long first, int count) {
        return Batch.seal(previous, first, 0, 0, 0, 0, List.of(section(9, 1, Zxid.counter(first), count)));
    }
}
