package io.troupe.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
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
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.log.NodeMeta;
import io.troupe.membership.ClusterFormationProtocol;
import io.troupe.membership.ClusterFormationProtocol.Standing;
import io.troupe.membership.MembershipProtocol;
import io.troupe.membership.ReleaseProtocol;
import io.troupe.metrics.Counter;
import io.troupe.node.ExitReason.Kind;
import io.troupe.node.NodeProtocol.Command;
import io.troupe.node.NodeProtocol.Fault;
import io.troupe.node.NodeProtocol.Joined;
import io.troupe.node.NodeProtocol.LogOpened;
import io.troupe.node.NodeProtocol.MetaSaved;
import io.troupe.node.NodeProtocol.Stop;
import io.troupe.node.NodeProtocol.TreeRecovered;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol;
import java.io.IOException;
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
    private final NodeActors actors;
    private final KnownPeers peers;
    private LogProtocol.@Nullable Opened opened;
    private @Nullable NodeMeta meta;
    private @Nullable ImportedHistory imported;
    private @Nullable ActorRef<SnapshotProtocol.Command> snapshot;
    private @Nullable ActorRef<DataTreeProtocol.Command> tree;
    private @Nullable ActorRef<MembershipProtocol.Command> membershipActor;
    private @Nullable ActorRef<ClusterFormationProtocol.Command> clusterFormation;
    private @Nullable ActorRef<ElectionProtocol.Command> election;
    private @Nullable ActorRef<ReleaseProtocol.Command> releases;
    private final RoomForClients room;
    private boolean started;

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
        this.actors = new NodeActors(context, settings, env, board);
        this.peers = new KnownPeers(settings.nodeId(), env);
        this.room = new RoomForClients(context, env, settings.log(), this::onRoomForClients);
        for (NodeSettings.Seed seed : settings.seeds()) {
            env.transport().address(seed.id(), seed.host(), seed.port());
        }
        ActorRef<BroadcastProtocol.Command> to = actors.broadcast();
        ActorRef<Command> self = context.getSelf();
        actors.log()
                .tell(new LogProtocol.Open(context.messageAdapter(LogProtocol.Opened.class, LogOpened::new), event -> {
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
                .onMessage(
                        NodeProtocol.Incompatible.class,
                        message -> exit(new ExitReason(Kind.INCOMPATIBLE_RELEASE, message.cause())))
                .onMessage(NodeProtocol.ProbePeers.class, this::onProbePeers)
                .onMessage(NodeProtocol.StartAgain.class, this::onStartAgain)
                .onMessage(NodeProtocol.Reseed.class, this::onReseed)
                .onMessage(NodeProtocol.CheckRoom.class, this::onCheckRoom)
                .onMessage(NodeProtocol.CheckUncounted.class, this::onCheckUncounted)
                .onMessage(Fault.class, fault -> exit(fault.reason()))
                .onMessage(NodeProtocol.HandOver.class, this::onHandOver)
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
        try {
            imported = before == null || before.founding() == null ? Imports.find(env.disk()) : null;
        } catch (IOException e) {
            return exit(new ExitReason(
                    Kind.DATA_DIRECTORY_UNUSABLE,
                    "the import in the data directory cannot be used: " + e.getMessage()
                            + "; copy it anew, or run troupe import again"));
        }
        long incarnation = Math.max(
                Math.max(env.clock().wallMillis(), env.leastIncarnation()),
                before == null ? 1 : before.incarnation() + 1);
        if (before == null) {
            save(new NodeMeta(settings.nodeId(), newDiskId(), incarnation, 0, 0, null));
        } else if (log0.damage() == null) {
            save(before.startedAs(settings.nodeId(), before.diskId(), incarnation));
        } else {
            getContext()
                    .getLog()
                    .error(
                            "The log is damaged and was cut there, the rest is kept beside it: {}. What this node had acknowledged"
                                    + " behind it is lost here, so it joins as a learner and votes again once it has caught up",
                            log0.damage());
            save(before.startedAs(settings.nodeId(), newDiskId(), incarnation));
        }
        return this;
    }

    private long newDiskId() {
        return env.entropy().nextLong();
    }

    private void save(NodeMeta next) {
        actors.log()
                .tell(new LogProtocol.SaveMeta(
                        next, getContext().messageAdapter(LogProtocol.MetaSaved.class, MetaSaved::new)));
    }

    private Behavior<Command> onMetaSaved(MetaSaved message) {
        boolean first = meta == null;
        NodeMeta saved = message.saved().meta();
        meta = saved;
        if (first) {
            membershipActor = actors.membership(saved, imported);
        }
        if (saved.founding() != null && tree == null) {
            startTree(saved, saved.founding());
        }
        return this;
    }

    // ---- membership ----

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
            save(Imports.behind(
                    imported,
                    meta.withFounding(message.membership()),
                    getContext().getLog()));
        }
        return this;
    }

    // ---- tree ----

    private void startTree(NodeMeta saved, Membership founding) {
        peers.learn(founding);
        snapshot = actors.snapshot(saved);
        tree = actors.tree(saved, snapshot);
        tree.tell(new DataTreeProtocol.Recover(
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
        peers.learn(membership);
        ActorRef<ElectionProtocol.Command> elects = actors.election(
                meta, membership, new ElectionFindings(getContext().getSelf(), listener));
        election = elects;
        ActorRef<HeartbeatProtocol.Command> heartbeat = actors.heartbeat(meta, tree, elects);
        peers.watch(membership, (node, up) -> heartbeat.tell(new HeartbeatProtocol.Reachability(node, up)));
        actors.broadcast()
                .tell(new BroadcastProtocol.Begin(
                        new BroadcastActor.Surroundings(
                                actors.self(meta.diskId()),
                                settings.broadcast(),
                                env.clock(),
                                env.transport(),
                                actors.log(),
                                snapshot,
                                tree,
                                elects,
                                heartbeat,
                                statusListener(),
                                cause -> getContext().getSelf().tell(new NodeProtocol.Reseed(cause)),
                                env.metrics()),
                        new BroadcastActor.Start(meta, opened.lastZxid(), opened.commitZxid(), message.recovered())));
        releases = actors.releases(meta.nodeId(), membership);
        clusterFormation = ClusterSeat.take(getContext(), settings, env);
        checkUncountedLater();
        room.check();
        Doorkeeper doorkeeper =
                new Doorkeeper(settings.tree().limits(), board::sessions, board::treeBytes, env.metrics());
        Frontend frontend =
                new NodeFrontend(actors.broadcast(), tree, heartbeat, board, doorkeeper, settings.quotasEnforced());
        actors.coordinator(frontend);
        actors.overview(meta);
        listener.onFrontend(frontend);
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
        actors.broadcast().tell(new BroadcastProtocol.RoomForClients(enough));
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
        peers.learn(message.membership());
        peers.watch(message.membership());
        if (membershipActor != null) {
            membershipActor.tell(new MembershipProtocol.MembersChanged(message.membership()));
        }
        if (releases != null) {
            releases.tell(new ReleaseProtocol.MembersChanged(message.membership()));
        }
        return this;
    }

    /** Not a change of members, which only history brings: where to look for those who know it. */
    private Behavior<Command> onLaterMembers(NodeProtocol.LaterMembers message) {
        peers.learn(message.membership());
        if (election != null) {
            election.tell(new ElectionProtocol.LaterMembers(message.membership()));
        }
        return this;
    }

    private Behavior<Command> onProbePeers(NodeProtocol.ProbePeers message) {
        peers.probe();
        return this;
    }

    // ---- the end ----

    private Behavior<Command> onHandOver(NodeProtocol.HandOver message) {
        if (started) {
            actors.broadcast().tell(new BroadcastProtocol.HandOver(message.done()));
        } else {
            message.done().run();
        }
        return this;
    }

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
