package io.troupe.broadcast;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.broadcast.BroadcastProtocol.Command;
import io.troupe.broadcast.BroadcastProtocol.Frame;
import io.troupe.broadcast.BroadcastProtocol.Timer;
import io.troupe.broadcast.pipeline.Admission;
import io.troupe.broadcast.pipeline.Outbox;
import io.troupe.election.ElectionProtocol;
import io.troupe.election.Vote;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.env.Clock;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.LinkEnd;
import io.troupe.link.Links;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.log.LogProtocol;
import io.troupe.log.NodeMeta;
import io.troupe.request.Batch;
import io.troupe.request.Request;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What the phases of {@link BroadcastActor} share: this node's part of the history, its connections, its clients'
 * requests, and the means to act on log, tree and peers. Answers of other actors carry the term in which they were asked
 * for, and are void in a later one: nothing of an old role may reach the new one (anchors S6).
 */
final class Zab {
    /** The other actors of this node. */
    record Neighbours(
            ActorRef<LogProtocol.Command> log,
            ActorRef<SnapshotProtocol.Command> snapshot,
            ActorRef<DataTreeProtocol.Command> tree,
            ActorRef<ElectionProtocol.Command> election,
            ActorRef<HeartbeatProtocol.Command> heartbeat) {}

    /** This node as it would be listed among the members. */
    final Member self;

    final BroadcastSettings settings;
    final Clock clock;
    final Replica replica;
    final Outbox outbox;
    final Neighbours to;
    final TimerScheduler<Command> timers;
    final Logger log;
    final BroadcastMetrics metrics;
    private final ActorContext<Command> context;
    private final Adapters adapters;
    private final PeerTransport transport;
    private final Links links;
    private final StatusListener status;
    private final Consumer<String> distrusted;
    private final Asks asks = new Asks();
    private final TreeSet<Long> unconfirmed = new TreeSet<>();
    private Phase phase;
    private long term;
    private boolean serving;
    /** Why the present phase was entered, for people. */
    private String because = "it starts";
    /** Told once, when clients are served (again). */
    private @Nullable Runnable whenServing;

    private boolean joining = true;
    private int promisedTo;
    private long promisedIncarnation;

    /** The other actors' answers, turned into messages of this one. */
    private record Adapters(
            ActorRef<ElectionProtocol.Outcome> outcome,
            ActorRef<LogProtocol.MetaSaved> metaSaved,
            ActorRef<LogProtocol.Truncated> truncated,
            ActorRef<LogProtocol.Slice> slice,
            ActorRef<LogProtocol.Located> located,
            ActorRef<LogProtocol.Started> started,
            ActorRef<SnapshotProtocol.Pulled> pulled,
            ActorRef<DataTreeProtocol.Recovered> recovered,
            ActorRef<DataTreeProtocol.Judged> judged) {
        static Adapters of(ActorContext<Command> context) {
            return new Adapters(
                    context.messageAdapter(ElectionProtocol.Outcome.class, BroadcastProtocol.Elected::new),
                    context.messageAdapter(LogProtocol.MetaSaved.class, BroadcastProtocol.MetaDurable::new),
                    context.messageAdapter(LogProtocol.Truncated.class, BroadcastProtocol.LogTruncated::new),
                    context.messageAdapter(LogProtocol.Slice.class, BroadcastProtocol.LogSlice::new),
                    context.messageAdapter(LogProtocol.Located.class, BroadcastProtocol.LogLocated::new),
                    context.messageAdapter(LogProtocol.Started.class, BroadcastProtocol.LogStarted::new),
                    context.messageAdapter(SnapshotProtocol.Pulled.class, BroadcastProtocol.SnapshotPulled::new),
                    context.messageAdapter(DataTreeProtocol.Recovered.class, BroadcastProtocol.TreeRecovered::new),
                    context.messageAdapter(
                            DataTreeProtocol.Judged.class, BroadcastProtocol.ReconfigurationJudged::new));
        }
    }

    /** Told what this actor is at the moment, whenever that changes; must not block. */
    @FunctionalInterface
    interface StatusListener {
        void onStatus(BroadcastStatus status);
    }

    Zab(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Member self,
            BroadcastSettings settings,
            Clock clock,
            PeerTransport transport,
            Neighbours to,
            Replica replica,
            StatusListener status,
            Consumer<String> distrusted,
            BroadcastMetrics metrics) {
        this.context = context;
        this.adapters = Adapters.of(context);
        this.timers = timers;
        this.self = self;
        this.settings = settings;
        this.clock = clock;
        this.transport = transport;
        this.to = to;
        this.replica = replica;
        this.status = status;
        this.distrusted = distrusted;
        this.metrics = metrics;
        this.log = context.getLog();
        this.links = new Links(replica.nodeId(), replica.meta().incarnation());
        this.outbox = new Outbox(replica.nodeId(), replica.meta().incarnation(), settings.batchBytes());
        this.phase = new RecoveringPhase(this, 0, 0);
    }

    Phase phase() {
        return phase;
    }

    Links links() {
        return links;
    }

