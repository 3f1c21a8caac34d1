package io.troupe.log;

import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.SectionBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** History for the tests of the log. */
public final class Batches {
    private Batches() {}

    /** A batch of {@code count} requests that directly follows {@code previous}. */
    public static Batch batch(long previous, long first, int count, long commitZxid) {
        SectionBuilder section = new SectionBuilder(1, 1, Zxid.counter(first));
        for (int i = 0; i < count; i++) {
            byte[] data = ("value " + (first + i)).getBytes(StandardCharsets.UTF_8);
            section.add(new Request(77, 5, i, List.of(), new Operation.SetData("/a", data, -1)));
        }
        return Batch.seal(previous, first, commitZxid, 1_000, 0, 0, List.of(section.build()));
    }

    /** The next batch of one request in the same epoch, or the first of epoch 1. */
    public static Batch after(long previous) {
        return batch(previous, previous == 0 ? Zxid.of(1, 1) : previous + 1, 1, previous);
    }

    /** {@code count} batches of one request each. */
    public static List<Batch> chain(long previous, int count) {
        List<Batch> batches = new ArrayList<>();
        long last = previous;
        for (int i = 0; i < count; i++) {
            batches.add(after(last));
            last = batches.get(i).lastZxid();
        }
        return batches;
    }

    /** Where batches end, to be compared. */
    public static List<Long> ends(List<Batch> batches) {
        return batches.stream().map(Batch::lastZxid).toList();
    }
}
