package io.troupe.snapshot;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.ensemble.WireMessage;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Disk;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.log.LogProtocol;
import io.troupe.snapshot.SnapshotProtocol.Abandon;
import io.troupe.snapshot.SnapshotProtocol.Begin;
import io.troupe.snapshot.SnapshotProtocol.CancelPull;
import io.troupe.snapshot.SnapshotProtocol.Chunk;
import io.troupe.snapshot.SnapshotProtocol.ChunkReply;
import io.troupe.snapshot.SnapshotProtocol.ChunkRequest;
import io.troupe.snapshot.SnapshotProtocol.Command;
import io.troupe.snapshot.SnapshotProtocol.DescribeRequest;
import io.troupe.snapshot.SnapshotProtocol.Description;
import io.troupe.snapshot.SnapshotProtocol.Event;
import io.troupe.snapshot.SnapshotProtocol.Finish;
import io.troupe.snapshot.SnapshotProtocol.Needed;
import io.troupe.snapshot.SnapshotProtocol.PieceSynced;
import io.troupe.snapshot.SnapshotProtocol.Pull;
import io.troupe.snapshot.SnapshotProtocol.PullSynced;
import io.troupe.snapshot.SnapshotProtocol.RetryPull;
import io.troupe.snapshot.SnapshotProtocol.WriteSynced;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Owner of the snapshot files. It writes what the tree encodes, keeps the newest few and lets the log forget what lies before
 * them; it serves them to peers chunk by chunk and pulls one from a peer, by datagrams that it repeats until they are answered.
 */
public final class SnapshotActor extends AbstractBehavior<Command> {
    private static final Duration RETRY = Duration.ofMillis(200);

    private final int nodeId;
    private final Disk disk;
    private final long reserveBytes;
    private final SnapshotSettings settings;
    private final PeerTransport transport;
    private final TimerScheduler<Command> timers;
    private final ActorRef<LogProtocol.Command> log;
    private final Consumer<Needed> tree;
    private final SnapshotCatalog catalog;
    private final ServedSnapshots served;
    private @Nullable SnapshotWriter writer;
    private @Nullable ActorRef<Event> writingFor;
    /** Snapshots begun since the start. */
    private long begun;

    private @Nullable Pull pull;
    private @Nullable SnapshotPull transfer;
    private boolean heard;

    private SnapshotActor(ActorContext<Command> context, TimerScheduler<Command> timers, Surroundings around) {
        super(context);
        context.setLoggerName(SnapshotActor.class);
        this.timers = timers;
        this.nodeId = around.nodeId();
        this.disk = around.disk();
        this.reserveBytes = around.reserveBytes();
        this.settings = around.settings();
        this.transport = around.transport();
        this.log = around.log();
        this.tree = around.tree();
        this.catalog = new SnapshotCatalog(disk);
        this.served = new ServedSnapshots(nodeId, disk, catalog, settings.chunkBytes(), context.getLog());
    }

    /**
     * Everything around this actor.
     *
     * @param reserveBytes of the disk that no snapshot may use
     * @param tree told when a peer needs a snapshot newer than there is
     */
    public record Surroundings(
            int nodeId,
            Disk disk,
            long reserveBytes,
            SnapshotSettings settings,
            PeerTransport transport,
            ActorRef<LogProtocol.Command> log,
            Consumer<Needed> tree) {}