    long term() {
        return term;
    }

    /** The one way from phase to phase. */
    void transition(Phase next, String reason) {
        log.info("{} -> {}: {} ({})", phase.name(), next.name(), reason, replica);
        because = reason;
        enter(next);
    }

    /** Enters the first phase. */
    void begin(Phase first) {
        log.info("{} ({})", first.name(), replica);
        enter(first);
    }

    private void enter(Phase next) {
        timers.cancelAll();
        term++;
        phase = next;
        metrics.entered(next);
        publish();
        next.enter();
    }

    /** Gives up the present role: whatever was agreed with peers is void, clients wait. */
    void look(String reason) {
        giveUpRole(new LookingPhase(this), reason);
    }

    /**
     * As {@link #look}, but this node is no candidate.
     *
     * @param replaced told once this node follows another, so that its clients are served again
     */
    void leave(Runnable replaced, String reason) {
        whenServing = replaced;
        giveUpRole(new LeavingPhase(this), reason);
    }

    void follow(int leader) {
        transition(new FollowerDiscoveryPhase(this, leader), "the leader is node " + leader);
    }

    private void giveUpRole(Phase next, String reason) {
        links.closeAll();
        suspend();
        to.snapshot().tell(new SnapshotProtocol.CancelPull());
        to.heartbeat().tell(new HeartbeatProtocol.Looking());
        outbox.rewind();
        transition(next, reason);
    }

    /** Lets clients of this node be served, as one that follows {@code leaderId}, or leads. */
    void serve(Role role, int leaderId) {
        serving = true;
        metrics.serves(role);
        publish();
        to.tree().tell(new DataTreeProtocol.Serve(role, replica.meta().currentEpoch(), leaderId));
        if (whenServing != null) {
            whenServing.run();
            whenServing = null;
        }
    }

    /** Lets clients wait. */
    void suspend() {
        serving = false;
        metrics.suspended();
        publish();
        to.tree().tell(new DataTreeProtocol.Suspend());
    }

    void publish() {
        metrics.learners(phase.connectedLearners(), replica.membership());
        metrics.reaches(replica.lastZxid(), replica.commit());
        status.onStatus(new BroadcastStatus(
                replica.nodeId(),
                phase.role(),
                phase.name(),
                serving,
                phase.leaderId(),
                replica.meta().currentEpoch(),
                replica.lastZxid(),
                replica.commit(),
                phase.syncedFollowers(),
                phase.syncedObservers(),
                phase.proposals(),
                replica.membership()));
    }

    /** Ends this node's part: what it holds of the history is given up. */
    void giveUpHistory(String cause) {
        log.error("{}. It gives up its copy and takes the history anew", cause);
        distrusted.accept(cause);
    }

    // ---- peers ----

    LinkEnd dial(int peer) {
        return links.dial(peer);
    }

    void send(LinkEnd end, PeerMessage message) {
        if (end.open()) {
            transport.send(
                    end.peer(),
                    Recipient.BROADCAST,
                    new Frame(replica.nodeId(), replica.meta().incarnation(), end.id(), end.nextToSend(), message));
        }
    }

    /** Closes a connection and says so to the other end. */
    void refuse(LinkEnd end, String reason) {
        log.info("Closing connection {} with node {}: {}", end.id(), end.peer(), reason);
        links.close(end);
        transport.send(end.peer(), Recipient.BROADCAST, new BroadcastProtocol.Reset(replica.nodeId(), end.id()));
    }

    /** Lets a node know that it has had a later incarnation than the one it runs as. */
    void tellOutdated(int nodeId, long incarnation) {
        transport.send(nodeId, Recipient.ELECTION, new ElectionProtocol.Outdated(replica.nodeId(), incarnation));
    }

    /** This very node has had a later incarnation than the one it runs as. */
    void startUnderLaterIncarnation(long incarnation) {
        to.election().tell(new ElectionProtocol.Outdated(replica.nodeId(), incarnation));
    }

    // ---- election ----

    /**
     * @param voting whether this node is a candidate, and votes
     */
    void startElection(boolean voting) {
        Vote own = new Vote(replica.nodeId(), replica.meta().currentEpoch(), replica.lastZxid());
        to.election()
                .tell(new ElectionProtocol.Look(
                        replica.membership(), own, voting, replica.peers(), because, adapters.outcome()));
    }

    void settle(Role role, int leaderId, long epoch) {
        to.election().tell(new ElectionProtocol.Settle(role, leaderId, epoch, replica.membership()));
    }

    /** A round need not wait for this voter, until it is heard of. */
    void expectNoVoteOf(int node) {
        to.election().tell(new ElectionProtocol.Reachability(node, true));
    }

    // ---- promises ----

    /** Remembers, for as long as this process lives, to whom the accepted epoch was promised. */
    void promised(int leaderId, long incarnation) {
        promisedTo = leaderId;
        promisedIncarnation = incarnation;
    }

    boolean promisedTo(int leaderId, long incarnation) {
        return promisedTo == leaderId && promisedIncarnation == incarnation;
    }

