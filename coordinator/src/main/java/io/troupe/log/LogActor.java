package io.troupe.log;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.env.Clock;
import io.troupe.env.DamagedFileException;
import io.troupe.env.Disk;
import io.troupe.log.LogProtocol.Append;
import io.troupe.log.LogProtocol.Command;
import io.troupe.log.LogProtocol.Event;
import io.troupe.log.LogProtocol.Locate;
import io.troupe.log.LogProtocol.Open;
import io.troupe.log.LogProtocol.Purge;
import io.troupe.log.LogProtocol.Read;
import io.troupe.log.LogProtocol.SaveMeta;
import io.troupe.log.LogProtocol.StartAfter;
import io.troupe.log.LogProtocol.SyncEnded;
import io.troupe.log.LogProtocol.Truncate;
import io.troupe.log.segment.TransactionLog;
import io.troupe.metrics.Metrics;
import io.troupe.request.Batch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Owner of the log and of the node's promises, and of the one queue of fsyncs. States: <i>closed</i> until it is told to
 * open, <i>open</i>, and <i>failed</i> for good after the first failed write or fsync.
 *
 * <p>Group commit: batches are written as they come; one fsync at a time runs, and when it ends everything written before it
 * began is reported at once. The actor has a thread to itself, which waits for the disk: what comes meanwhile gathers in its
 * mailbox. What must be durable strictly after the history before it (promises, truncation) waits
 * until no fsync is owed, and whatever comes behind it waits too.
 */
public final class LogActor extends AbstractBehavior<Command> {
    /** So short that the last record is hardly ever without a mark, so long that a busy log needs none. */
    private static final Duration WHEN_QUIET = Duration.ofMillis(200);

    private final TimerScheduler<Command> timers;
    private final Disk disk;
    private final LogSettings settings;
    private final MetaFile metaFile;
    private final LogMetrics metrics;
    private final Deque<Command> waiting = new ArrayDeque<>();
    private @Nullable TransactionLog log;
    private @Nullable Consumer<Event> listener;
    private @Nullable NodeMeta found;
    private boolean syncing;
    private long synced;

