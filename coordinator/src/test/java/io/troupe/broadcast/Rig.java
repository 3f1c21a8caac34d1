package io.troupe.broadcast;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.troupe.broadcast.BroadcastProtocol.Command;
import io.troupe.edge.Replicator;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Clock;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.log.NodeMeta;
import io.troupe.metrics.Metrics;
import io.troupe.request.Batch;
import io.troupe.request.Request;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The broadcast actor of node 1, alone: the test plays the other actors of the node and the other nodes. Whatever the test
 * does to it returns only when the actor has dealt with it, and with what it told itself on that account.
 */
final class Rig {
    static final BroadcastSettings SETTINGS = BroadcastSettings.DEFAULT;
    /** A proposal or a commit goes out within this time, however the leader gathers them. */
    static final Duration SOON = Duration.ofMillis(20);
    /** How many messages deep the actor may talk to itself. */
    private static final int ROUNDS = 3;

    final Sibling<LogProtocol.Command> log = new Sibling<>();
    final Sibling<SnapshotProtocol.Command> snapshot = new Sibling<>();
    final Sibling<DataTreeProtocol.Command> tree = new Sibling<>();
    final Sibling<ElectionProtocol.Command> election = new Sibling<>();
    final RecordingTransport transport = new RecordingTransport();
    private final ActorTestKit kit;
    private final ManualTime time;
    private final TestProbe<HeartbeatProtocol.Command> heartbeat;
    private final List<HeartbeatProtocol.Command> toldHeartbeat = new ArrayList<>();
    private final List<BroadcastStatus> statuses = new CopyOnWriteArrayList<>();
    final List<String> distrusted = new CopyOnWriteArrayList<>();
    final Metrics metrics = new Metrics();
    private final Map<Integer, Peer> peers = new HashMap<>();
    private final Queue<Alarm> alarms = new ConcurrentLinkedQueue<>();
    private final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    private final ActorRef<Command> actor;
    private HeartbeatProtocol.Pulse pulse;

    /** Starts a node that has this past; it is reading its log. */
    Rig(ActorTestKit kit, ManualTime time, Past past) {
        this.kit = kit;
        this.time = time;
        this.heartbeat = kit.createTestProbe(HeartbeatProtocol.Command.class);
        this.actor = kit.spawn(BroadcastActor.create());
        actor.tell(new BroadcastProtocol.Begin(
                new BroadcastActor.Surroundings(
                        Samples.voter(Past.NODE),
                        SETTINGS,
                        new ManualClock(),
                        transport,
                        log.ref(),
                        snapshot.ref(),
                        tree.ref(),
                        election.ref(),
                        heartbeat.getRef(),
                        statuses::add,
                        distrusted::add,
                        metrics),
                past.start()));
        this.pulse = settle();
    }

    private record Alarm(long dueNanos, Runnable task) {}

    private final class ManualClock implements Clock {
        @Override
        public long monotonicNanos() {
            return nanos.get();
        }

        @Override
        public long wallMillis() {
            return 1_000_000L + monotonicMillis();
        }

        @Override
        public void alarm(long delay, Runnable task) {
            alarms.add(new Alarm(nanos.get() + delay, task));
        }
    }

    // ---- the actor ----

    void tell(Command message) {
        actor.tell(message);
        pulse = settle();
    }

    /** Waits until everything told so far has been dealt with: the answer to the last question comes behind it. */
    private HeartbeatProtocol.Pulse settle() {
        HeartbeatProtocol.Pulse answer = askPulse();
        for (int i = 1; i < ROUNDS; i++) {
            answer = askPulse();
        }
        return answer;
    }

    private HeartbeatProtocol.Pulse askPulse() {
        actor.tell(new BroadcastProtocol.FromHeartbeat(new HeartbeatProtocol.AskPulse()));
        while (true) {
            HeartbeatProtocol.Command message = heartbeat.receiveMessage();
            if (message instanceof HeartbeatProtocol.Pulse answer) {
                return answer;
            }
            toldHeartbeat.add(message);
        }
    }

    /** Tells the actor something that it must not survive, for the reason named. */
    void tellFatal(Command message, String reason) {
        TestProbe<Void> watcher = kit.createTestProbe();
        LoggingTestKit.error(reason).expect(kit.system(), () -> {
            actor.tell(message);
            watcher.expectTerminated(actor);
            return true;
        });
    }

    /** Everything that the phases which do not wait for it ignore. */
    void tellStrays() {
        tell(new BroadcastProtocol.Elected(new ElectionProtocol.Follow(3)));
        tell(new BroadcastProtocol.SnapshotPulled(new SnapshotProtocol.Pulled(3, Zxid.of(90, 1))));
        found(new HeartbeatProtocol.PeerLost(3, "a test"));
        for (BroadcastProtocol.Timer timer : BroadcastProtocol.Timer.values()) {
            tell(timer);
        }
    }

    void stop() {
        kit.stop(actor);
        heartbeat.stop();
    }

    /** Waits until answers have been dealt with that the test gave by itself. */
    void settled() {
        pulse = settle();
    }

    void pass(Duration length) {
        nanos.addAndGet(length.toNanos());
        time.timePasses(length);
        ring();
    }

    /** As {@link #pass}, but of the actor's own timers only those finer than a tick go off. */
    void passShortly(Duration length) {
        nanos.addAndGet(length.toNanos());
        ring();
    }