    /**
     * Makes promises durable; {@link Phase#onMetaDurable} follows. The change applies to what was last asked to be saved,
     * so that no promise on disk is ever taken back.
     */
    void save(UnaryOperator<NodeMeta> change) {
        NodeMeta meta = change.apply(replica.requestedMeta());
        replica.requestMeta(meta);
        asks.asked(Asks.Kind.SAVE_META, term, null);
        to.log().tell(new LogProtocol.SaveMeta(meta, adapters.metaSaved()));
    }

    /** Whether this node asks to be listed, should it not be: not once it was taken off the list. */
    boolean joining() {
        return joining;
    }

    /** Tells where a node is that may not be listed. */
    void learnAddress(Member node) {
        transport.address(node.nodeId(), node.host(), node.peerPort());
    }

    // ---- history ----

    void append(Batch batch) {
        Membership before = replica.membership();
        replica.append(batch);
        if (!replica.membership().equals(before)) {
            publish();
        }
        metrics.reaches(replica.lastZxid(), replica.commit());
        to.log().tell(new LogProtocol.Append(batch));
    }

    /** Hands to the tree what has committed. */
    void deliver() {
        Membership before = replica.membership();
        List<Batch> due = replica.deliver();
        metrics.reaches(replica.lastZxid(), replica.commit());
        if (!due.isEmpty()) {
            metrics.delivered(phase.role(), due);
            to.tree().tell(new DataTreeProtocol.Execute(due));
        }
        if (replica.membership().version() != before.version()) {
            if (before.member(self.nodeId()).isPresent()
                    && replica.membership().member(self.nodeId()).isEmpty()) {
                joining = false;
                log.warn("This node was taken off the list of members; it goes on as an observer that is not listed."
                        + " Stop it once no client needs it");
            }
            log.info("The members are now {}", replica.membership().members());
            phase.onMembersChanged();
            publish();
        }
    }

    void truncate(long zxid) {
        replica.truncate(zxid);
        asks.asked(Asks.Kind.TRUNCATE, term, null);
        to.log().tell(new LogProtocol.Truncate(zxid, adapters.truncated()));
    }

    /** Reads history behind {@code zxid} for the learner at {@code end}. */
    void read(@Nullable LinkEnd end, long zxid, int maxBytes) {
        asks.asked(Asks.Kind.READ, term, end);
        to.log().tell(new LogProtocol.Read(zxid, maxBytes, adapters.slice()));
    }

    /** Finds out where the last zxid of the learner at {@code end} stands in the log. */
    void locate(LinkEnd end, long zxid) {
        asks.asked(Asks.Kind.LOCATE, term, end);
        to.log().tell(new LogProtocol.Locate(zxid, adapters.located()));
    }

    void pull(int leaderId, long minZxid) {
        to.snapshot().tell(new SnapshotProtocol.Pull(leaderId, minZxid, adapters.pulled()));
    }

    void startLogAfter(long zxid) {
        asks.asked(Asks.Kind.START_LOG, term, null);
        to.log().tell(new LogProtocol.StartAfter(zxid, adapters.started()));
    }

    void recoverTree() {
        asks.asked(Asks.Kind.RECOVER, term, null);
        to.tree().tell(new DataTreeProtocol.Recover(replica.membership(), adapters.recovered()));
    }

    /** Decides, once the tree has executed all it was given, what a client's wish for other members comes to. */
    void judge(Request wish, Map<Integer, Long> synced) {
        asks.asked(Asks.Kind.JUDGE, term, null);
        to.tree().tell(new DataTreeProtocol.JudgeReconfiguration(wish, synced, adapters.judged()));
    }

    Asks asks() {
        return asks;
    }

    static Map<Integer, Admission.Position> positions(Map<Integer, DataTreeProtocol.OriginPosition> origins) {
        Map<Integer, Admission.Position> positions = new HashMap<>();
        origins.forEach((node, p) -> positions.put(node, new Admission.Position(p.incarnation(), p.sequence())));
        return positions;
    }

    // ---- sync commands of local clients ----

    void awaitConfirmation(long tag) {
        unconfirmed.add(tag);
    }

    /** Those that wait now; confirming one does not change the list. */
    List<Long> unconfirmed() {
        return List.copyOf(unconfirmed);
    }

    void confirmed(long tag, long zxid) {
        if (unconfirmed.remove(tag)) {
            to.tree().tell(new DataTreeProtocol.CommitPointConfirmed(tag, zxid));
        }
    }

    // ---- timers ----

    void deadline(String step, Duration length) {
        timers.startSingleTimer(step, new BroadcastProtocol.StepDeadline(step), length);
    }

    /** Handles {@code timer} this much later, to the microsecond; it cannot be cancelled, and a later phase may see it. */
    void alarm(Timer timer, long nanos) {
        ActorRef<Command> self = context.getSelf();
        clock.alarm(nanos, () -> self.tell(timer));
    }

    /** Handles {@code timer} once everything now in the mailbox has been handled. */
    void afterMailbox(Timer timer) {
        context.getSelf().tell(timer);
    }
}
