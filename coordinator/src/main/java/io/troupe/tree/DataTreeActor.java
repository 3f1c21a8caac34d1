package io.troupe.tree;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.troupe.edge.ClientRequest.Read;
import io.troupe.edge.Connect;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.Replicator;
import io.troupe.edge.SessionPassword;
import io.troupe.edge.SessionSink;
import io.troupe.edge.SessionSink.End;
import io.troupe.edge.TreeReport;
import io.troupe.env.Clock;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol.CollectTouched;
import io.troupe.tree.DataTreeProtocol.Command;
import io.troupe.tree.DataTreeProtocol.CommitPointConfirmed;
import io.troupe.tree.DataTreeProtocol.Disconnected;
import io.troupe.tree.DataTreeProtocol.Execute;
import io.troupe.tree.DataTreeProtocol.FindReapable;
import io.troupe.tree.DataTreeProtocol.FromSnapshot;
import io.troupe.tree.DataTreeProtocol.Lease;
import io.troupe.tree.DataTreeProtocol.Open;
import io.troupe.tree.DataTreeProtocol.OriginPosition;
import io.troupe.tree.DataTreeProtocol.Reads;
import io.troupe.tree.DataTreeProtocol.Recover;
import io.troupe.tree.DataTreeProtocol.Recovered;
import io.troupe.tree.DataTreeProtocol.Serve;
import io.troupe.tree.DataTreeProtocol.SessionsChanged;
import io.troupe.tree.DataTreeProtocol.SubscribeSessions;
import io.troupe.tree.DataTreeProtocol.Suspend;
import io.troupe.tree.DataTreeProtocol.TakeSnapshot;
import io.troupe.tree.DataTreeProtocol.Touched;
import io.troupe.tree.DataTreeProtocol.TreeStatus;
import io.troupe.tree.execute.Reconfiguration;
import io.troupe.tree.local.LocalSession;
import io.troupe.tree.local.LocalSessions;
import io.troupe.tree.local.ReadExecutor;
import io.troupe.tree.local.SessionIds;
import io.troupe.tree.local.Watches;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Sessions;
import io.troupe.tree.state.SnapshotDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state machine and the clients that read it here. States: <i>recovering</i> until the tree is loaded,
 * <i>suspended</i> while there is no confirmed leader (clients keep their connections, reads and pings wait), <i>serving</i>.
 * Committed batches are executed in all but the first.
 */
public final class DataTreeActor extends AbstractBehavior<Command> {
    private final Surroundings around;
    private final LocalSessions sessions = new LocalSessions();
    private final SessionIds sessionIds;
    private final TreeSnapshots snapshots;
    private final DigestHistory digests = new DigestHistory();
    private final List<Read> held = new ArrayList<>();
    private final Map<Long, LocalSession> syncs = new HashMap<>();
    /** Sessions with a sync whose commit point is known and may not have executed yet. */
    private final Set<LocalSession> confirmed = new LinkedHashSet<>();

    private long syncTags;
    private @Nullable ActorRef<SessionsChanged> leaseListener;
    private @Nullable Loaded loaded;

    /** The tree and what works on it; replaced as a whole when a snapshot is installed. */
    private record Loaded(DataTree tree, Watches watches, ReadExecutor reads, BatchExecution execution) {}

    /**
     * Everything around this actor.
     *
     * @param incarnation of this start of the node
     * @param executed told after each {@link Execute}
     * @param diverged told when this node's tree is found to differ from the leader's
     */
    public record Surroundings(
            int nodeId,
            long incarnation,
            TreeSettings settings,
            Clock clock,
            SnapshotCatalog catalog,
            ActorRef<SnapshotProtocol.Command> snapshots,
            Consumer<Replicator> replicator,
            Consumer<DataTreeProtocol.Executed> executed,
            Consumer<TreeStatus> status,
            Consumer<String> diverged) {}

    private DataTreeActor(ActorContext<Command> context, Surroundings around) {
        super(context);
        this.around = around;
        this.sessionIds = new SessionIds(around.nodeId(), around.clock());
        this.snapshots = new TreeSnapshots(
                around.settings(),
                around.clock(),
                around.snapshots(),
                context.messageAdapter(SnapshotProtocol.Event.class, FromSnapshot::new));
    }

