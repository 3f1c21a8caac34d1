package io.troupe.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.ActorContext;
import io.troupe.actorport.CoordinatorActor;
import io.troupe.broadcast.BroadcastActor;
import io.troupe.broadcast.BroadcastProtocol;
import io.troupe.client.protocol.Coordinator;
import io.troupe.edge.Frontend;
import io.troupe.election.ElectionActor;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Release;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatActor;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.log.LogActor;
import io.troupe.log.LogProtocol;
import io.troupe.log.NodeMeta;
import io.troupe.membership.MembershipActor;
import io.troupe.membership.MembershipProtocol;
import io.troupe.membership.ReleaseActor;
import io.troupe.membership.ReleaseProtocol;
import io.troupe.node.NodeProtocol.Command;
import io.troupe.overview.ElectionRecord;
import io.troupe.overview.Overview;
import io.troupe.overview.OverviewActor;
import io.troupe.overview.OverviewProtocol;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.snapshot.SnapshotActor;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeActor;
import io.troupe.tree.DataTreeProtocol;
import org.jspecify.annotations.Nullable;

/**
 * How the actors of one node are made and to whom each speaks; when, the guardian decides, which watches all of them. Log and
 * broadcast are there from the beginning.
 */
final class NodeActors {
    private final ActorContext<Command> guardian;
    private final NodeSettings settings;
    private final NodeEnvironment env;
    private final StatusBoard board;
    private final ActorRef<LogProtocol.Command> log;
    private final ActorRef<BroadcastProtocol.Command> broadcast;

    NodeActors(ActorContext<Command> guardian, NodeSettings settings, NodeEnvironment env, StatusBoard board) {
        this.guardian = guardian;
        this.settings = settings;
        this.env = env;
        this.board = board;
        this.log = start(
                LogActor.create(env.disk(), settings.log(), env.clock(), env.metrics()),
                "log",
                DispatcherSelector.fromConfig("troupe-log-dispatcher"));
        this.broadcast = start(BroadcastActor.create(), "broadcast");
        env.transport().receiver(Recipient.BROADCAST, broadcast);
    }

    private <T> ActorRef<T> start(Behavior<T> behavior, String name) {
        return start(behavior, name, DispatcherSelector.sameAsParent());
    }

    private <T> ActorRef<T> start(Behavior<T> behavior, String name, Props props) {
        ActorRef<T> child = guardian.spawn(behavior, name, props);
        guardian.watch(child);
        return child;
    }

    ActorRef<LogProtocol.Command> log() {
        return log;
    }

    ActorRef<BroadcastProtocol.Command> broadcast() {
        return broadcast;
    }

