package io.troupe.tree.execute;

import io.troupe.request.Batch;
import io.troupe.request.ErrorCode;
import io.troupe.request.Request;
import io.troupe.request.Section;
import io.troupe.tree.state.DataTree;
import org.jspecify.annotations.Nullable;

/** Executes committed requests on a tree, in zxid order. */
public final class Executor {
    private final DataTree tree;

    public Executor(DataTree tree) {
        this.tree = tree;
    }

    /** Hears of every request of a batch, in order, directly after it executed. */
    @FunctionalInterface
    public interface Observer {
        /**
         * @param section names the origin
         * @param sequence of the request at its origin
         * @param request null when the section's body could not be decoded
         */
        void executed(Section section, long sequence, @Nullable Request request, long zxid, Outcome outcome);
    }

    /**
     * Executes one request and moves the tree to {@code zxid}.
     *
     * @param timeMillis the leader's wall clock, of the batch
     */
    public Outcome execute(Request request, long zxid, long timeMillis) {
        tree.executed(zxid);
        return Outcome.failed(ErrorCode.SYSTEM_ERROR);
    }

    /**
     * Executes a batch that directly follows the tree's position.
     *
     * @throws IllegalStateException when it does not follow
     */
    public void execute(Batch batch, Observer observer) {
        tree.executed(batch.lastZxid());
    }
}