    public static Behavior<Command> create(Surroundings around) {
        return Behaviors.setup(context -> new DataTreeActor(context, around));
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
        return newReceiveBuilder()
                .onMessage(Execute.class, this::onExecute)
                .onMessage(Reads.class, this::onReadsWhileSuspended)
                .onMessage(Open.class, this::onOpenWhileSuspended)
                .onMessage(DataTreeProtocol.Identified.class, this::onIdentified)
                .onMessage(Disconnected.class, this::onDisconnected)
                .onMessage(Serve.class, this::onServe)
                .onMessage(Suspend.class, message -> Behaviors.same())
                .onMessage(CommitPointConfirmed.class, this::onConfirmed)
                .onMessage(CollectTouched.class, this::onCollectTouched)
                .onMessage(SubscribeSessions.class, this::onSubscribe)
                .onMessage(FindReapable.class, this::onFindReapable)
                .onMessage(DataTreeProtocol.JudgeReconfiguration.class, this::onJudge)
                .onMessage(DataTreeProtocol.Report.class, this::onReport)
                .onMessage(FromSnapshot.class, this::onSnapshotEvent)
                .onMessage(TakeSnapshot.class, this::onTakeSnapshot)
                .onMessage(Recover.class, this::onRecover)
                .build();
    }

    private Receive<Command> serving() {
        return newReceiveBuilder()
                .onMessage(Execute.class, this::onExecute)
                .onMessage(Reads.class, this::onReads)
                .onMessage(Open.class, this::onOpen)
                .onMessage(DataTreeProtocol.Identified.class, this::onIdentified)
                .onMessage(Disconnected.class, this::onDisconnected)
                .onMessage(Serve.class, message -> Behaviors.same())
                .onMessage(Suspend.class, message -> suspended())
                .onMessage(CommitPointConfirmed.class, this::onConfirmed)
                .onMessage(CollectTouched.class, this::onCollectTouched)
                .onMessage(SubscribeSessions.class, this::onSubscribe)
                .onMessage(FindReapable.class, this::onFindReapable)
                .onMessage(DataTreeProtocol.JudgeReconfiguration.class, this::onJudge)
                .onMessage(DataTreeProtocol.Report.class, this::onReport)
                .onMessage(FromSnapshot.class, this::onSnapshotEvent)
                .onMessage(TakeSnapshot.class, this::onTakeSnapshot)
                .onMessage(Recover.class, this::onRecover)
                .build();
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
        syncs.clear();
        confirmed.clear();
        held.clear();
        // A snapshot taken over from the leader may hide results: their clients must look for themselves.
        sessions.clear().forEach(sink -> end(sink, End.UNKNOWN_OUTCOME));
        DataTree tree = load(recover);
        Watches watches = new Watches();
        loaded = new Loaded(
                tree,
                watches,
                new ReadExecutor(tree, watches),
                new BatchExecution(
                        around.nodeId(),
                        around.incarnation(),
                        tree,
                        watches,
                        sessions,
                        this::answer,
                        this::answerBeforeWrite,
                        this::openAgain));
        Map<Integer, OriginPosition> origins = new HashMap<>();
        tree.origins().all().forEach((node, p) -> origins.put(node, new OriginPosition(p.incarnation(), p.sequence())));
        recover.replyTo().tell(new Recovered(tree.lastZxid(), tree.digest(), tree.membership(), origins));
        publish();
        tellAllLeases();
        return suspended();
    }

    private DataTree load(Recover recover) throws IOException {
        Optional<InputStream> newest = around.catalog().newest();
        if (newest.isEmpty()) {
            return DataTree.founding(recover.founding());
        }
        try (InputStream content = newest.get()) {
            return SnapshotDecoder.decode(content);
        }
    }

    // ---- execution ----

