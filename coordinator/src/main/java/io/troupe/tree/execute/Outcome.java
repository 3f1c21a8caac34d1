package io.troupe.tree.execute;

import io.troupe.request.ErrorCode;
import io.troupe.request.Result;
import java.util.List;

/**
 * What executing one request came to.
 *
 * @param changes what it did to the state, in the order of application; empty when it failed
 */
public record Outcome(Result result, List<Change> changes) {
    public Outcome {
        changes = List.copyOf(changes);
    }

    /** Failed, and left no trace. */
    public static Outcome failed(ErrorCode error) {
        return new Outcome(Result.failed(error), List.of());
    }
}
