package io.troupe.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.troupe.broadcast.BroadcastActor;
import io.troupe.broadcast.BroadcastProtocol;
import io.troupe.broadcast.BroadcastStatus;
import io.troupe.broadcast.HistoryMissingException;
import io.troupe.edge.Frontend;
import io.troupe.election.ElectionActor;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatActor;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.PeerProbe;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.log.LogActor;
import io.troupe.log.LogProtocol;
import io.troupe.log.NodeMeta;
import io.troupe.membership.ClusterFormationProtocol;
import io.troupe.membership.ClusterFormationProtocol.Standing;
import io.troupe.membership.MembershipActor;
import io.troupe.membership.MembershipProtocol;
import io.troupe.metrics.Counter;
import io.troupe.node.ExitReason.Kind;
import io.troupe.node.NodeProtocol.Command;
import io.troupe.node.NodeProtocol.Fault;
import io.troupe.node.NodeProtocol.Joined;
import io.troupe.node.NodeProtocol.LogOpened;
import io.troupe.node.NodeProtocol.MetaSaved;
import io.troupe.node.NodeProtocol.Stop;
import io.troupe.node.NodeProtocol.TreeRecovered;
import io.troupe.snapshot.SnapshotActor;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeActor;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts, supervises and stops the actors of one node. It holds no protocol state: it opens the log, gives an empty node its
 * identity, waits until it belongs to an ensemble, has the tree loaded, and then lets broadcast begin. A child that fails takes
 * the node with it: what cannot be trusted must not vote.
 */
public final class NodeGuardian extends AbstractBehavior<Command> {
    private static final Duration CHECK_UNCOUNTED = Duration.ofMinutes(1);

    private final NodeSettings settings;
    private final NodeEnvironment env;
    private final Listener listener;
    private final IdOrigin idOrigin;
    private final StatusBoard board;
    private final Counter failures;
    private final ActorRef<LogProtocol.Command> log;
    private final ActorRef<BroadcastProtocol.Command> broadcast;
    private LogProtocol.@Nullable Opened opened;
    private @Nullable NodeMeta meta;
    private @Nullable ActorRef<SnapshotProtocol.Command> snapshot;
    private @Nullable ActorRef<DataTreeProtocol.Command> tree;
    private @Nullable ActorRef<MembershipProtocol.Command> membershipActor;
    private @Nullable ActorRef<ClusterFormationProtocol.Command> clusterFormation;
    private @Nullable ActorRef<ElectionProtocol.Command> election;
    private final RoomForClients room;
    private boolean started;
    private List<Member> probed = List.of();
    private PeerProbe.Listener reachability = (node, up) -> {};

    /** Told of the life of the node; called by the guardian, must not block. */
    public interface Listener {
        /** The node can be handed clients, whether or not it serves them yet. */
        void onFrontend(Frontend frontend);

        /** The node ends, or must be ended. */
        void onExit(ExitReason reason);

        /**
         * The node ends because only a new start can help it, in the same process.
         *
         * @param cause one line for the operator
         * @param leastIncarnation for the environment of the next start
         */
        void onStartAgain(String cause, long leastIncarnation);

        /** Comes before {@link #onStartAgain} when its reason is that no peer was heard of. */
        default void onUnheard() {
            // Only who starts it again needs to know.
        }

        /** A peer was heard of. */
        default void onHeard() {
            // As above.
        }

        /** Comes before {@link #onStartAgain} when the id that the node was assigned is another's: it must ask for another. */
        default void onIdTaken() {
            // A node with an id of its own never hears it.
        }
    }