    private void ring() {
        alarms.removeIf(alarm -> {
            boolean due = alarm.dueNanos() <= nanos.get();
            if (due) {
                alarm.task().run();
            }
            return due;
        });
        pulse = settle();
    }

    // ---- what it says of itself ----

    BroadcastStatus status() {
        return statuses.get(statuses.size() - 1);
    }

    String phase() {
        return status().phase();
    }

    /** What it last answered heartbeat. */
    HeartbeatProtocol.Pulse pulse() {
        return pulse;
    }

    /** The last thing heartbeat was told unasked. */
    HeartbeatProtocol.Command lastToHeartbeat() {
        return toldHeartbeat.get(toldHeartbeat.size() - 1);
    }

    // ---- other nodes, heartbeat, election ----

    Peer peer(int nodeId) {
        return peers.computeIfAbsent(nodeId, id -> new Peer(this, id));
    }

    void found(HeartbeatProtocol.Finding finding) {
        tell(new BroadcastProtocol.FromHeartbeat(finding));
    }

    /** Ends the election that it asked for. */
    void elected(ElectionProtocol.Outcome outcome) {
        election.take(ElectionProtocol.Look.class).replyTo().tell(outcome);
        pulse = settle();
    }

    // ---- clients ----

    void submit(List<Request> requests) {
        tell(new BroadcastProtocol.FromEdge(new Replicator.Submit(requests)));
    }

    void confirm(long tag) {
        tell(new BroadcastProtocol.FromEdge(new Replicator.ConfirmCommitPoint(tag)));
    }

    // ---- log ----

    /** Answers the oldest read by the batches that {@code logged} holds behind the position asked for. */
    void read(List<Batch> logged) {
        LogProtocol.Read read = log.take(LogProtocol.Read.class);
        List<Batch> behind =
                logged.stream().filter(b -> b.firstZxid() > read.zxid()).toList();
        read.replyTo().tell(new LogProtocol.Slice(read.zxid(), behind, false));
        pulse = settle();
    }

    /** Answers the oldest read: the log was purged behind that position. */
    void readPurged() {
        LogProtocol.Read read = log.take(LogProtocol.Read.class);
        read.replyTo().tell(new LogProtocol.Slice(read.zxid(), List.of(), true));
        pulse = settle();
    }

    void durable(long zxid) {
        tell(new BroadcastProtocol.FromLog(new LogProtocol.Durable(zxid)));
    }

    /** Makes the oldest promise durable, and returns it. */
    NodeMeta saved() {
        LogProtocol.SaveMeta save = log.take(LogProtocol.SaveMeta.class);
        save.replyTo().tell(new LogProtocol.MetaSaved(save.meta()));
        pulse = settle();
        return save.meta();
    }

    /** The log knows the position asked for. */
    void located() {
        LogProtocol.Locate locate = log.take(LogProtocol.Locate.class);
        answer(locate, locate.zxid(), false);
    }

    /** The log does not know the position asked for; the greatest one below it that it knows is {@code batchEnd}. */
    void locatedBehind(long batchEnd) {
        answer(log.take(LogProtocol.Locate.class), batchEnd, false);
    }

    /** The log begins at {@code base}, behind the position asked for. */
    void locatedBefore(long base) {
        answer(log.take(LogProtocol.Locate.class), base, true);
    }

    private void answer(LogProtocol.Locate locate, long batchEnd, boolean purged) {
        locate.replyTo().tell(new LogProtocol.Located(locate.zxid(), batchEnd, purged));
        pulse = settle();
    }

    void truncated() {
        LogProtocol.Truncate truncate = log.take(LogProtocol.Truncate.class);
        truncate.replyTo().tell(new LogProtocol.Truncated(truncate.zxid()));
        pulse = settle();
    }

    void logStarted() {
        LogProtocol.StartAfter start = log.take(LogProtocol.StartAfter.class);
        start.replyTo().tell(new LogProtocol.Started(start.zxid()));
        pulse = settle();
    }

    /** Zxids of the batches that the log was told to append and the test has not taken. */
    List<Long> appended() {
        return log.all(LogProtocol.Append.class).stream()
                .map(a -> a.batch().lastZxid())
                .toList();
    }

    // ---- snapshot and tree ----

    /** The tree is found to differ from the leader's. */
    void diverged(DataTreeProtocol.Divergence divergence) {
        tell(new BroadcastProtocol.TreeDiverged(divergence));
    }

    void pulled(int nodeId, long zxid) {
        SnapshotProtocol.Pull pull = snapshot.take(SnapshotProtocol.Pull.class);
        pull.replyTo().tell(new SnapshotProtocol.Pulled(nodeId, zxid));
        pulse = settle();
    }

    /** The tree has loaded the snapshot as of {@code zxid}. */
    void treeRecovered(long zxid) {
        DataTreeProtocol.Recover recover = tree.take(DataTreeProtocol.Recover.class);
        recover.replyTo().tell(new DataTreeProtocol.Recovered(zxid, 7, recover.founding(), Map.of()));
        pulse = settle();
    }

    /** Ends of the batches that the tree was told to execute, in order. */
    List<Long> executed() {
        return tree.all(DataTreeProtocol.Execute.class).stream()
                .flatMap(e -> e.batches().stream())
                .map(Batch::lastZxid)
                .toList();
    }

    /** End of what the tree was told to execute, 0 for nothing. */
    long executedEnd() {
        List<Long> all = executed();
        return all.isEmpty() ? Zxid.NONE : all.get(all.size() - 1);
    }
}
