package io.troupe.log;

import akka.actor.typed.ActorRef;
import io.troupe.request.Batch;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Messages of the the log actor. Commands are carried out in the order in which they arrive. */
public interface LogProtocol {

    sealed interface Command {}

    /**
     * Scans the log, cuts a torn tail and answers {@link Opened}. The first message; {@code listener} gets every later
     * {@link Durable} and {@link Failed}, on the log actor's thread: it only passes them on.
     */
    record Open(ActorRef<Opened> replyTo, Consumer<Event> listener) implements Command {}

    /** Appends a batch; {@link Durable} follows once it is fsynced. One that does not follow the last is a bug: fatal. */
    record Append(Batch batch) implements Command {}

    /** Removes every batch behind {@code zxid}, durably. */
    record Truncate(long zxid, ActorRef<Truncated> replyTo) implements Command {}

    /** Discards the whole log and lets it begin behind {@code zxid}: a snapshot of that position was installed. */
    record StartAfter(long zxid, ActorRef<Started> replyTo) implements Command {}

    /** Reads batches behind {@code zxid}, at least one and about {@code maxBytes}; answers {@link Slice}. */
    record Read(long zxid, int maxBytes, ActorRef<Slice> replyTo) implements Command {}

    /** Where a peer's last zxid stands in this log; answers {@link Located}. */
    record Locate(long zxid, ActorRef<Located> replyTo) implements Command {}

    /**
     * Makes {@code meta} durable, strictly after everything appended before it (contract 9.6 item 1: history, then
     * epoch); answers {@link MetaSaved}.
     */
    record SaveMeta(NodeMeta meta, ActorRef<MetaSaved> replyTo) implements Command {}

    /** Segments that hold nothing behind {@code zxid} may go. */
    record Purge(long zxid) implements Command {}

    /** From the fsync under way: everything up to {@code zxid} is durable, unless it failed. */
    record SyncEnded(long zxid, @Nullable String failure) implements Command {}

    enum Timer implements Command {
        /** Nothing has been written for a while: the last record may lack one behind it that says that it is durable. */
        MARK,
        /** The second copy of the node's promises has had to wait. */
        TWIN
    }

    /**
     * @param meta null in a data directory used for the first time
     * @param baseZxid the log holds what is behind this position
     * @param lastZxid end of the log; {@code baseZxid} when it is empty
     * @param commitZxid the greatest commit point that any batch in the log records, 0 for none
     * @param damage file, offset and cause when something before the tail was unreadable; the log then ends before the
     *     damage, and what it acknowledged behind is lost: the node must not vote until readmitted
     */
    record Opened(
            @Nullable NodeMeta meta,
            long baseZxid,
            long lastZxid,
            long commitZxid,
            @Nullable String damage) {}

    /** {@code lastZxid} is the end of the log after truncation: at most what was asked, less where the log was shorter. */
    record Truncated(long lastZxid) {}

    record Started(long zxid) {}

    /**
     * @param afterZxid as asked
     * @param batches contiguous, the first one directly follows {@code afterZxid}; empty at the end of the log
     * @param purged true when the log no longer (or never) holds the position {@code afterZxid}
     */
    record Slice(long afterZxid, List<Batch> batches, boolean purged) {}

    /**
     * @param zxid as asked
     * @param batchEnd the greatest end of a batch (or the base) at or below it; equal to it when the log knows it
     * @param purged true when the position lies before the base of the log
     */
    record Located(long zxid, long batchEnd, boolean purged) {}

    record MetaSaved(NodeMeta meta) {}

    sealed interface Event {}

    /** Everything up to {@code zxid} is fsynced. */
    record Durable(long zxid) implements Event {}

    /**
     * What was durable is unreadable. The log answers nothing any more; opened anew it reports the damage, and the node must not
     * vote as the one that had acknowledged what is lost.
     */
    record Damaged(String cause) implements Event {}

    /**
     * The disk is so full that the log must not grow. What was to be appended is not, and the log answers nothing any more:
     * the node takes part again once there is room. Nothing has failed, and nothing that was acknowledged is lost.
     */
    record Full(String cause) implements Event {}

    /** A write or fsync failed: the node must stop (contract 9.6 item 25). */
    record Failed(String cause) implements Event {}
}
