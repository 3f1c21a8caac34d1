package io.troupe.broadcast;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.broadcast.BroadcastProtocol.Command;
import io.troupe.broadcast.BroadcastProtocol.Frame;
import io.troupe.broadcast.BroadcastProtocol.Timer;
import io.troupe.broadcast.BroadcastProtocol.TreeExecuted;
import io.troupe.edge.Replicator;
import io.troupe.ensemble.Member;
import io.troupe.env.Clock;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.LinkEnd;
import io.troupe.link.Links.Receipt;
import io.troupe.link.PeerTransport;
import io.troupe.log.LogProtocol;
import io.troupe.log.NodeMeta;
import io.troupe.metrics.Metrics;
import io.troupe.request.ErrorCode;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The Zab state machine of one node (Junqueira, Reed, Serafini, DSN 2011). The phases are the states, one class each:
 * {@link LookingPhase}; as leader {@link LeaderDiscoveryPhase}, {@link LeaderSynchronizationPhase},
 * {@link LeaderBroadcastPhase}; as follower or observer {@link FollowerDiscoveryPhase},
 * {@link FollowerSynchronizationPhase}, {@link FollowerBroadcastPhase}; before its end {@link LeavingPhase}. This class sorts messages, drops what belongs to an
 * earlier term or a broken connection, and leaves every decision to the phase.
 */
public final class BroadcastActor extends AbstractBehavior<Command> {
    private final Zab zab;
    private final int nodeId;
    private final PeerTransport transport;
    private boolean roomForClients = true;

    /**
     * Where a node starts from.
     *
     * @param logEnd last zxid in the log
     * @param commitZxid greatest commit point the log knows of
     * @param recovered what the tree was loaded from
     */
    public record Start(NodeMeta meta, long logEnd, long commitZxid, DataTreeProtocol.Recovered recovered) {}

    /**
     * Everything around this actor.
     *
     * @param self this node as it would be listed among the members
     * @param distrusted told when what this node holds of the history must be given up, and why
     */
    public record Surroundings(
            Member self,
            BroadcastSettings settings,
            Clock clock,
            PeerTransport transport,
            ActorRef<LogProtocol.Command> log,
            ActorRef<io.troupe.snapshot.SnapshotProtocol.Command> snapshot,
            ActorRef<DataTreeProtocol.Command> tree,
            ActorRef<io.troupe.election.ElectionProtocol.Command> election,
            ActorRef<HeartbeatProtocol.Command> heartbeat,
            Consumer<BroadcastStatus> status,
            Consumer<String> distrusted,
            Metrics metrics) {}

    private BroadcastActor(
            ActorContext<Command> context, TimerScheduler<Command> timers, Surroundings around, Start start) {
        super(context);
        context.setLoggerName(BroadcastActor.class);
        this.nodeId = start.meta().nodeId();
        this.transport = around.transport();
        Replica replica = new Replica(
                start.meta(),
                start.recovered().executedZxid(),
                start.recovered().membership(),
                Zab.positions(start.recovered().origins()));
        this.zab = new Zab(
                context,
                timers,
                around.self(),
                around.settings(),
                around.clock(),
                around.transport(),
                new Zab.Neighbours(
                        around.log(), around.snapshot(), around.tree(), around.election(), around.heartbeat()),
                replica,
                around.status()::accept,
                around.distrusted(),
                new BroadcastMetrics(around.metrics(), around.clock()));
        zab.begin(new RecoveringPhase(zab, start.logEnd(), start.commitZxid()));
    }