    private Behavior<Command> onExecute(Execute message) {
        BatchExecution execution = tree().execution();
        for (Batch batch : message.batches()) {
            String disagreement = digests.disagreement(batch);
            if (disagreement != null) {
                around.diverged().accept(disagreement);
            }
            execution.execute(batch);
            digests.add(batch.lastZxid(), tree().tree().digest());
            snapshots.executed(tree().tree(), batch.count());
        }
        answerConfirmedSyncs();
        execution.flush();
        if (leaseListener != null && execution.leasesChanged()) {
            leaseListener.tell(execution.takeLeases());
        }
        DataTree tree = tree().tree();
        around.executed()
                .accept(new DataTreeProtocol.Executed(
                        tree.lastZxid(), tree.digest(), execution.ownSequence(), execution.takeMembership()));
        publish();
        return Behaviors.same();
    }

    // ---- connections ----

    private Behavior<Command> onOpenWhileSuspended(Open open) {
        end(open.sink(), End.NOT_SERVING);
        return Behaviors.same();
    }

    private Behavior<Command> onOpen(Open open) {
        Connect connect = open.connect();
        if (connect.lastZxidSeen() > tree().tree().lastZxid()) {
            end(open.sink(), End.CLIENT_AHEAD);
        } else if (connect.sessionId() == 0) {
            submitOpen(open.connect(), open.sink());
        } else if (SessionPassword.matches(connect.sessionId(), connect.password())) {
            submitAttach(open.connect(), open.sink());
        } else {
            end(open.sink(), End.EXPIRED);
        }
        return Behaviors.same();
    }

    private void openAgain(LocalSessions.Pending refused) {
        submitOpen(refused.connect(), refused.sink());
    }

    private void submitOpen(Connect connect, SessionSink sink) {
        long sessionId = sessionIds.next();
        long token = sessions.expect(new LocalSessions.Pending(connect, sink, sessionId));
        submit(sessionId, connect, new Operation.CreateSession(token, connect.timeoutMillis()));
    }

    private void submitAttach(Connect connect, SessionSink sink) {
        LocalSession old = sessions.get(connect.sessionId());
        if (old != null) {
            // The client has given that connection up; two must not be served at once.
            tree().watches().remove(old);
            sessions.remove(old);
            end(old.sink(), End.MOVED);
        }
        long token = sessions.expect(new LocalSessions.Pending(connect, sink, connect.sessionId()));
        submit(connect.sessionId(), connect, new Operation.AttachSession(token, connect.timeoutMillis()));
    }

    private void submit(long sessionId, Connect connect, Operation operation) {
        around.replicator()
                .accept(new Replicator.Submit(List.of(new Request(sessionId, 0, 0, connect.identities(), operation))));
    }

    private Behavior<Command> onIdentified(DataTreeProtocol.Identified message) {
        LocalSession session = sessions.get(message.session());
        if (session != null) {
            session.identify(message.identities());
        }
        return Behaviors.same();
    }

    private Behavior<Command> onDisconnected(Disconnected message) {
        LocalSession session = sessions.disconnected(message.sink());
        if (session != null) {
            tree().watches().remove(session);
            publish();
        }
        return Behaviors.same();
    }

    private static void end(SessionSink sink, End reason) {
        sink.end(reason);
        sink.flush();
    }

    // ---- reads ----

    private Behavior<Command> onReadsWhileSuspended(Reads message) {
        held.addAll(message.reads());
        return Behaviors.same();
    }

    private Behavior<Command> onServe(Serve serve) {
        List<Read> waited = List.copyOf(held);
        held.clear();
        answer(waited);
        return serving();
    }

    private Behavior<Command> onReads(Reads message) {
        answer(message.reads());
        return Behaviors.same();
    }

    private void answer(List<Read> reads) {
        List<LocalSession> answered = new ArrayList<>();
        for (Read read : reads) {
            LocalSession session = sessions.get(read.session());
            if (session == null) {
                continue;
            }
            session.touch();
            if (read.operation() instanceof ReadOperation.Sync) {
                long tag = ++syncTags;
                session.parkSync(read, tag);
                syncs.put(tag, session);
                around.replicator().accept(new Replicator.ConfirmCommitPoint(tag));
            } else if (session.mayAnswer(read)) {
                session.sink()
                        .reply(
                                read.xid(),
                                tree().tree().lastZxid(),
                                tree().reads().execute(session, read));
                answered.add(session);
            } else {
                session.park(read);
            }
        }
        answered.forEach(session -> session.sink().flush());
    }