    private LogActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Disk disk,
            LogSettings settings,
            Clock clock,
            Metrics metrics) {
        super(context);
        this.timers = timers;
        context.setLoggerName(LogActor.class);
        this.disk = disk;
        this.settings = settings;
        this.metaFile = new MetaFile(disk);
        this.metrics = new LogMetrics(metrics, clock);
    }

    /** A log that is closed; {@code clock} only measures. */
    public static Behavior<Command> create(Disk disk, LogSettings settings, Clock clock, Metrics metrics) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new LogActor(context, timers, disk, settings, clock, metrics)));
    }

    /** Closed. */
    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Open.class, this::onOpen).build();
    }

    private Receive<Command> open() {
        return newReceiveBuilder()
                .onMessage(SyncEnded.class, this::onSyncEnded)
                .onMessage(Command.class, this::onCommand)
                .build();
    }

    private Receive<Command> failed() {
        return newReceiveBuilder()
                .onMessage(Command.class, command -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onOpen(Open open) throws IOException {
        listener = open.listener();
        NodeMeta meta = metaFile.read();
        found = meta;
        TransactionLog opened = TransactionLog.open(disk, settings);
        log = opened;
        synced = opened.lastZxid();
        open.replyTo()
                .tell(new LogProtocol.Opened(
                        meta, opened.baseZxid(), opened.lastZxid(), opened.commitZxid(), opened.damage()));
        markSoon();
        return open();
    }

    private Behavior<Command> onCommand(Command command) {
        if (!waiting.isEmpty() || mustWait(command)) {
            waiting.add(command);
            return Behaviors.same();
        }
        return carryOut(command) ? Behaviors.same() : failed();
    }

    private boolean mustWait(Command command) {
        return (command instanceof SaveMeta
                        || command instanceof Truncate
                        || command instanceof StartAfter
                        || command instanceof Purge)
                && (syncing || theLog().lastZxid() != synced);
    }

    private TransactionLog theLog() {
        return Objects.requireNonNull(log);
    }

    private boolean carryOut(Command command) {
        try {
            String full = whyFull(command);
            if (full != null) {
                waiting.clear();
                tellListener(new LogProtocol.Full(full));
                return false;
            }
            handle(command);
            return true;
        } catch (DamagedFileException e) {
            return damaged(e);
        } catch (IOException e) {
            fail(command.getClass().getSimpleName() + " failed: " + e);
            return false;
        }
    }

    /** Noticed before anything is written: a write that fails half way, or its fsync, would end the process. */
    private @Nullable String whyFull(Command command) throws IOException {
        long takes = 0;
        long keeps = settings.smallFilesBytes();
        if (command instanceof Append append) {
            takes = theLog().growthFor(append.batch());
            keeps = settings.reserveBytes();
        }
        if (takes == 0 && !(command instanceof SaveMeta)) {
            return null;
        }
        long usable = disk.usableBytes();
        return usable - takes >= keeps
                ? null
                : "%d bytes are free, %d are to be written and %d are kept in reserve".formatted(usable, takes, keeps);
    }

    private boolean damaged(DamagedFileException found) {
        String cause = Objects.requireNonNullElse(found.getMessage(), found.toString());
        try {
            // The next opening may find this record torn, if it is the last one: but it was durable.
            theLog().damaged(cause);
            waiting.clear();
            tellListener(new LogProtocol.Damaged(cause));
        } catch (IOException e) {
            fail(cause + ", which could not be written down: " + e);
        }
        return false;
    }

    private void handle(Command command) throws IOException {
        if (command instanceof Append append) {
            theLog().append(append.batch(), synced);
            metrics.written(append.batch());
            syncIfOwed();
        } else if (command instanceof Read read) {
            boolean purged = !theLog().reaches(read.zxid());
            List<Batch> batches = purged ? List.of() : theLog().read(read.zxid(), read.maxBytes());
            read.replyTo().tell(new LogProtocol.Slice(read.zxid(), batches, purged));
        } else if (command instanceof Locate locate) {
            boolean purged = !theLog().reaches(locate.zxid());
            long end = purged ? theLog().baseZxid() : theLog().batchEndAtOrBelow(locate.zxid());
            locate.replyTo().tell(new LogProtocol.Located(locate.zxid(), end, purged));
        } else if (command instanceof SaveMeta save) {
            saveMeta(save.meta());
            save.replyTo().tell(new LogProtocol.MetaSaved(save.meta()));
        } else if (command instanceof Truncate truncate) {
            theLog().truncate(truncate.zxid());
            synced = theLog().lastZxid();
            truncate.replyTo().tell(new LogProtocol.Truncated(synced));
        } else if (command instanceof StartAfter start) {
            theLog().startAfter(start.zxid());
            synced = theLog().lastZxid();
            start.replyTo().tell(new LogProtocol.Started(start.zxid()));
        } else if (command instanceof Purge purge) {
            theLog().purge(purge.zxid());
        } else if (command == LogProtocol.Timer.MARK) {
            markEnd();
        } else if (command == LogProtocol.Timer.TWIN) {
            metaFile.writeTwin();
        }
    }

    /** On a full disk the last record stays without: that costs nothing until it is damaged, a failed write costs the node. */
    private void markEnd() throws IOException {
        boolean durable = !syncing && theLog().lastZxid() == synced;
        if (durable && !theLog().isMarked() && disk.usableBytes() >= settings.reserveBytes()) {
            theLog().mark();
            sync();
        }
    }

    private void markSoon() {
        if (theLog().isMarked()) {
            return;
        }
        timers.startSingleTimer(LogProtocol.Timer.MARK, LogProtocol.Timer.MARK, WHEN_QUIET);
    }

    private void saveMeta(NodeMeta meta) throws IOException {
        metaFile.write(meta);
        timers.startSingleTimer(LogProtocol.Timer.TWIN, LogProtocol.Timer.TWIN, WHEN_QUIET);
        if (theLog().damage() != null && (found == null || found.diskId() != meta.diskId())) {
            // The node no longer is the one whose acknowledgements were lost.
            theLog().forgetDamage();
        }
    }

    private void syncIfOwed() {
        if (!syncing && theLog().lastZxid() != synced) {
            sync();
        }
    }

    private void sync() {
        syncing = true;
        metrics.flushing();
        long through = theLog().lastZxid();
        ActorRef<Command> self = getContext().getSelf();
        theLog().file()
                .syncInPlace(failure -> self.tell(new SyncEnded(through, failure == null ? null : failure.toString())));
    }

    private Behavior<Command> onSyncEnded(SyncEnded ended) {
        syncing = false;
        metrics.flushed();
        if (ended.failure() != null) {
            fail("fsync of the log failed: " + ended.failure());
            return failed();
        }
        if (ended.zxid() != synced) {
            synced = ended.zxid();
            tellListener(new LogProtocol.Durable(synced));
        }
        syncIfOwed();
        if (!syncing) {
            markSoon();
        }
        while (!waiting.isEmpty() && !mustWait(waiting.getFirst())) {
            if (!carryOut(waiting.removeFirst())) {
                return failed();
            }
        }
        return Behaviors.same();
    }

    private void fail(String cause) {
        getContext().getLog().error("{}", cause);
        waiting.clear();
        tellListener(new LogProtocol.Failed(cause));
    }

    private void tellListener(Event event) {
        if (listener != null) {
            listener.accept(event);
        }
    }
}