    public static Behavior<Command> create(Surroundings around) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new SnapshotActor(context, timers, around)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Begin.class, this::onBegin)
                .onMessage(Chunk.class, this::onChunk)
                .onMessage(Finish.class, this::onFinish)
                .onMessage(PieceSynced.class, this::onPieceSynced)
                .onMessage(WriteSynced.class, this::onWriteSynced)
                .onMessage(Abandon.class, this::onAbandon)
                .onMessage(DescribeRequest.class, this::onDescribeRequest)
                .onMessage(ChunkRequest.class, this::onChunkRequest)
                .onMessage(SnapshotProtocol.Lend.class, this::onLend)
                .onMessage(SnapshotProtocol.GivenBack.class, this::onGivenBack)
                .onMessage(Pull.class, this::onPull)
                .onMessage(CancelPull.class, this::onCancelPull)
                .onMessage(Description.class, this::onDescription)
                .onMessage(ChunkReply.class, this::onChunkReply)
                .onMessage(PullSynced.class, this::onPullSynced)
                .onMessage(RetryPull.class, this::onRetry)
                .build();
    }

    // ---- writing ----

    private Behavior<Command> onBegin(Begin begin) {
        abandon();
        writingFor = begin.replyTo();
        try {
            makeRoom();
            writer = new SnapshotWriter(disk, begin.zxid());
            begun++;
            begin.replyTo().tell(new SnapshotProtocol.Written());
        } catch (IOException e) {
            writeFailed(e.toString());
        }
        return Behaviors.same();
    }

    private Behavior<Command> onChunk(Chunk chunk) {
        if (writer != null && writingFor != null) {
            try {
                demandRoom(chunk.bytes().length);
                writer.write(chunk.bytes());
                if (writer.hasPiece()) {
                    syncPiece(writer);
                } else {
                    writingFor.tell(new SnapshotProtocol.Written());
                }
            } catch (IOException e) {
                writeFailed(e.toString());
            }
        }
        return Behaviors.same();
    }

    private void syncPiece(SnapshotWriter written) {
        ActorRef<Command> self = getContext().getSelf();
        long nth = begun;
        written.sync(failure -> self.tell(new PieceSynced(nth, failure == null ? null : failure.toString())));
    }

    private Behavior<Command> onPieceSynced(PieceSynced synced) {
        if (writer != null && writingFor != null && synced.nth() == begun) {
            if (synced.failure() == null) {
                writingFor.tell(new SnapshotProtocol.Written());
            } else {
                writeFailed(synced.failure());
            }
        }
        return Behaviors.same();
    }

    private Behavior<Command> onFinish(Finish finish) {
        if (writer != null) {
            SnapshotWriter sealed = writer;
            ActorRef<Command> self = getContext().getSelf();
            try {
                sealed.seal(failure ->
                        self.tell(new WriteSynced(sealed.zxid(), failure == null ? null : failure.toString())));
            } catch (IOException e) {
                writeFailed(e.toString());
            }
        }
        return Behaviors.same();
    }

    private Behavior<Command> onWriteSynced(WriteSynced synced) {
        if (writer == null || writer.zxid() != synced.zxid()) {
            return Behaviors.same();
        }
        if (synced.failure() != null) {
            writeFailed(synced.failure());
            return Behaviors.same();
        }
        try {
            writer.publish();
            writer = null;
            purge();
            getContext().getLog().info("Snapshot as of {} is on disk", Zxid.hex(synced.zxid()));
            if (writingFor != null) {
                writingFor.tell(new SnapshotProtocol.Completed(synced.zxid()));
            }
        } catch (IOException e) {
            writeFailed(e.toString());
        }
        return Behaviors.same();
    }

    /** The log, which must go on, has the last of the room; a snapshot takes none of that. */
    private void demandRoom(long bytes) throws IOException {
        long usable = disk.usableBytes();
        if (usable - bytes < reserveBytes) {
            throw new IOException(
                    "the disk is nearly full: %d bytes are free, %d are to be written and %d kept in reserve"
                            .formatted(usable, bytes, reserveBytes));
        }
    }

    /** Where room is short, one snapshot that is whole, and the log behind it, is all that is kept. */
    private void makeRoom() throws IOException {
        if (disk.usableBytes() < 2 * reserveBytes && catalog.newestFile().isPresent()) {
            purge(1, true);
        }
    }

    private void purge() throws IOException {
        purge(settings.keep(), false);
    }

    private void purge(int keep, boolean inHaste) throws IOException {
        served.changed();
        long oldest = catalog.purge(keep, inHaste, served.lent());
        if (oldest > 0) {
            log.tell(new LogProtocol.Purge(oldest));
        }
    }

    private Behavior<Command> onAbandon(Abandon message) {
        abandon();
        return Behaviors.same();
    }

    private void abandon() {
        if (writer != null) {
            try {
                writer.abandon();
            } catch (IOException e) {
                getContext().getLog().warn("An unfinished snapshot could not be removed: {}", e.toString());
            }
            writer = null;
        }
    }

    private void writeFailed(String cause) {
        getContext().getLog().error("The snapshot could not be written, the log grows until one can: {}", cause);
        abandon();
        if (writingFor != null) {
            writingFor.tell(new SnapshotProtocol.WriteFailed(cause));
        }
    }

    // ---- serving ----

    private Behavior<Command> onDescribeRequest(DescribeRequest request) {
        try {
            Optional<Description> newest = served.describe(request);
            if (newest.isPresent()) {
                send(request.fromNode(), newest.get());
            } else {
                tree.accept(new Needed());
            }
        } catch (IOException e) {
            getContext().getLog().warn("No snapshot can be served to node {}: {}", request.fromNode(), e.toString());
        }
        return Behaviors.same();
    }

    private Behavior<Command> onChunkRequest(ChunkRequest request) {
        send(request.fromNode(), served.chunk(request));
        return Behaviors.same();
    }

    private Behavior<Command> onLend(SnapshotProtocol.Lend message) {
        served.lend(message, getContext().getSelf());
        return Behaviors.same();
    }

    private Behavior<Command> onGivenBack(SnapshotProtocol.GivenBack message) {
        served.givenBack(message.name());
        return Behaviors.same();
    }

    // ---- pulling ----

    private Behavior<Command> onPull(Pull message) {
        suspendTransfer();
        pull = message;
        describe(message);
        timers.startTimerWithFixedDelay(RetryPull.class, new RetryPull(), RETRY);
        return Behaviors.same();
    }

    private void describe(Pull wanted) {
        send(wanted.nodeId(), new DescribeRequest(nodeId, wanted.minZxid()));
    }

    private Behavior<Command> onCancelPull(CancelPull message) {
        suspendTransfer();
        pull = null;
        timers.cancel(RetryPull.class);
        return Behaviors.same();
    }

    /** A transfer whose fsync is under way ends with that: its file is not to be closed, nor resumed, before. */
    private void suspendTransfer() {
        if (transfer != null && !transfer.sealing()) {
            try {
                transfer.suspend();
            } catch (IOException e) {
                getContext().getLog().warn("Closing an unfinished transfer failed: {}", e.toString());
            }
            transfer = null;
        }
    }

    private Behavior<Command> onDescription(Description description) throws IOException {
        if (pull == null || transfer != null || !answers(description, pull)) {
            return Behaviors.same();
        }
        if (disk.usableBytes() - description.size() < reserveBytes) {
            getContext()
                    .getLog()
                    .error(
                            "The disk is too full for the leader's snapshot of {} bytes, {} are free; waiting for room",
                            description.size(),
                            disk.usableBytes());
            makeRoom();
            return Behaviors.same();
        }
        getContext()
                .getLog()
                .info(
                        "Fetching the snapshot as of {} from node {}, {} bytes",
                        Zxid.hex(description.zxid()),
                        description.fromNode(),
                        description.size());
        transfer = new SnapshotPull(disk, description, settings);
        return goOn();
    }

    private Behavior<Command> onChunkReply(ChunkReply chunk) throws IOException {
        if (pull == null || transfer == null || transfer.sealing() || chunk.fromNode() != pull.nodeId()) {
            return Behaviors.same();
        }
        if (chunk.bytes().length == 0) {
            // The peer has purged it: ask for its newest one.
            suspendTransfer();
            describe(pull);
            return Behaviors.same();
        }
        heard = true;
        if (disk.usableBytes() - chunk.bytes().length < reserveBytes) {
            getContext().getLog().error("The disk is full: the leader's snapshot waits, half received, for room");
            suspendTransfer();
            return Behaviors.same();
        }
        transfer.take(chunk);
        return goOn();
    }

    private Behavior<Command> goOn() {
        if (pull == null || transfer == null) {
            return Behaviors.same();
        }
        if (transfer.complete()) {
            timers.cancel(RetryPull.class);
            ActorRef<Command> self = getContext().getSelf();
            transfer.seal(failure -> self.tell(new PullSynced(failure == null ? null : failure.toString())));
            return Behaviors.same();
        }
        for (long offset : transfer.wanted()) {
            send(pull.nodeId(), new ChunkRequest(nodeId, transfer.description().zxid(), offset));
        }
        return Behaviors.same();
    }

    private Behavior<Command> onPullSynced(PullSynced synced) throws IOException {
        SnapshotPull ended = Objects.requireNonNull(transfer);
        transfer = null;
        if (synced.failure() != null) {
            // It can be read, and may be gone after a power loss all the same: it must not be resumed from.
            ended.discard();
            throw new IOException("fsync of a received snapshot failed: " + synced.failure());
        }
        Pull wanted = pull;
        if (wanted == null || !answers(ended.description(), wanted)) {
            ended.suspend();
            return Behaviors.same();
        }
        timers.cancel(RetryPull.class);
        try {
            ended.publish();
        } catch (IOException e) {
            getContext().getLog().warn("The snapshot received is not whole, fetching it again: {}", e.getMessage());
            return onPull(wanted);
        }
        pull = null;
        served.changed();
        wanted.replyTo()
                .tell(new SnapshotProtocol.Pulled(
                        wanted.nodeId(), ended.description().zxid()));
        return Behaviors.same();
    }

    private static boolean answers(Description description, Pull wanted) {
        return description.fromNode() == wanted.nodeId() && description.zxid() >= wanted.minZxid();
    }

    private Behavior<Command> onRetry(RetryPull message) {
        if (pull != null && transfer == null) {
            describe(pull);
        } else if (transfer != null && !transfer.sealing() && !heard) {
            transfer.retry();
            goOn();
        }
        heard = false;
        return Behaviors.same();
    }

    private void send(int node, WireMessage message) {
        transport.send(node, Recipient.SNAPSHOT, message);
    }
}
