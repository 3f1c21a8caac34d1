package io.troupe.tree.execute;

import static io.troupe.tree.execute.StateMachine.ALICE;
import static io.troupe.tree.execute.StateMachine.EPOCH;
import static io.troupe.tree.execute.StateMachine.acl;
import static io.troupe.tree.execute.StateMachine.createOp;
import static io.troupe.tree.execute.StateMachine.delete;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Result;
import io.troupe.tree.state.Session;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions, reaping and voters: contract 1.6, 2.3, 2.11, 9.6 items 11 and 16. */
class SessionExecutionTest {
    private final StateMachine m = new StateMachine();

    private Result internal(long sessionId, Operation operation) {
        return m.run(Request.internal(sessionId, operation));
    }

    @Test
    void opensASessionWhoseAttachIsTheZxid() {
        assertThat(internal(7, new Operation.CreateSession(42, 9000))).isEqualTo(Result.Done.INSTANCE);
        assertThat(m.tree.sessions().all()).containsExactly(new Session(7, 9000, m.zxid));
        assertThat(m.last.changes()).containsExactly(new Change.SessionOpened(7, m.zxid, 9000, 42));
    }

    @Test
    void refusesATakenId() {
        m.open(7);
        long digest = m.tree.digest();
        assertThat(internal(7, new Operation.CreateSession(0, 1)).error()).isEqualTo(ErrorCode.NODE_EXISTS);
        assertThat(m.tree.digest()).isEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, 0xff00000000000001L, -1})
    void refusesIdsThatMeanSomethingElseAsAnOwner(long id) {
        assertThat(internal(id, new Operation.CreateSession(0, 1)).error()).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    @Covers("1.6.10")
    @Shows("S36")
    void attachingMovesTheSessionAndLocksTheFormerConnectionOut() {
        StateMachine.Client first = m.open(7);
        StateMachine.Client second = m.attach(first);
        assertThat(m.last.changes()).containsExactly(new Change.SessionAttached(7, m.zxid, 20_000, 0));
        assertThat(m.run(first, createOp("/a")).error()).isEqualTo(ErrorCode.SESSION_MOVED);
        assertThat(m.run(first, new Operation.CloseSession(0, 0)).error()).isEqualTo(ErrorCode.SESSION_MOVED);
        assertThat(m.run(second, createOp("/a")).error()).isEqualTo(ErrorCode.OK);
        assertThat(m.tree.sessions().get(7)).isEqualTo(new Session(7, 20_000, second.attach()));
    }

    @Test
    @Shows("S29")
    void attachingToNothingIsExpired() {
        assertThat(internal(7, new Operation.AttachSession(0, 1)).error()).isEqualTo(ErrorCode.SESSION_EXPIRED);
    }

    @Test
    @Covers("1.6.6")
    void closingDeletesAllEphemeralsInOneZxidSortedByPath() {
        StateMachine.Client client = m.open(7);
        StateMachine.Client other = m.open(8);
        m.run(client, createOp("/p"));
        m.run(client, createOp("/p/z", CreateMode.EPHEMERAL));
        m.run(client.as(ALICE), new Operation.SetAcl("/p/z", acl(Acl.READ, ALICE), -1));
        m.run(client, createOp("/a", CreateMode.EPHEMERAL));
        m.run(client, createOp("/p/gone", CreateMode.EPHEMERAL));
        m.run(client, delete("/p/gone"));
        m.run(other, createOp("/p/gone", CreateMode.EPHEMERAL));
        m.run(other, createOp("/p/others", CreateMode.EPHEMERAL));
        assertThat(m.tree.ephemerals()).isEqualTo(4);

        assertThat(m.run(client, new Operation.CloseSession(0, 0))).isEqualTo(Result.Done.INSTANCE);

        assertThat(m.last.changes())
                .containsExactly(
                        new Change.NodeDeleted("/a", Acl.OPEN, Acl.OPEN),
                        new Change.NodeDeleted("/p/z", acl(Acl.READ, ALICE), Acl.OPEN),
                        new Change.SessionClosed(7));
        assertThat(m.tree.sessions().get(7)).isNull();
        assertThat(m.tree.ephemerals()).isEqualTo(2);
        assertThat(m.stat("/p").pzxid()).isEqualTo(m.zxid);
        assertThat(m.run(client, createOp("/b")).error()).isEqualTo(ErrorCode.SESSION_EXPIRED);
        assertThat(m.run(client, new Operation.CloseSession(0, 0)).error()).isEqualTo(ErrorCode.SESSION_EXPIRED);
        assertThat(m.run(other, createOp("/b")).error()).isEqualTo(ErrorCode.OK);
    }

    @Test
    void expiryIsVoidOnceTheSessionCameBackOrTheLeaderChanged() {
        StateMachine.Client client = m.attach(m.open(7));
        m.run(client, createOp("/e", CreateMode.EPHEMERAL));
        long digest = m.tree.digest();
        for (Operation late : List.of(
                new Operation.CloseSession(client.attach() - 1, EPOCH),
                new Operation.CloseSession(client.attach(), EPOCH - 1))) {
            assertThat(internal(7, late)).isEqualTo(Result.Done.INSTANCE);
            assertThat(m.last.changes()).isEmpty();
            assertThat(m.tree.digest()).isEqualTo(digest);
        }
        assertThat(internal(9, new Operation.CloseSession(5, EPOCH))).isEqualTo(Result.Done.INSTANCE);
        internal(7, new Operation.CloseSession(client.attach(), EPOCH));
        assertThat(m.last.changes()).hasSize(2);
        assertThat(m.tree.get("/e")).isNull();
    }

    @ParameterizedTest(name = "{0} that had children {1}, left for {2} ms: {3}")
    @CsvSource({
        "CONTAINER, true, 0, OK",
        "CONTAINER, false, 0, BAD_VERSION",
        "PERSISTENT_WITH_TTL, false, 60001, OK",
        "PERSISTENT_WITH_TTL, true, 60001, OK",
        "PERSISTENT_WITH_TTL, false, 60000, BAD_VERSION",
        "PERSISTENT, true, 99999, BAD_VERSION",
        "EPHEMERAL, false, 99999, BAD_VERSION",
    })
    @Covers("2.11.1")
    void reapsOnlyWhatIsAbandoned(CreateMode mode, boolean hadChild, long later, ErrorCode expected) {
        StateMachine.Client client = m.open(7);
        m.run(client, createOp("/c", mode));
        long created = m.time;
        if (hadChild) {
            m.run(client, createOp("/c/x"));
            assertThat(internal(0, new Operation.Reap("/c", EPOCH, 0)).error()).isEqualTo(ErrorCode.NOT_EMPTY);
            m.run(client, delete("/c/x"));
        }
        m.time = created + later - 5;
        assertThat(internal(0, new Operation.Reap("/c", EPOCH, 0)).error()).isEqualTo(expected);
        assertThat(m.tree.get("/c") == null).isEqualTo(expected == ErrorCode.OK);
    }

    @Test
    void aContainerThatWasNeverUsedIsAbandonedWhereThatIsConfigured() {
        StateMachine.Client client = m.open(7);
        m.run(client, createOp("/c", CreateMode.CONTAINER));
        m.time += 9_000;
        assertThat(internal(0, new Operation.Reap("/c", EPOCH, 10_000)).error()).isEqualTo(ErrorCode.BAD_VERSION);
        m.time += 2_000;
        assertThat(internal(0, new Operation.Reap("/c", EPOCH, 0)).error()).isEqualTo(ErrorCode.BAD_VERSION);
        assertThat(internal(0, new Operation.Reap("/c", EPOCH, 10_000)).error()).isEqualTo(ErrorCode.OK);
    }

    @Test
    @Covers("2.11.2")
    void settingDataProlongsATimeToLive() {
        StateMachine.Client client = m.open(7);
        m.run(client, createOp("/t", CreateMode.PERSISTENT_WITH_TTL));
        m.time += 50_000;
        m.run(client, StateMachine.setData("/t", "x"));
        m.time += 59_000;
        assertThat(internal(0, new Operation.Reap("/t", EPOCH, 0)).error()).isEqualTo(ErrorCode.BAD_VERSION);
    }

    @Test
    void reapingIsForTheEnsembleOfItsOwnEpoch() {
        StateMachine.Client client = m.open(7);
        m.run(client, createOp("/c", CreateMode.PERSISTENT_WITH_TTL));
        m.time += 100_000;
        assertThat(m.run(client, new Operation.Reap("/c", EPOCH, 0)).error()).isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(internal(0, new Operation.Reap("/c", EPOCH - 1, 0))).isEqualTo(Result.Done.INSTANCE);
        assertThat(m.tree.get("/c")).isNotNull();
        assertThat(internal(0, new Operation.Reap("/zookeeper", EPOCH, 0)).error())
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(internal(0, new Operation.Reap("/none", EPOCH, 0)).error()).isEqualTo(ErrorCode.NO_NODE);
        internal(0, new Operation.Reap("/c", EPOCH, 0));
        assertThat(m.last.changes()).containsExactly(new Change.NodeDeleted("/c", Acl.OPEN, Acl.OPEN));
    }

    @Test
    @Covers("2.10.2")
    void changingVotersShowsInTheConfigNode() {
        List<Member> voters = List.of(
                new Member(2, "b", 7001, "b", 2181, 12),
                new Member(4, "d", 7001, "d", 2181, 14),
                new Member(3, "c", 7001, "c", 2181, 13));
        Result result = internal(0, new Operation.ChangeMembers(voters));
        Membership membership = m.tree.membership();
        assertThat(membership.version()).isEqualTo(m.zxid);
        assertThat(membership.voters()).extracting(Member::nodeId).containsExactly(2, 3, 4);
        assertThat(m.last.changes())
                .containsExactly(
                        new Change.NodeDataChanged("/zookeeper/config", List.of(new Acl(Acl.READ, Identity.ANYONE))),
                        new Change.MembersChanged(membership));
        assertThat(new String(((Result.Data) result).data(), StandardCharsets.UTF_8))
                .isEqualTo(membership.toConfigText());
        assertThat(m.node("/zookeeper/config").data())
                .isEqualTo(membership.toConfigText().getBytes(StandardCharsets.UTF_8));
        assertThat(m.stat("/zookeeper/config").version()).isEqualTo(-1);
        assertThat(m.stat("/zookeeper/config").mzxid()).isEqualTo(m.zxid);
    }
}
