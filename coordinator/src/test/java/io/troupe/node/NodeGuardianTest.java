package io.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.troupe.broadcast.BroadcastProtocol;
import io.troupe.edge.Frontend;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.WireMessage;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Clock;
import io.troupe.env.FakeDisk;
import io.troupe.link.PeerProbe;
import io.troupe.link.PeerTransport;
import io.troupe.log.LogProtocol;
import io.troupe.log.NodeMeta;
import io.troupe.node.NodeProtocol.Command;
import io.troupe.node.NodeProtocol.LogOpened;
import io.troupe.node.NodeProtocol.MetaSaved;
import io.troupe.node.NodeProtocol.TreeRecovered;
import io.troupe.snapshot.ImportFile;
import io.troupe.tree.DataTreeProtocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The guardian step by step; its children are inboxes, and the test answers for them. */
class NodeGuardianTest {
    private static final long NOW = 5_000;
    private static final long DISK = 77;
    private static final Membership TWO = new Membership(
            "e",
            0,
            List.of(
                    new Member(1, "127.0.0.1", 7001, "127.0.0.1", 2181, 5),
                    new Member(2, "127.0.0.1", 7002, "h", 2181, 6)),
            null);

    private final FakeDisk disk = new FakeDisk();
    private final List<String> heard = new ArrayList<>();
    private final List<Integer> probed = new ArrayList<>();

    private BehaviorTestKit<Command> guardian(long leastIncarnation) {
        var settings = NodeSettingsReader.read(ConfigFactory.parseString("""
                        akka.cluster.seed-nodes = ["akka://troupe@127.0.0.1:7001", "akka://troupe@127.0.0.1:7002"]
                        troupe { host = "127.0.0.1", peer-port = 7001 }
                        """)).node();
        NodeEnvironment environment =
                new NodeEnvironment(new StoppedClock(), () -> DISK, disk, new Nowhere(), new Probe(), leastIncarnation);
        return BehaviorTestKit.create(NodeGuardian.create(settings, environment, new Parent()));
    }

    private final class Parent implements NodeGuardian.Listener {
        @Override
        public void onFrontend(Frontend frontend) {
            heard.add("front end");
        }

        @Override
        public void onExit(ExitReason reason) {
            heard.add("exit " + reason.kind());
        }

        @Override
        public void onStartAgain(String cause, long leastIncarnation) {
            heard.add("start again, at least as " + leastIncarnation);
        }
    }

    private static final class StoppedClock implements Clock {
        @Override
        public long monotonicNanos() {
            return 0;
        }

        @Override
        public long wallMillis() {
            return NOW;
        }

        @Override
        public void alarm(long nanos, Runnable task) {
            throw new AssertionError("a guardian has no alarms");
        }
    }

    private static final class Nowhere implements PeerTransport {
        @Override
        public void address(int nodeId, String host, int port) {
            // Nobody is there.
        }

        @Override
        public void receiver(Recipient recipient, ActorRef<? extends Object> actor) {
            // Nothing arrives.
        }

        @Override
        public void send(int nodeId, Recipient recipient, WireMessage message) {
            throw new AssertionError("a guardian sends nothing itself");
        }

        @Override
        public void send(String host, int port, Recipient recipient, WireMessage message) {
            throw new AssertionError("a guardian sends nothing itself");
        }
    }