    private NodeGuardian(
            ActorContext<Command> context,
            NodeSettings settings,
            NodeEnvironment env,
            Listener listener,
            IdOrigin idOrigin) {
        super(context);
        context.setLoggerName(NodeGuardian.class);
        this.idOrigin = idOrigin;
        this.settings = settings;
        this.env = env;
        this.listener = listener;
        this.board = new StatusBoard(settings.nodeId(), unborn());
        this.failures = env.metrics().counter("unrecoverable_error_count");
        this.log = start(
                LogActor.create(env.disk(), settings.log(), env.clock(), env.metrics()),
                "log",
                DispatcherSelector.fromConfig("troupe-log-dispatcher"));
        this.broadcast = start(BroadcastActor.create(), "broadcast");
        this.room = new RoomForClients(context, env, settings.log(), this::onRoomForClients);
        env.transport().receiver(Recipient.BROADCAST, broadcast);
        for (NodeSettings.Seed seed : settings.seeds()) {
            env.transport().address(seed.id(), seed.host(), seed.port());
        }
        ActorRef<BroadcastProtocol.Command> to = broadcast;
        ActorRef<Command> self = context.getSelf();
        log.tell(new LogProtocol.Open(context.messageAdapter(LogProtocol.Opened.class, LogOpened::new), event -> {
            if (event instanceof LogProtocol.Failed failed) {
                // Also before there is a broadcast to tell: writing the identity may fail already.
                self.tell(new Fault(new ExitReason(Kind.DISK_FAILED, failed.cause())));
            } else if (event instanceof LogProtocol.Full full) {
                self.tell(new NodeProtocol.StartAgain("its disk is full: " + full.cause(), 0));
            } else if (event instanceof LogProtocol.Damaged damaged) {
                self.tell(new NodeProtocol.StartAgain("its log is damaged: " + damaged.cause(), 0));
            } else {
                to.tell(new BroadcastProtocol.FromLog(event));
            }
        }));
    }

    /** A node that starts at once. */
    public static Behavior<Command> create(NodeSettings settings, NodeEnvironment env, Listener listener) {
        return create(settings, env, listener, IdOrigin.CONFIGURED);
    }

    static Behavior<Command> create(NodeSettings settings, NodeEnvironment env, Listener listener, IdOrigin idOrigin) {
        return Behaviors.setup(context -> {
            Optional<ExitReason> refusal = Reseeding.beforeStart(env);
            if (refusal.isPresent()) {
                listener.onExit(refusal.get());
                return Behaviors.stopped();
            }
            return Behaviors.withTimers(timers -> WaitingForRoom.orElse(
                    context,
                    timers,
                    env.disk(),
                    settings.log().roomToStart(),
                    listener,
                    () -> new NodeGuardian(context, settings, env, listener, idOrigin)));
        });
    }

    private BroadcastStatus unborn() {
        Member self = new Member(settings.nodeId(), settings.host(), settings.peerPort(), settings.host(), 1, 0);
        Membership alone = new Membership("", 0, List.of(self), null);
        return new BroadcastStatus(settings.nodeId(), Role.LOOKING, "starting", false, 0, 0, 0, 0, 0, 0, 0, alone);
    }

    /** This node as it would be listed: a voter if it is on the list of a first start. */
    private Member self(long diskId) {
        return new Member(
                settings.nodeId(),
                settings.listed(),
                settings.host(),
                settings.peerPort(),
                settings.electionPort(),
                settings.clientHost(),
                settings.listedClientPort(),
                diskId);
    }

    private <T> ActorRef<T> start(Behavior<T> behavior, String name) {
        return start(behavior, name, DispatcherSelector.sameAsParent());
    }

