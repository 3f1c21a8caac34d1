package io.troupe.tree;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.ReceiveBuilder;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.japi.function.Function;
import io.troupe.edge.Replicator;
import io.troupe.edge.SessionSink.End;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Clock;
import io.troupe.metrics.Metrics;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol.CollectTouched;
import io.troupe.tree.DataTreeProtocol.Command;
import io.troupe.tree.DataTreeProtocol.CommitPointConfirmed;
import io.troupe.tree.DataTreeProtocol.Disconnected;
import io.troupe.tree.DataTreeProtocol.Divergence;
import io.troupe.tree.DataTreeProtocol.Execute;
import io.troupe.tree.DataTreeProtocol.FindReapable;
import io.troupe.tree.DataTreeProtocol.FromSnapshot;
import io.troupe.tree.DataTreeProtocol.Open;
import io.troupe.tree.DataTreeProtocol.Reads;
import io.troupe.tree.DataTreeProtocol.Recover;
import io.troupe.tree.DataTreeProtocol.Recovered;
import io.troupe.tree.DataTreeProtocol.Serve;
import io.troupe.tree.DataTreeProtocol.SubscribeSessions;
import io.troupe.tree.DataTreeProtocol.Suspend;
import io.troupe.tree.DataTreeProtocol.TakeSnapshot;
import io.troupe.tree.DataTreeProtocol.Timer;
import io.troupe.tree.DataTreeProtocol.Touched;
import io.troupe.tree.DataTreeProtocol.TreeStatus;
import io.troupe.tree.local.LocalSession;
import io.troupe.tree.local.LocalSessions;
import io.troupe.tree.local.ReadExecutor;
import io.troupe.tree.local.SessionIds;
import io.troupe.tree.local.Watches;
import io.troupe.tree.state.DataTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state machine and the clients that read it here. States: <i>recovering</i> until the tree is loaded,
 * <i>suspended</i> while there is no confirmed leader (clients keep their connections, reads and pings wait), <i>read-only</i>
 * when that lasts and it is allowed, <i>serving</i>. Committed batches are executed in all but the first.
 */
public final class DataTreeActor extends AbstractBehavior<Command> {
    private final Surroundings around;
    private final LocalSessions sessions = new LocalSessions();
    private final TimerScheduler<Command> timers;
    private final Entrance entrance;
    private final TreeSnapshots snapshots;
    private final TreeMetrics metrics;
    private final DigestHistory digests = new DigestHistory();
    private final ClientReads reads;
    private final PublishedStatus status;
    private final List<DataTreeProtocol.Refuse> heldRefusals = new ArrayList<>();
    private final LeaseNews leases = new LeaseNews();
    private final MemberWishes wishes;
    private @Nullable Loaded loaded;

    /**
     * 0 while none is. Only with the leader of this epoch is there something to compare: what an earlier one wrote into its
     * batches may have been wrong, and would be again at each start.
     */
    private long servedEpoch;

    /** The tree and what works on it; replaced as a whole when a snapshot is installed. */
    private record Loaded(DataTree tree, Watches watches, BatchExecution execution) {}

    /**
     * Everything around this actor.
     *
     * @param incarnation of this start of the node
     * @param preloaded what was read of the catalog already
     * @param executed told after each {@link Execute}
     * @param diverged told when this node's tree is found to differ from the leader's, which it serves nobody with
     * @param undecided told when the leader of a tree that differs is gone before it was found out whose is wrong
     */
    public record Surroundings(
            int nodeId,
            long incarnation,
            TreeSettings settings,
            Clock clock,
            SnapshotCatalog catalog,
            PreloadedTree preloaded,
            ActorRef<SnapshotProtocol.Command> snapshots,
            Consumer<Replicator> replicator,
            Consumer<DataTreeProtocol.Executed> executed,
            Consumer<TreeStatus> status,
            Consumer<Divergence> diverged,
            Consumer<Divergence> undecided,
            Metrics metrics) {}