    private final class Probe implements PeerProbe {
        @Override
        public void watch(int nodeId, String host, int port, Listener listener) {
            probed.add(nodeId);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private static LogOpened opened(@Nullable NodeMeta meta, @Nullable String damage) {
        return new LogOpened(new LogProtocol.Opened(meta, 0, 0, 0, damage));
    }

    private static NodeMeta meta(long incarnation, @Nullable Membership founding) {
        return new NodeMeta(1, 5, incarnation, 4, 3, founding);
    }

    /** What the guardian asks its log to save. */
    private static NodeMeta saved(BehaviorTestKit<Command> guardian) {
        TestInbox<LogProtocol.Command> log = guardian.childInbox("log");
        return log.getAllReceived().stream()
                .filter(LogProtocol.SaveMeta.class::isInstance)
                .map(m -> ((LogProtocol.SaveMeta) m).meta())
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    // ---- starting: identity ----

    @Test
    void aNewDirectoryGetsADiskOfItsOwnAndNoPromises() {
        var guardian = guardian(0);
        guardian.run(opened(null, null));

        assertThat(saved(guardian)).isEqualTo(new NodeMeta(1, DISK, NOW, 0, 0, null));
    }

    @Test
    void anEnsembleThatBeginsWithAnImportBeginsBehindItsLastEpoch() throws IOException {
        var guardian = guardian(0);
        importInto(disk, Zxid.of(6, 9));
        guardian.run(opened(null, null));
        NodeMeta first = saved(guardian);
        assertThat(first)
                .as("another ensemble may be in an earlier epoch")
                .isEqualTo(new NodeMeta(1, DISK, NOW, 0, 0, null));
        guardian.run(new MetaSaved(new LogProtocol.MetaSaved(first)));
        String id = new ImportedHistory(Zxid.of(6, 9), 1).ensembleId("e");
        Membership founding = new Membership(id, 0, TWO.members(), null);
        guardian.run(new NodeProtocol.Joined(founding));

        assertThat(saved(guardian)).isEqualTo(new NodeMeta(1, DISK, NOW, 6, 6, founding));
    }

    @Test
    void anImportDoesNotCountForOneThatJoinsAnotherEnsemble() throws IOException {
        var guardian = guardian(0);
        importInto(disk, Zxid.of(6, 9));
        guardian.run(opened(null, null));
        NodeMeta first = saved(guardian);
        guardian.run(new MetaSaved(new LogProtocol.MetaSaved(first)));
        guardian.run(new NodeProtocol.Joined(TWO));

        assertThat(saved(guardian)).isEqualTo(first.withFounding(TWO));
    }

    @Test
    void anImportThatIsDamagedEndsTheNode() throws IOException {
        var guardian = guardian(0);
        String name = importInto(disk, Zxid.of(6, 9));
        byte[] bytes = disk.file(name);
        bytes[0] ^= 1;
        disk.put(name, bytes);
        guardian.run(opened(null, null));

        assertThat(heard).containsExactly("exit DATA_DIRECTORY_UNUSABLE");
    }

    private static String importInto(FakeDisk disk, long zxid) throws IOException {
        ImportedHistory history = new ImportedHistory(zxid, 1);
        ImportFile.write(disk, history, chunks -> chunks.accept(new byte[40]));
        return "import-" + history;
    }

    @Test
    void aNodeThatComesBackKeepsItsPromisesAndGetsALaterIncarnation() {
        var guardian = guardian(0);
        guardian.run(opened(meta(9_000, TWO), null));

        assertThat(saved(guardian)).isEqualTo(meta(9_001, TWO));
    }

    @Test
    void whoeverKnowsOfALaterIncarnationIsBelieved() {
        var guardian = guardian(12_345);
        guardian.run(opened(null, null));

        assertThat(saved(guardian).incarnation()).isEqualTo(12_345);
    }

    @Test
    void aDamagedLogIsAnotherDisk() {
        var guardian = guardian(0);
        guardian.run(opened(meta(1, TWO), "log-0 at 17: checksum"));

        assertThat(saved(guardian)).isEqualTo(new NodeMeta(1, DISK, NOW, 4, 3, TWO));
    }

    @Test
    void anotherNodesDirectoryIsNotTouched() {
        var guardian = guardian(0);
        guardian.run(new LogOpened(new LogProtocol.Opened(new NodeMeta(2, 5, 1, 0, 0, TWO), 0, 0, 0, null)));

        assertThat(heard).containsExactly("exit DATA_DIRECTORY_UNUSABLE");
        assertThat(guardian.isAlive()).isFalse();
    }

    // ---- starting: ensemble and tree ----

    @Test
    void anEmptyNodeWaitsForAnEnsembleBeforeItLoadsATree() {
        var guardian = guardian(0);
        guardian.run(opened(null, null));
        NodeMeta identity = saved(guardian);
        guardian.run(new MetaSaved(new LogProtocol.MetaSaved(identity)));
        guardian.getAllEffects();
        assertThat(heard).isEmpty();

        guardian.run(new NodeProtocol.Joined(TWO));
        assertThat(saved(guardian)).isEqualTo(identity.withFounding(TWO));
        guardian.run(new MetaSaved(new LogProtocol.MetaSaved(identity.withFounding(TWO))));

        TestInbox<DataTreeProtocol.Command> tree = guardian.childInbox("tree");
        assertThat(tree.receiveMessage())
                .isInstanceOfSatisfying(
                        DataTreeProtocol.Recover.class,
                        recover -> assertThat(recover.founding()).isEqualTo(TWO));
    }

    private BehaviorTestKit<Command> running() {
        var guardian = guardian(0);
        guardian.run(opened(meta(1, TWO), null));
        guardian.run(new MetaSaved(new LogProtocol.MetaSaved(saved(guardian))));
        guardian.run(new TreeRecovered(new DataTreeProtocol.Recovered(0, 0, TWO, Map.of())));
        return guardian;
    }

    @Test
    void broadcastBeginsAndClientsMayComeOnceTheTreeIsLoaded() {
        var guardian = running();

        TestInbox<BroadcastProtocol.Command> broadcast = guardian.childInbox("broadcast");
        assertThat(broadcast.receiveMessage()).isInstanceOf(BroadcastProtocol.Begin.class);
        assertThat(heard).containsExactly("front end");
        assertThat(probed).containsExactly(2);
    }

    // ---- running ----

    @Test
    void peersAreProbedAnewWhenElectionAsksForIt() {
        var guardian = running();
        guardian.run(new NodeProtocol.ProbePeers());

        assertThat(probed).containsExactly(2, 2);
    }

    @Test
    void aFaultEndsTheNode() {
        var guardian = running();
        guardian.run(new NodeProtocol.Fault(new ExitReason(ExitReason.Kind.DISK_FAILED, "fsync")));

        assertThat(heard).containsExactly("front end", "exit DISK_FAILED");
        assertThat(guardian.isAlive()).isFalse();
    }

    /** Writing the identity may fail already. */
    @Test
    void aLogThatFailsBeforeThereIsABroadcastEndsTheNode() {
        var guardian = guardian(0);
        LogProtocol.Open open = guardian.<LogProtocol.Command>childInbox("log").getAllReceived().stream()
                .filter(LogProtocol.Open.class::isInstance)
                .map(LogProtocol.Open.class::cast)
                .findFirst()
                .orElseThrow();
        open.listener().accept(new LogProtocol.Failed("no space left"));
        guardian.runOne();

        assertThat(heard).containsExactly("exit DISK_FAILED");
        assertThat(guardian.isAlive()).isFalse();
    }

    @Test
    void startingAgainIsNoExit() {
        var guardian = running();
        guardian.run(new NodeProtocol.StartAgain("a test", 42));

        assertThat(heard).containsExactly("front end", "start again, at least as 42");
        assertThat(guardian.isAlive()).isFalse();
    }

    @Test
    void aNodeThatDistrustsItsHistoryStartsAgainWithoutIt() {
        disk.put("snapshot-0000000000000007", new byte[9]);
        var guardian = running();
        guardian.run(new NodeProtocol.Reseed("its tree differs"));

        assertThat(heard).containsExactly("front end", "start again, at least as 0");
        assertThat(guardian.isAlive()).isFalse();
        guardian(0);
        assertThat(disk.list())
                .contains("snapshot-0000000000000007.damaged", "log.damage")
                .doesNotContain("snapshot-0000000000000007");
    }

    @Test
    void aNodeThatDistrustedItsHistoryTwiceInAnHourEnds() {
        for (int i = 0; i < 3; i++) {
            disk.put(
                    "reseed.order",
                    ((NOW + i) + " its tree differs").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            guardian(0);
        }

        assertThat(heard).containsExactly("exit DIVERGED");
    }

    // ---- room ----

    @Test
    void aNodeWithoutRoomTouchesNothingAndStartsOnceThereIsSome() {
        disk.usable(1_000_000);
        var guardian = guardian(0);
        guardian.run(new NodeProtocol.CheckRoom());
        assertThat(guardian.getAllEffects())
                .noneMatch(effect -> effect instanceof akka.actor.testkit.typed.Effect.Spawned);
        assertThat(disk.changes()).isZero();

        disk.usable(1_000_000_000);
        guardian.run(new NodeProtocol.CheckRoom());

        guardian.run(opened(null, null));
        assertThat(saved(guardian).diskId()).isEqualTo(DISK);
        assertThat(heard).isEmpty();
    }

    @Test
    void aNodeThatWaitsForRoomStopsWhenAskedTo() {
        disk.usable(0);
        var guardian = guardian(0);
        guardian.run(new NodeProtocol.Stop());

        assertThat(heard).containsExactly("exit STOPPED");
        assertThat(guardian.isAlive()).isFalse();
    }

    // ---- stopping ----

    @Test
    void stopsWhenAskedTo() {
        var guardian = running();
        guardian.run(new NodeProtocol.Stop());

        assertThat(heard).containsExactly("front end", "exit STOPPED");
        assertThat(guardian.isAlive()).isFalse();
    }

    @Test
    void stopsBeforeItHasStarted() {
        var guardian = guardian(0);
        guardian.run(new NodeProtocol.Stop());

        assertThat(heard).containsExactly("exit STOPPED");
    }
}