    private void answer(LocalSession session) {
        session.drain(tree().tree().lastZxid(), read -> tree().reads().execute(session, read));
    }

    private void answerBeforeWrite(LocalSession session) {
        session.drainBeforeWrite(
                tree().tree().lastZxid(), read -> tree().reads().execute(session, read));
    }

    private Behavior<Command> onConfirmed(CommitPointConfirmed message) {
        LocalSession session = syncs.remove(message.tag());
        if (session != null) {
            session.confirmed(message.tag(), message.zxid());
            confirmed.add(session);
            answerConfirmedSyncs();
        }
        return Behaviors.same();
    }

    /** Those whose commit point has not executed yet go on waiting, for the next batch. */
    private void answerConfirmedSyncs() {
        for (LocalSession session : List.copyOf(confirmed)) {
            answer(session);
            session.sink().flush();
            if (!session.hasWaiting()) {
                confirmed.remove(session);
            }
        }
    }

    // ---- leases, reaping, snapshots, status ----

    private Behavior<Command> onCollectTouched(CollectTouched message) {
        List<Long> touched = new ArrayList<>();
        for (LocalSession session : sessions.all()) {
            if (session.takeTouched()) {
                touched.add(session.handle().sessionId());
            }
        }
        message.replyTo().tell(new Touched(touched));
        return Behaviors.same();
    }

    private Behavior<Command> onSubscribe(SubscribeSessions message) {
        leaseListener = message.listener();
        tellAllLeases();
        return Behaviors.same();
    }

    private void tellAllLeases() {
        if (leaseListener != null && loaded != null) {
            List<Lease> leases = loaded.tree().sessions().all().stream()
                    .map(s -> new Lease(s.id(), s.attach(), s.timeoutMillis()))
                    .toList();
            leaseListener.tell(new SessionsChanged(true, leases, List.of()));
        }
    }

    private Behavior<Command> onFindReapable(FindReapable message) {
        DataTree tree = tree().tree();
        List<String> paths = new ArrayList<>();
        for (List<String> candidates : List.of(tree.containers(), tree.ttlNodes())) {
            for (String path : candidates) {
                var node = tree.get(path);
                if (paths.size() < message.max() && node != null && DataTree.reapable(node, message.timeMillis())) {
                    paths.add(path);
                }
            }
        }
        message.replyTo().tell(new DataTreeProtocol.Reapable(paths));
        return Behaviors.same();
    }

    private Behavior<Command> onJudge(DataTreeProtocol.JudgeReconfiguration message) {
        Operation resolved = Reconfiguration.resolve(
                tree().tree(),
                message.wish(),
                message.synced(),
                around.settings().standaloneEnabled());
        message.replyTo().tell(new DataTreeProtocol.Judged(resolved));
        return Behaviors.same();
    }

    private Behavior<Command> onReport(DataTreeProtocol.Report message) {
        message.answer()
                .accept(
                        switch (message.part()) {
                            case SESSIONS ->
                                TreeReport.ofSessions(
                                        sessionReports(tree().tree().sessions()));
                            case WATCHES ->
                                TreeReport.ofWatches(tree().watches().dataPathsBySession());
                            case DIGESTS -> TreeReport.ofDigests(digests.all());
                        });
        return Behaviors.same();
    }

    private static List<TreeReport.SessionReport> sessionReports(Sessions all) {
        return all.all().stream()
                .map(s -> new TreeReport.SessionReport(s.id(), s.timeoutMillis(), all.ephemeralsOf(s.id())))
                .toList();
    }

    private Behavior<Command> onSnapshotEvent(FromSnapshot message) {
        snapshots.on(message.event());
        return Behaviors.same();
    }

    private Behavior<Command> onTakeSnapshot(TakeSnapshot message) {
        snapshots.begin(tree().tree());
        return Behaviors.same();
    }

    private void publish() {
        DataTree tree = tree().tree();
        around.status()
                .accept(new TreeStatus(
                        tree.lastZxid(),
                        tree.digest(),
                        tree.znodes(),
                        tree.ephemerals(),
                        tree.sessions().count(),
                        tree().watches().count(),
                        tree.approximateDataBytes()));
    }
}