    private <T> ActorRef<T> start(Behavior<T> behavior, String name, Props props) {
        ActorRef<T> child = getContext().spawn(behavior, name, props);
        getContext().watch(child);
        return child;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(LogOpened.class, this::onLogOpened)
                .onMessage(MetaSaved.class, this::onMetaSaved)
                .onMessage(Joined.class, this::onJoined)
                .onMessage(TreeRecovered.class, this::onTreeRecovered)
                .onMessage(NodeProtocol.SnapshotNeeded.class, this::onSnapshotNeeded)
                .onMessage(NodeProtocol.MembersChanged.class, this::onMembersChanged)
                .onMessage(NodeProtocol.StandingChanged.class, this::onStanding)
                .onMessage(NodeProtocol.LaterMembers.class, this::onLaterMembers)
                .onMessage(NodeProtocol.IdTaken.class, this::onIdTaken)
                .onMessage(NodeProtocol.ProbePeers.class, this::onProbePeers)
                .onMessage(NodeProtocol.StartAgain.class, this::onStartAgain)
                .onMessage(NodeProtocol.Reseed.class, this::onReseed)
                .onMessage(NodeProtocol.CheckRoom.class, this::onCheckRoom)
                .onMessage(NodeProtocol.CheckUncounted.class, this::onCheckUncounted)
                .onMessage(Fault.class, fault -> exit(fault.reason()))
                .onMessage(Stop.class, stop -> exit(new ExitReason(Kind.STOPPED, "asked to stop")))
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, ended -> fail(ended.getRef() + " ended"))
                .build();
    }

    // ---- identity ----

    private Behavior<Command> onLogOpened(LogOpened message) {
        LogProtocol.Opened log0 = message.opened();
        opened = log0;
        NodeMeta before = log0.meta();
        if (before != null && before.nodeId() != settings.nodeId() && idOrigin != IdOrigin.REPLACED) {
            return exit(new ExitReason(
                    Kind.DATA_DIRECTORY_UNUSABLE,
                    "the data directory belongs to node " + before.nodeId() + ", but this node is configured as "
                            + settings.nodeId() + "; correct troupe.id, the seed nodes or troupe.data-dir"));
        }
        long incarnation = Math.max(
                Math.max(env.clock().wallMillis(), env.leastIncarnation()),
                before == null ? 1 : before.incarnation() + 1);
        if (before == null) {
            save(new NodeMeta(settings.nodeId(), newDiskId(), incarnation, 0, 0, null));
        } else if (log0.damage() != null) {
            getContext()
                    .getLog()
                    .error(
                            "The log is damaged and was cut there, the rest is kept beside it: {}. What this node had acknowledged"
                                    + " behind it is lost here, so it joins as a learner and votes again once it has caught up",
                            log0.damage());
            save(new NodeMeta(
                    settings.nodeId(),
                    newDiskId(),
                    incarnation,
                    before.acceptedEpoch(),
                    before.currentEpoch(),
                    before.founding()));
        } else {
            save(new NodeMeta(
                    settings.nodeId(),
                    before.diskId(),
                    incarnation,
                    before.acceptedEpoch(),
                    before.currentEpoch(),
                    before.founding()));
        }
        return this;
    }

    private long newDiskId() {
        return env.entropy().nextLong();
    }

    private void save(NodeMeta next) {
        log.tell(new LogProtocol.SaveMeta(
                next, getContext().messageAdapter(LogProtocol.MetaSaved.class, MetaSaved::new)));
    }

    private Behavior<Command> onMetaSaved(MetaSaved message) {
        boolean first = meta == null;
        NodeMeta saved = message.saved().meta();
        meta = saved;
        if (first) {
            startMembership(saved);
        }
        if (saved.founding() != null && tree == null) {
            startTree(saved, saved.founding());
        }
        return this;
    }

    // ---- membership ----

    private void startMembership(NodeMeta saved) {
        ActorRef<Command> self = getContext().getSelf();
        ActorRef<MembershipProtocol.Command> membership = start(
                MembershipActor.create(new MembershipActor.Surroundings(
                        self(saved.diskId()),
                        settings.seeds().stream()
                                .map(s -> s.id() + "=" + s.host() + ":" + s.port())
                                .toList(),
                        settings.seeds().stream().map(NodeSettings.Seed::id).toList(),
                        saved.founding(),
                        env.entropy(),
                        env.transport(),
                        joined -> self.tell(new Joined(joined)),
                        board::servingLeader,
                        later -> self.tell(new NodeProtocol.LaterMembers(later)),
                        cause -> self.tell(new NodeProtocol.IdTaken(cause)))),
                "membership");
        membershipActor = membership;
        env.transport().receiver(Recipient.MEMBERSHIP, membership);
    }

    private Behavior<Command> onIdTaken(NodeProtocol.IdTaken message) {
        if (idOrigin == IdOrigin.CONFIGURED) {
            getContext().getLog().error("{}", message.cause());
            return this;
        }
        listener.onIdTaken();
        return onStartAgain(new NodeProtocol.StartAgain(message.cause(), 0));
    }

    private Behavior<Command> onJoined(Joined message) {
        if (meta != null) {
            save(meta.withFounding(message.membership()));
        }
        return this;
    }

    // ---- tree ----

    private void startTree(NodeMeta saved, Membership founding) {
        learnAddresses(founding);
        ActorRef<Command> self = getContext().getSelf();
        snapshot = start(
                SnapshotActor.create(new SnapshotActor.Surroundings(
                        saved.nodeId(),
                        env.disk(),
                        settings.log().reserveBytes(),
                        settings.snapshot(),
                        env.transport(),
                        log,
                        needed -> self.tell(new NodeProtocol.SnapshotNeeded()))),
                "snapshot",
                DispatcherSelector.fromConfig("troupe-snapshot-dispatcher"));
        env.transport().receiver(Recipient.SNAPSHOT, snapshot);
        ActorRef<BroadcastProtocol.Command> to = broadcast;
        ActorRef<DataTreeProtocol.Command> spawned = start(
                DataTreeActor.create(new DataTreeActor.Surroundings(
                        saved.nodeId(),
                        saved.incarnation(),
                        settings.tree(),
                        env.clock(),
                        new SnapshotCatalog(env.disk()),
                        snapshot,
                        request -> to.tell(new BroadcastProtocol.FromEdge(request)),
                        executed -> to.tell(new BroadcastProtocol.TreeExecuted(executed)),
                        board::tree,
                        cause -> self.tell(new NodeProtocol.Reseed(cause)),
                        env.metrics())),
                "tree");
        tree = spawned;
        spawned.tell(new DataTreeProtocol.Recover(
                founding, getContext().messageAdapter(DataTreeProtocol.Recovered.class, TreeRecovered::new)));
    }

    private Behavior<Command> onSnapshotNeeded(NodeProtocol.SnapshotNeeded message) {
        if (tree != null) {
            tree.tell(new DataTreeProtocol.TakeSnapshot());
        }
        return this;
    }

    // ---- broadcast ----

    private Behavior<Command> onTreeRecovered(TreeRecovered message) {
        if (opened == null || meta == null || tree == null || snapshot == null || started) {
            throw new IllegalStateException("the tree was recovered out of turn");
        }
        started = true;
        Membership membership = message.recovered().membership();
        learnAddresses(membership);
        ActorRef<ElectionProtocol.Command> elects = startElection(meta, membership);
        election = elects;
        ActorRef<HeartbeatProtocol.Command> heartbeat = startHeartbeat(meta, membership, tree, elects);
        broadcast.tell(new BroadcastProtocol.Begin(
                new BroadcastActor.Surroundings(
                        self(meta.diskId()),
                        settings.broadcast(),
                        env.clock(),
                        env.transport(),
                        log,
                        snapshot,
                        tree,
                        elects,
                        heartbeat,
                        statusListener(),
                        env.metrics()),
                new BroadcastActor.Start(meta, opened.lastZxid(), opened.commitZxid(), message.recovered())));
        clusterFormation = ClusterSeat.take(getContext(), settings, env);
        checkUncountedLater();
        room.check();
        listener.onFrontend(new NodeFrontend(broadcast, tree, heartbeat, board, settings.quotasEnforced()));
        return this;
    }

    private void checkUncountedLater() {
        getContext().scheduleOnce(CHECK_UNCOUNTED, getContext().getSelf(), new NodeProtocol.CheckUncounted());
    }

    /** A disk that does not count gets its vote from a leader: where there is none for long, an operator must decide. */
    private Behavior<Command> onCheckUncounted(NodeProtocol.CheckUncounted message) {
        if (meta != null && UncountedDisk.waits(board, meta, getContext().getLog())) {
            checkUncountedLater();
        }
        return this;
    }

    private void onRoomForClients(boolean enough) {
        broadcast.tell(new BroadcastProtocol.RoomForClients(enough));
        if (!enough && tree != null) {
            // Behind a new snapshot the log, and older snapshots, can go.
            tree.tell(new DataTreeProtocol.TakeSnapshot());
        }
    }

    private Behavior<Command> onCheckRoom(NodeProtocol.CheckRoom message) {
        room.check();
        return this;
    }

    private Behavior<Command> onStanding(NodeProtocol.StandingChanged message) {
        if (clusterFormation != null) {
            clusterFormation.tell(message.standing());
        }
        return this;
    }

    private Consumer<BroadcastStatus> statusListener() {
        ActorRef<Command> self = getContext().getSelf();
        AtomicReference<Standing> standing = new AtomicReference<>();
        return status -> {
            Membership before = board.membership();
            board.broadcast(status);
            Standing now = ClusterSeat.standing(status);
            if (env.cluster().isPresent() && !now.equals(standing.getAndSet(now))) {
                self.tell(new NodeProtocol.StandingChanged(now));
            }
            if (!status.membership().equals(before)) {
                self.tell(new NodeProtocol.MembersChanged(status.membership()));
            }
        };
    }

    private Behavior<Command> onMembersChanged(NodeProtocol.MembersChanged message) {
        learnAddresses(message.membership());
        probed = message.membership().allMembers();
        probePeers();
        if (membershipActor != null) {
            membershipActor.tell(new MembershipProtocol.MembersChanged(message.membership()));
        }
        return this;
    }

    /** Not a change of members, which only history brings: where to look for those who know it. */
    private Behavior<Command> onLaterMembers(NodeProtocol.LaterMembers message) {
        learnAddresses(message.membership());
        if (election != null) {
            election.tell(new ElectionProtocol.LaterMembers(message.membership()));
        }
        return this;
    }

    private void learnAddresses(Membership membership) {
        for (Member member : membership.allMembers()) {
            env.transport().address(member.nodeId(), member.host(), member.peerPort());
        }
    }

    private ActorRef<ElectionProtocol.Command> startElection(NodeMeta saved, Membership membership) {
        ActorRef<ElectionProtocol.Command> spawned = start(
                ElectionActor.create(
                        new ElectionActor.Self(
                                saved.nodeId(), saved.diskId(), membership.ensembleId(), saved.incarnation()),
                        settings.election(),
                        env.transport(),
                        electionListener(),
                        new ElectionProtocol.Settle(Role.LOOKING, 0, 0, membership)),
                "election");
        env.transport().receiver(Recipient.ELECTION, spawned);
        return spawned;
    }

    private ElectionActor.Listener electionListener() {
        ActorRef<Command> self = getContext().getSelf();
        return new ElectionActor.Listener() {
            @Override
            public void onIsolated() {
                self.tell(new NodeProtocol.ProbePeers());
            }

            @Override
            public void onCutOff(String cause) {
                listener.onUnheard();
                self.tell(new NodeProtocol.StartAgain(cause, 0));
            }

            @Override
            public void onHeard() {
                listener.onHeard();
            }

            @Override
            public void onOutdated(long known) {
                self.tell(new NodeProtocol.StartAgain(
                        "it has run as incarnation " + known
                                + " before, which its lost disk and its clock know nothing of",
                        known + 1));
            }
        };
    }

    private ActorRef<HeartbeatProtocol.Command> startHeartbeat(
            NodeMeta saved,
            Membership membership,
            ActorRef<DataTreeProtocol.Command> treeRef,
            ActorRef<ElectionProtocol.Command> elects) {
        ActorRef<BroadcastProtocol.Command> to = broadcast;
        ActorRef<HeartbeatProtocol.Command> heartbeat = start(
                HeartbeatActor.create(new HeartbeatActor.Surroundings(
                        saved.nodeId(),
                        saved.incarnation(),
                        settings.heartbeat(),
                        env.clock(),
                        env.transport(),
                        finding -> to.tell(new BroadcastProtocol.FromHeartbeat(finding)),
                        treeRef,
                        elects,
                        env.metrics())),
                "heartbeat");
        env.transport().receiver(Recipient.HEARTBEAT, heartbeat);
        probed = membership.allMembers();
        reachability = (node, up) -> heartbeat.tell(new HeartbeatProtocol.Reachability(node, up));
        probePeers();
        return heartbeat;
    }

    private void probePeers() {
        for (Member voter : probed) {
            if (voter.nodeId() != settings.nodeId()) {
                env.probe().watch(voter.nodeId(), voter.host(), voter.peerPort(), reachability);
            }
        }
    }

    private Behavior<Command> onProbePeers(NodeProtocol.ProbePeers message) {
        probePeers();
        return this;
    }

    // ---- the end ----

    private Behavior<Command> onChildFailed(ChildFailed failed) {
        Throwable cause = failed.cause();
        if (cause instanceof HistoryMissingException) {
            return onReseed(new NodeProtocol.Reseed(String.valueOf(cause.getMessage())));
        }
        getContext().getLog().error("{} failed", failed.getRef().path().name(), cause);
        return exit(NodeRunner.reasonOf(cause, failed.getRef().path().name()));
    }

    private Behavior<Command> onReseed(NodeProtocol.Reseed message) {
        return Reseeding.order(env, message.cause())
                .map(this::exit)
                .orElseGet(() -> onStartAgain(new NodeProtocol.StartAgain(message.cause(), 0)));
    }

    private Behavior<Command> fail(String cause) {
        return exit(new ExitReason(Kind.FAILED, cause));
    }

    private Behavior<Command> onStartAgain(NodeProtocol.StartAgain message) {
        listener.onStartAgain(message.cause(), message.leastIncarnation());
        return Behaviors.stopped();
    }

    private Behavior<Command> exit(ExitReason reason) {
        if (reason.kind() != Kind.STOPPED) {
            failures.increment();
        }
        listener.onExit(reason);
        return Behaviors.stopped();
    }
}
