package io.troupe.snapshot;

import akka.actor.typed.ActorRef;
import io.troupe.ensemble.WireMessage;
import io.troupe.env.DiskFile;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the the snapshot actor, which owns the snapshot files: it writes what the tree encodes, keeps the newest
 * few, serves them to peers chunk by chunk and pulls one from a peer.
 */
public interface SnapshotProtocol {

    interface Command {}

    /** The tree begins a snapshot as of {@code zxid}. One at a time; a new one discards an unfinished one. */
    record Begin(long zxid, ActorRef<Event> replyTo) implements Command {}

    /** More bytes of the snapshot begun; answered by {@link Written} so that the tree runs at the disk's pace. */
    record Chunk(byte[] bytes) implements Command {}

    /** The snapshot is whole: fsync, rename, fsync the directory, purge older ones; answers {@link Completed}. */
    record Finish() implements Command {}

    /** Gives up the snapshot begun. */
    record Abandon() implements Command {}

    /** Fetch the newest snapshot of {@code nodeId}, as of {@code minZxid} or later; answers {@link Pulled}. */
    record Pull(int nodeId, long minZxid, ActorRef<Pulled> replyTo) implements Command {}

    /**
     * Keep the snapshot as of {@code zxid} for somebody who reads it, until he gives it back. Answered by a {@link Loan} or an
     * {@link java.io.IOException}.
     */
    record Lend(long zxid, CompletableFuture<Loan> borrower) implements Command {}

    /** One that was lent is not read any more. */
    record GivenBack(String name) implements Command {}

    /** Stop pulling: the leader is gone. What was fetched is kept for a resumption. */
    record CancelPull() implements Command {}

    /** What was written so far is durable, or why it is not; of the {@code nth} snapshot since the start. */
    record PieceSynced(long nth, @Nullable String failure) implements Command {}

    /** The fsync of the snapshot as of {@code zxid} has ended. */
    record WriteSynced(long zxid, @Nullable String failure) implements Command {}

    /** The fsync of the snapshot pulled has ended; there is one at a time. */
    record PullSynced(@Nullable String failure) implements Command {}

    /** Timer: datagrams may have been lost, ask again. */
    record RetryPull() implements Command {}

    /**
     * A snapshot for somebody to read.
     *
     * @param bytes of the whole file
     * @param giveBack to be called once, when it is closed
     */
    record Loan(long zxid, long bytes, DiskFile file, Runnable giveBack) {}

    /** To the tree: a peer needs a snapshot newer than there is. */
    record Needed() {}

    sealed interface Event {}

    record Written() implements Event {}

    record Completed(long zxid) implements Event {}

    record WriteFailed(String cause) implements Event {}

    /** A verified, durable snapshot of a peer stands in the data directory. */
    record Pulled(int nodeId, long zxid) {}

    /** From the pulling node: which snapshot have you? Asks for one at {@code minZxid} or later to be made if need be. */
    record DescribeRequest(int fromNode, long minZxid) implements Command, WireMessage {}

    /** {@code size} in bytes; {@code crc} is the CRC32C of the file. */
    record Description(int fromNode, long zxid, long size, int crc) implements Command, WireMessage {}

    record ChunkRequest(int fromNode, long zxid, long offset) implements Command, WireMessage {}

    /** {@code crc} is the CRC32C of {@code bytes}; empty bytes mean that the snapshot is gone: ask again. */
    record ChunkReply(int fromNode, long zxid, long offset, byte[] bytes, int crc) implements Command, WireMessage {}
}