    private DataTreeActor(ActorContext<Command> context, TimerScheduler<Command> timers, Surroundings around) {
        super(context);
        context.setLoggerName(DataTreeActor.class);
        this.timers = timers;
        this.around = around;
        this.entrance = new Entrance(
                new SessionIds(around.nodeId(), around.clock()),
                around.clock(),
                around.settings().unreplicatedSessions(),
                around.replicator(),
                sessions,
                session -> tree().watches().remove(session));
        this.wishes = new MemberWishes(around.clock(), around.settings().standaloneEnabled());
        this.metrics = new TreeMetrics(around.metrics(), around.clock());
        this.reads = new ClientReads(sessions, around.replicator(), metrics, this::closed);
        this.status = new PublishedStatus(around.status());
        this.snapshots = new TreeSnapshots(
                around.settings(),
                around.clock(),
                around.snapshots(),
                context.messageAdapter(SnapshotProtocol.Event.class, FromSnapshot::new),
                metrics,
                pause -> around.clock()
                        .alarm(pause.toNanos(), () -> context.getSelf().tell(Timer.RESTED)));
    }

    public static Behavior<Command> create(Surroundings around) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new DataTreeActor(context, timers, around)));
    }

    /** Recovering. */
    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Recover.class, this::onRecover)
                .onMessage(Open.class, this::onOpenWhileSuspended)
                .onMessage(SubscribeSessions.class, this::onSubscribe)
                .onMessage(Command.class, message -> Behaviors.same())
                .build();
    }

    private Receive<Command> suspended() {
        return loaded(this::onExecute)
                .onMessage(Reads.class, this::onReadsWhileSuspended)
                .onMessage(Open.class, this::onOpenWhileSuspended)
                .onMessage(Serve.class, this::onServe)
                .onMessage(Suspend.class, message -> Behaviors.same())
                .onMessage(DataTreeProtocol.Refuse.class, this::onRefuseWhileSuspended)
                .onMessage(DataTreeProtocol.Resume.class, message -> Behaviors.same())
                .onMessageEquals(Timer.READ_ONLY, this::onReadOnly)
                .build();
    }

    private Receive<Command> readOnly() {
        return loaded(this::onExecute)
                .onMessage(Reads.class, this::onReadsWhileReadOnly)
                .onMessage(Open.class, this::onOpenWhileReadOnly)
                .onMessage(DataTreeProtocol.Resume.class, this::onResume)
                .onMessage(Serve.class, this::onServe)
                .onMessage(Suspend.class, message -> Behaviors.same())
                .onMessage(DataTreeProtocol.Refuse.class, this::onRefuseWhileSuspended)
                .onMessage(Timer.class, timer -> Behaviors.same())
                .build();
    }

    private Receive<Command> serving() {
        return loaded(this::onExecuteWhileServing)
                .onMessage(Reads.class, this::onReads)
                .onMessage(Open.class, this::onOpen)
                .onMessage(DataTreeProtocol.Resume.class, this::onResume)
                .onMessage(Serve.class, this::onServeOn)
                .onMessage(Suspend.class, message -> beginToWait())
                .onMessage(DataTreeProtocol.Refuse.class, this::onRefuse)
                .onMessage(Timer.class, timer -> Behaviors.same())
                .build();
    }

    /** This tree is wrong, or the leader's is: nobody must see more of it. */
    private Receive<Command> diverged(Divergence divergence) {
        return newReceiveBuilder()
                .onMessage(Suspend.class, message -> {
                    around.undecided().accept(divergence);
                    return Behaviors.same();
                })
                .onMessage(Command.class, message -> Behaviors.same())
                .build();
    }

    /** What is dealt with whenever there is a tree; cases are tried in their order, so the most frequent come first. */
    private ReceiveBuilder<Command> loaded(Function<Execute, Behavior<Command>> execute) {
        return newReceiveBuilder()
                .onMessage(Execute.class, execute)
                .onMessage(CollectTouched.class, this::onCollectTouched)
                .onMessage(CommitPointConfirmed.class, this::onConfirmed)
                .onMessage(DataTreeProtocol.Upgrade.class, this::onUpgrade)
                .onMessage(DataTreeProtocol.Identified.class, this::onIdentified)
                .onMessage(Disconnected.class, this::onDisconnected)
                .onMessage(SubscribeSessions.class, this::onSubscribe)
                .onMessage(FindReapable.class, this::onFindReapable)
                .onMessage(DataTreeProtocol.JudgeReconfiguration.class, this::onJudge)
                .onMessage(DataTreeProtocol.Report.class, this::onReport)
                .onMessage(FromSnapshot.class, this::onSnapshotEvent)
                .onMessage(TakeSnapshot.class, this::onTakeSnapshot)
                .onMessage(DataTreeProtocol.LendSnapshot.class, this::onLendSnapshot)
                .onMessageEquals(Timer.RESTED, () -> {
                    snapshots.rested();
                    return Behaviors.same();
                })
                .onMessage(Recover.class, this::onRecover);
    }

    private Loaded tree() {
        if (loaded == null) {
            throw new IllegalStateException("the tree is not loaded");
        }
        return loaded;
    }

    // ---- recovery ----

    private Behavior<Command> onRecover(Recover recover) throws IOException {
        snapshots.abandon();
        digests.clear();
        reads.forget();
        heldRefusals.clear();
        // A snapshot taken over from the leader may hide results: their clients must look for themselves.
        entrance.endAll(End.UNKNOWN_OUTCOME);
        long since = around.clock().monotonicMillis();
        boolean first = loaded == null;
        // There may not be room for two.
        loaded = null;
        DataTree tree = TreeSnapshots.newest(around.catalog(), around.preloaded(), recover.founding());
        if (first) {
            metrics.loaded(since);
        }
        Watches watches =
                new Watches(around.metrics(), tree.lastZxid(), around.settings().watchHistoryBytes());
        loaded = new Loaded(
                tree,
                watches,
                new BatchExecution(
                        around.nodeId(),
                        around.incarnation(),
                        tree,
                        watches,
                        sessions,
                        digests,
                        metrics,
                        reads::answerWaiting,
                        reads::answerBeforeWrite,
                        entrance));
        reads.from(tree, new ReadExecutor(tree, watches, around.settings().limits(), around.metrics()));
        recover.replyTo().tell(Recovered.of(tree));
        leases.tellAll(tree);
        return beginToWait();
    }

    // ---- with and without a leader ----

    private Behavior<Command> beginToWait() {
        servedEpoch = 0;
        around.settings()
                .readOnlyAfter()
                .ifPresent(patience -> timers.startSingleTimer(Timer.READ_ONLY, Timer.READ_ONLY, patience));
        publish(false);
        return suspended();
    }

    private Behavior<Command> onReadOnly() {
        getContext().getLog().info("No leader: answering reads of clients that are content with that");
        publish(true);
        return readOnly();
    }

    /** In another role, or in the next epoch. */
    private Behavior<Command> onServeOn(Serve serve) {
        servedEpoch = serve.epoch();
        return Behaviors.same();
    }

    private Behavior<Command> onServe(Serve serve) {
        servedEpoch = serve.epoch();
        timers.cancel(Timer.READ_ONLY);
        entrance.endReadOnly();
        reads.answerHeld();
        answerHeldRefusals();
        publish(false);
        return serving();
    }

    // ---- execution ----

    private Behavior<Command> onExecute(Execute message) {
        BatchExecution execution = tree().execution();
        DataTree tree = tree().tree();
        for (Batch batch : message.batches()) {
            Divergence divergence = Zxid.epoch(batch.lastZxid()) == servedEpoch ? digests.divergence(batch) : null;
            if (divergence != null) {
                metrics.mismatch();
                getContext().getLog().error("{}. It serves nobody from here on", divergence);
                around.diverged().accept(divergence);
                return diverged(divergence);
            }
            execution.execute(batch);
            digests.add(batch.lastZxid(), tree.digest());
            snapshots.executed(tree, batch.count());
        }
        reads.answerConfirmed();
        execution.flush();
        leases.tellChanges(execution);
        around.executed()
                .accept(new DataTreeProtocol.Executed(
                        tree.lastZxid(), tree.digest(), execution.ownSequence(), execution.takeMembership()));
        publish();
        return Behaviors.same();
    }

    /** Reads that came before it are held too. */
    private Behavior<Command> onRefuseWhileSuspended(DataTreeProtocol.Refuse refusal) {
        heldRefusals.add(refusal);
        return Behaviors.same();
    }

    private void answerHeldRefusals() {
        List<DataTreeProtocol.Refuse> held = List.copyOf(heldRefusals);
        heldRefusals.clear();
        held.forEach(tree().execution()::refuse);
        tree().execution().flush();
    }

    private Behavior<Command> onRefuse(DataTreeProtocol.Refuse refusal) {
        tree().execution().refuse(refusal);
        tree().execution().flush();
        return Behaviors.same();
    }

    private Behavior<Command> onExecuteWhileServing(Execute message) {
        Behavior<Command> next = onExecute(message);
        message.batches().forEach(metrics::propagated);
        return next;
    }

    // ---- connections ----

    private Behavior<Command> onOpenWhileSuspended(Open open) {
        Entrance.end(open.sink(), End.NOT_SERVING);
        return Behaviors.same();
    }

    private Behavior<Command> onOpenWhileReadOnly(Open open) {
        entrance.openReadOnly(open.connect(), open.sink(), tree().tree().lastZxid());
        publish();
        return Behaviors.same();
    }

    private Behavior<Command> onOpen(Open open) {
        entrance.open(open.connect(), open.sink(), tree().tree().lastZxid());
        publish();
        return Behaviors.same();
    }

    private Behavior<Command> onUpgrade(DataTreeProtocol.Upgrade message) {
        entrance.upgrade(message.session(), message.timeoutMillis());
        return Behaviors.same();
    }

    private Behavior<Command> onIdentified(DataTreeProtocol.Identified message) {
        LocalSession session = sessions.get(message.session());
        if (session != null) {
            session.identify(message.identities());
        }
        return Behaviors.same();
    }

    private Behavior<Command> onDisconnected(Disconnected message) {
        if (entrance.disconnected(message.sink())) {
            publish();
        }
        return Behaviors.same();
    }

    // ---- reads ----

    private Behavior<Command> onReadsWhileSuspended(Reads message) {
        reads.hold(message.reads());
        return Behaviors.same();
    }

    private Behavior<Command> onReadsWhileReadOnly(Reads message) {
        reads.answerReadOnly(message.reads());
        publishIfWatched();
        return Behaviors.same();
    }

    private Behavior<Command> onReads(Reads message) {
        reads.answer(message.reads());
        publishIfWatched();
        return Behaviors.same();
    }

    private Behavior<Command> onResume(DataTreeProtocol.Resume message) {
        reads.resume(message.sink());
        publishIfWatched();
        return Behaviors.same();
    }

    private Behavior<Command> onConfirmed(CommitPointConfirmed message) {
        reads.confirmed(message.tag(), message.zxid());
        return Behaviors.same();
    }

    /** The client of a session that only this node knows has closed it, and has its reply. */
    private void closed(LocalSession session) {
        entrance.close(session);
        publish();
    }

    // ---- leases, reaping, reports, snapshots ----

    private Behavior<Command> onCollectTouched(CollectTouched message) {
        entrance.expire();
        message.replyTo().tell(new Touched(sessions.takeTouched()));
        return Behaviors.same();
    }

    private Behavior<Command> onSubscribe(SubscribeSessions message) {
        leases.listener(message.listener());
        if (loaded != null) {
            leases.tellAll(loaded.tree());
        }
        return Behaviors.same();
    }

    private Behavior<Command> onFindReapable(FindReapable message) {
        List<String> paths = tree().tree().findReapable(message.max(), message.timeMillis(), message.neverUsedMillis());
        message.replyTo().tell(new DataTreeProtocol.Reapable(paths));
        return Behaviors.same();
    }

    private Behavior<Command> onJudge(DataTreeProtocol.JudgeReconfiguration message) {
        Operation resolved = wishes.judge(tree().tree(), message.wish(), message.synced());
        message.replyTo().tell(new DataTreeProtocol.Judged(resolved));
        return Behaviors.same();
    }

    private Behavior<Command> onReport(DataTreeProtocol.Report message) {
        message.answer().accept(new TreeReports(tree().tree(), tree().watches(), sessions, digests).of(message.part()));
        return Behaviors.same();
    }

    private Behavior<Command> onSnapshotEvent(FromSnapshot message) {
        snapshots.on(tree().tree(), message.event());
        return Behaviors.same();
    }

    private Behavior<Command> onTakeSnapshot(TakeSnapshot message) {
        snapshots.begin(tree().tree());
        return Behaviors.same();
    }

    private Behavior<Command> onLendSnapshot(DataTreeProtocol.LendSnapshot message) {
        snapshots.lend(tree().tree(), message.borrower());
        return Behaviors.same();
    }

    // ---- status ----

    private void publish(boolean nowReadOnly) {
        status.readOnly(nowReadOnly);
        publish();
    }

    private void publishIfWatched() {
        if (status.hasOther(tree().watches())) {
            publish();
        }
    }

    private void publish() {
        status.publish(tree().tree(), tree().watches(), entrance.unreplicatedCount());
    }
}