    /** This node as it would be listed: a voter if it is on the list of a first start. */
    Member self(long diskId) {
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

    ActorRef<MembershipProtocol.Command> membership(NodeMeta meta, @Nullable ImportedHistory imported) {
        ActorRef<Command> self = guardian.getSelf();
        ActorRef<MembershipProtocol.Command> spawned = start(
                MembershipActor.create(new MembershipActor.Surroundings(
                        self(meta.diskId()),
                        settings.seeds().stream()
                                .map(s -> s.id() + "=" + s.host() + ":" + s.port())
                                .toList(),
                        settings.seeds().stream().map(NodeSettings.Seed::id).toList(),
                        meta.founding(),
                        imported,
                        env.entropy(),
                        env.transport(),
                        joined -> self.tell(new NodeProtocol.Joined(joined)),
                        board::servingLeader,
                        later -> self.tell(new NodeProtocol.LaterMembers(later)),
                        cause -> self.tell(new NodeProtocol.IdTaken(cause)))),
                "membership");
        env.transport().receiver(Recipient.MEMBERSHIP, spawned);
        return spawned;
    }

    ActorRef<SnapshotProtocol.Command> snapshot(NodeMeta meta) {
        ActorRef<Command> self = guardian.getSelf();
        ActorRef<SnapshotProtocol.Command> spawned = start(
                SnapshotActor.create(new SnapshotActor.Surroundings(
                        meta.nodeId(),
                        env.disk(),
                        settings.log().reserveBytes(),
                        settings.snapshot(),
                        env.transport(),
                        log,
                        needed -> self.tell(new NodeProtocol.SnapshotNeeded()))),
                "snapshot",
                DispatcherSelector.fromConfig("troupe-snapshot-dispatcher"));
        env.transport().receiver(Recipient.SNAPSHOT, spawned);
        return spawned;
    }

    ActorRef<DataTreeProtocol.Command> tree(NodeMeta meta, ActorRef<SnapshotProtocol.Command> snapshot) {
        ActorRef<Command> self = guardian.getSelf();
        return start(
                DataTreeActor.create(new DataTreeActor.Surroundings(
                        meta.nodeId(),
                        meta.incarnation(),
                        settings.tree(),
                        env.clock(),
                        new SnapshotCatalog(env.disk()),
                        env.preloaded(),
                        snapshot,
                        request -> broadcast.tell(new BroadcastProtocol.FromEdge(request)),
                        executed -> broadcast.tell(new BroadcastProtocol.TreeExecuted(executed)),
                        board::tree,
                        divergence -> broadcast.tell(new BroadcastProtocol.TreeDiverged(divergence)),
                        divergence -> self.tell(new NodeProtocol.StartAgain(
                                divergence + "; it was not found out whose is wrong before that leader was gone", 0)),
                        env.metrics())),
                "tree");
    }

    ActorRef<ElectionProtocol.Command> election(NodeMeta meta, Membership membership, ElectionActor.Listener listener) {
        ActorRef<ElectionProtocol.Command> spawned = start(
                ElectionActor.create(
                        new ElectionActor.Self(
                                meta.nodeId(), meta.diskId(), membership.ensembleId(), meta.incarnation()),
                        settings.election(),
                        env.transport(),
                        listener,
                        new ElectionProtocol.Settle(Role.LOOKING, 0, 0, membership),
                        env.metrics(),
                        env.overview().map(Overview::elections).orElseGet(() -> new ElectionRecord(env.clock()))),
                "election");
        env.transport().receiver(Recipient.ELECTION, spawned);
        return spawned;
    }

    ActorRef<HeartbeatProtocol.Command> heartbeat(
            NodeMeta meta, ActorRef<DataTreeProtocol.Command> tree, ActorRef<ElectionProtocol.Command> election) {
        ActorRef<HeartbeatProtocol.Command> spawned = start(
                HeartbeatActor.create(new HeartbeatActor.Surroundings(
                        meta.nodeId(),
                        meta.incarnation(),
                        settings.heartbeat(),
                        env.clock(),
                        env.transport(),
                        this::found,
                        tree,
                        election,
                        env.metrics())),
                "heartbeat");
        env.transport().receiver(Recipient.HEARTBEAT, spawned);
        return spawned;
    }

    private void found(HeartbeatProtocol.Finding finding) {
        if (finding instanceof HeartbeatProtocol.Internal internal) {
            for (Request request : internal.requests()) {
                if (request.operation() instanceof Operation.CloseSession) {
                    env.audit().expired(request.sessionId());
                }
            }
        }
        broadcast.tell(new BroadcastProtocol.FromHeartbeat(finding));
    }

    /** Lets nodes describe themselves to each other. Not watched: whatever happens to it, the node goes on. */
    void overview(NodeMeta meta) {
        env.overview().ifPresent(overview -> {
            ActorRef<OverviewProtocol.Command> spawned = guardian.spawn(
                    OverviewActor.create(meta.nodeId(), env.transport(), board::membership, overview), "overview");
            env.transport().receiver(Recipient.OVERVIEW, spawned);
        });
    }

    ActorRef<ReleaseProtocol.Command> releases(int nodeId, Membership membership) {
        ActorRef<Command> self = guardian.getSelf();
        ActorRef<ReleaseProtocol.Command> spawned = start(
                ReleaseActor.create(
                        membership,
                        new ReleaseActor.Surroundings(
                                nodeId,
                                Release.OWN,
                                env.transport(),
                                board::releases,
                                cause -> self.tell(new NodeProtocol.Incompatible(cause)))),
                "release");
        env.transport().receiver(Recipient.RELEASE, spawned);
        return spawned;
    }

    /** Lets actor systems be clients, where they may. */
    void coordinator(Frontend frontend) {
        env.actorPort().ifPresent(port -> start(CoordinatorActor.create(frontend, port), Coordinator.NAME));
    }
}