    /**
     * A broadcast actor that waits for {@link BroadcastProtocol.Begin}, so that those it works with can be given its address
     * before they exist; then it reads the rest of its log and looks for a leader. What comes earlier is dropped: nothing
     * has been promised to anybody yet.
     */
    public static Behavior<Command> create() {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> Behaviors.receive(Command.class)
                .onMessage(
                        BroadcastProtocol.Begin.class,
                        begin -> new BroadcastActor(context, timers, begin.around(), begin.start()))
                .onMessage(Command.class, early -> Behaviors.same())
                .build()));
    }

    @Override
    public Receive<Command> createReceive() {
        // Cases are tried in their order: the most frequent come first.
        return newReceiveBuilder()
                .onMessage(Frame.class, this::onFrame)
                .onMessage(BroadcastProtocol.FromLog.class, this::onLogEvent)
                .onMessage(TreeExecuted.class, this::onExecuted)
                .onMessage(BroadcastProtocol.FromHeartbeat.class, this::onHeartbeat)
                .onMessageEquals(Timer.FLUSH, () -> then(() -> zab.phase().onFlush()))
                .onMessage(BroadcastProtocol.FromEdge.class, this::onEdge)
                .onMessageEquals(
                        Timer.COMMIT_LAZILY, () -> then(() -> zab.phase().onCommitLazily()))
                .onMessage(BroadcastProtocol.Reset.class, this::onReset)
                .onMessage(BroadcastProtocol.RoomForClients.class, this::onRoom)
                .onMessage(
                        BroadcastProtocol.HandOver.class,
                        m -> then(() -> zab.phase().onHandOver(m.done())))
                .onMessage(
                        BroadcastProtocol.Elected.class,
                        m -> then(() -> zab.phase().onElected(m.outcome())))
                .onMessage(BroadcastProtocol.LogSlice.class, this::onSlice)
                .onMessage(BroadcastProtocol.LogLocated.class, this::onLocated)
                .onMessage(BroadcastProtocol.LogTruncated.class, this::onTruncated)
                .onMessage(BroadcastProtocol.LogStarted.class, this::onLogStarted)
                .onMessage(BroadcastProtocol.MetaDurable.class, this::onMetaDurable)
                .onMessage(
                        BroadcastProtocol.SnapshotPulled.class,
                        m -> then(() -> zab.phase().onPulled(m.pulled().zxid())))
                .onMessage(BroadcastProtocol.TreeRecovered.class, this::onRecovered)
                .onMessage(
                        BroadcastProtocol.TreeDiverged.class,
                        m -> then(() -> zab.phase().onDivergence(m.divergence())))
                .onMessage(BroadcastProtocol.ReconfigurationJudged.class, this::onJudged)
                .onMessage(
                        BroadcastProtocol.StepDeadline.class,
                        m -> then(() -> zab.phase().onStepDeadline(m.step())))
                .onMessageEquals(
                        Timer.PROPOSAL_DEADLINE, () -> then(() -> zab.phase().onProposalDeadline()))
                .onMessageEquals(Timer.JUDGE_TREES, () -> then(() -> zab.phase().onJudgeTrees()))
                .build();
    }

    private Behavior<Command> then(Runnable action) {
        action.run();
        return this;
    }

    // ---- links ----

    private Behavior<Command> onFrame(Frame frame) {
        Receipt receipt = zab.links().receive(frame.from(), frame.incarnation(), frame.connection(), frame.sequence());
        if (receipt instanceof Receipt.Deliver deliver) {
            deliver(deliver, frame.message());
        } else if (receipt instanceof Receipt.Broken broken) {
            answerReset(frame);
            zab.metrics.linkReset();
            zab.phase().onClosed(broken.end(), "messages are missing");
        } else if (receipt instanceof Receipt.Refuse) {
            answerReset(frame);
        }
        return this;
    }

    private void deliver(Receipt.Deliver deliver, PeerMessage message) {
        LinkEnd end = deliver.end();
        if (!deliver.opened()) {
            zab.phase().onMessage(end, message);
        } else if (message instanceof PeerMessage.LearnerInfo info
                && info.self().nodeId() == end.peer()) {
            zab.phase().onLearner(end, info);
        } else {
            zab.refuse(end, "a connection must begin with LearnerInfo");
        }
    }

    private void answerReset(Frame frame) {
        transport.send(
                frame.from(),
                PeerTransport.Recipient.BROADCAST,
                new BroadcastProtocol.Reset(nodeId, frame.connection()));
    }

    private Behavior<Command> onReset(BroadcastProtocol.Reset reset) {
        LinkEnd closed = zab.links().reset(reset.from(), reset.connection());
        if (closed != null) {
            zab.metrics.linkReset();
            zab.phase().onClosed(closed, "the peer does not know the connection");
        }
        return this;
    }

    private void onPeerPosition(HeartbeatProtocol.PeerPosition position) {
        LinkEnd closed = zab.links().position(position.from(), position.connection(), position.lastSent());
        if (closed != null) {
            transport.send(
                    position.from(),
                    PeerTransport.Recipient.BROADCAST,
                    new BroadcastProtocol.Reset(nodeId, closed.id()));
            zab.metrics.linkReset();
            zab.phase().onClosed(closed, "the last messages are missing, or the peer has dropped it");
        }
    }

    // ---- edges ----

    private Behavior<Command> onEdge(BroadcastProtocol.FromEdge message) {
        if (message.request() instanceof Replicator.Submit submit) {
            zab.outbox.add(roomForClients ? submit.requests() : refuseClients(submit.requests()));
            zab.phase().onRequests();
        } else if (message.request() instanceof Replicator.Refuse refusal) {
            refuse(refusal.request(), refusal.error());
        } else if (message.request() instanceof Replicator.ConfirmCommitPoint confirm) {
            zab.awaitConfirmation(confirm.tag());
            zab.phase().onConfirm(confirm.tag());
        }
        return this;
    }

    private Behavior<Command> onRoom(BroadcastProtocol.RoomForClients room) {
        roomForClients = room.enough();
        return this;
    }

    /** What clients write is refused in its turn, behind what they wrote before; sessions come and go all the same. */
    private List<Request> refuseClients(List<Request> requests) {
        List<Request> taken = new ArrayList<>();
        for (Request request : requests) {
            if (request.operation().ofSession()) {
                taken.add(request);
            } else {
                zab.outbox.add(taken);
                taken.clear();
                refuse(request, ErrorCode.THROTTLED_OP);
            }
        }
        return taken;
    }

    private void refuse(Request request, ErrorCode error) {
        zab.to.tree().tell(new DataTreeProtocol.Refuse(request, zab.outbox.lastSequence(), error));
    }

    // ---- heartbeat ----

    private Behavior<Command> onHeartbeat(BroadcastProtocol.FromHeartbeat message) {
        HeartbeatProtocol.Finding finding = message.finding();
        if (finding instanceof HeartbeatProtocol.AskPulse) {
            answerPulse();
        } else if (finding instanceof HeartbeatProtocol.PeerPosition position) {
            onPeerPosition(position);
        } else if (finding instanceof HeartbeatProtocol.PeerLost lost) {
            zab.phase().onPeerLost(lost.nodeId(), lost.reason());
        } else if (finding instanceof HeartbeatProtocol.QuorumLost lost) {
            zab.phase().onQuorumLost(lost.reason());
        } else if (finding instanceof HeartbeatProtocol.Internal internal) {
            zab.phase().onInternal(internal.requests());
        }
        return this;
    }

    private void answerPulse() {
        List<HeartbeatProtocol.Position> positions = zab.links().open().stream()
                .map(end -> new HeartbeatProtocol.Position(end.peer(), end.id(), end.lastSent()))
                .toList();
        Phase phase = zab.phase();
        zab.to
                .heartbeat()
                .tell(new HeartbeatProtocol.Pulse(
                        phase.well(),
                        phase.role(),
                        phase.leaderId(),
                        zab.replica.meta().currentEpoch(),
                        positions));
    }

    // ---- log and tree ----

    private Behavior<Command> onLogEvent(BroadcastProtocol.FromLog message) {
        // A failure is the guardian's business.
        if (message.event() instanceof LogProtocol.Durable durable && zab.replica.durable(durable.zxid())) {
            zab.phase().onDurable();
        }
        return this;
    }

    private Behavior<Command> onSlice(BroadcastProtocol.LogSlice message) {
        Asks.Ask ask = zab.asks().answered(Asks.Kind.READ, zab.term());
        if (ask != null) {
            zab.phase().onSlice(ask.end(), message.slice());
        }
        return this;
    }

    private Behavior<Command> onLocated(BroadcastProtocol.LogLocated message) {
        Asks.Ask ask = zab.asks().answered(Asks.Kind.LOCATE, zab.term());
        if (ask != null) {
            zab.phase().onLocated(ask.end(), message.located());
        }
        return this;
    }

    private Behavior<Command> onTruncated(BroadcastProtocol.LogTruncated message) {
        // What the log did holds in any term.
        zab.replica.truncated(message.truncated().lastZxid());
        if (zab.asks().answered(Asks.Kind.TRUNCATE, zab.term()) != null) {
            zab.phase().onTruncated(message.truncated().lastZxid());
        }
        return this;
    }

    private Behavior<Command> onLogStarted(BroadcastProtocol.LogStarted message) {
        if (zab.asks().answered(Asks.Kind.START_LOG, zab.term()) != null) {
            zab.phase().onLogStarted(message.started().zxid());
        }
        return this;
    }

    private Behavior<Command> onMetaDurable(BroadcastProtocol.MetaDurable message) {
        // A promise on disk holds in any term.
        zab.replica.metaSaved(message.saved().meta());
        if (zab.asks().answered(Asks.Kind.SAVE_META, zab.term()) != null) {
            zab.phase().onMetaDurable(message.saved().meta());
        }
        return this;
    }

    private Behavior<Command> onRecovered(BroadcastProtocol.TreeRecovered message) {
        if (zab.asks().answered(Asks.Kind.RECOVER, zab.term()) != null) {
            zab.phase().onRecovered(message.recovered());
        }
        return this;
    }

    private Behavior<Command> onJudged(BroadcastProtocol.ReconfigurationJudged message) {
        if (zab.asks().answered(Asks.Kind.JUDGE, zab.term()) != null) {
            zab.phase().onJudged(message.judged().operation());
        }
        return this;
    }

    private Behavior<Command> onExecuted(TreeExecuted message) {
        zab.outbox.executed(message.executed().ownSequence());
        zab.replica.executed(message.executed().zxid(), message.executed().digest());
        return this;
    }
}
