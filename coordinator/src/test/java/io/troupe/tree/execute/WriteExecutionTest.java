package io.troupe.tree.execute;

import static io.troupe.tree.execute.StateMachine.ALICE;
import static io.troupe.tree.execute.StateMachine.acl;
import static io.troupe.tree.execute.StateMachine.bytes;
import static io.troupe.tree.execute.StateMachine.createOp;
import static io.troupe.tree.execute.StateMachine.delete;
import static io.troupe.tree.execute.StateMachine.setData;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.ensemble.Member;
import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** delete, setData, setACL and check: contract 2.4, 2.6, 4.1, 4.2. */
class WriteExecutionTest {
    private final StateMachine m = new StateMachine();
    private final StateMachine.Client client = m.open(1);

    @BeforeEach
    void nodes() {
        m.run(client, createOp("/n"));
        m.run(client, createOp("/n/leaf"));
        // Whoever is not Alice lacks one permission on each of these.
        m.run(client, createOp("/noDelete", acl(Acl.ALL & ~Acl.DELETE, Identity.ANYONE)));
        m.run(client, createOp("/noDelete/x"));
        m.run(client, createOp("/alices", acl(Acl.ALL, ALICE)));
    }

    @ParameterizedTest(name = "delete {0} version {1} gives {2}")
    @CsvSource({
        "relative, -1, BAD_ARGUMENTS",
        "'', -1, BAD_ARGUMENTS",
        "/, -1, BAD_ARGUMENTS",
        "/zookeeper, 7, BAD_ARGUMENTS",
        "/zookeeper/quota, -1, BAD_ARGUMENTS",
        "/zookeeper/config, -1, BAD_ARGUMENTS",
        "/no/x, -1, NO_NODE",
        "/noDelete/x, 7, NO_AUTH",
        "/noDelete/missing, -1, NO_AUTH",
        "/n/missing, -1, NO_NODE",
        "/n//leaf, -1, NO_NODE",
        "/n/, -1, NO_NODE",
        "/n, 7, BAD_VERSION",
        "/n, 0, NOT_EMPTY",
        "/n/leaf, 1, BAD_VERSION",
        "/n/leaf, 0, OK",
        "/alices, -1, OK",
    })
    @Covers("2.6.1")
    void refusesDeletesInOrder(String path, int version, ErrorCode expected) {
        assertThat(m.run(client, new Operation.Delete(path, version)).error()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "setData {0} version {1} gives {2}")
    @CsvSource({
        "relative, -1, BAD_ARGUMENTS",
        "/n/, -1, BAD_ARGUMENTS",
        "/missing, 5, NO_NODE",
        "/alices, 5, NO_AUTH",
        "/zookeeper/config, -1, NO_AUTH",
        "/n, 5, BAD_VERSION",
        "/n, 0, OK",
        "/, -1, OK",
    })
    @Covers("2.6.2")
    void refusesSetDataInOrder(String path, int version, ErrorCode expected) {
        assertThat(m.run(client, new Operation.SetData(path, null, version)).error())
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "setACL {0} valid {1} version {2} gives {3}")
    @CsvSource({
        "/n/, false, -1, BAD_ARGUMENTS",
        "/missing, false, -1, INVALID_ACL",
        "/missing, true, -1, NO_NODE",
        "/alices, true, 5, NO_AUTH",
        "/n, true, 5, BAD_VERSION",
        "/zookeeper/config, true, -1, NO_AUTH",
        "/n, true, 0, OK",
    })
    @Covers("2.6.3")
    void refusesSetAclInOrder(String path, boolean valid, int version, ErrorCode expected) {
        List<Acl> acl = valid ? Acl.READ_ONLY : List.of();
        assertThat(m.run(client, new Operation.SetAcl(path, acl, version)).error())
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "check {0} version {1} gives {2}")
    @CsvSource({
        "/n/, 0, BAD_ARGUMENTS",
        "/missing, 0, NO_NODE",
        "/alices, 5, NO_AUTH",
        "/n, 5, BAD_VERSION",
        "/n, 0, OK",
        "/n, -1, OK",
    })
    @Covers("2.6.4")
    void refusesChecksInOrder(String path, int version, ErrorCode expected) {
        Result.Many result = (Result.Many) m.multi(client, new Operation.Check(path, version));
        assertThat(result.results().get(0).error()).isEqualTo(expected);
    }

    @Test
    @Covers("1.4.2")
    void takesACheckAloneForNoOperation() {
        assertThat(m.run(client, StateMachine.check("/n", 0)).error()).isEqualTo(ErrorCode.UNIMPLEMENTED);
    }

    @Test
    @Covers("2.4.3")
    void deletingMovesOnlyTheParentsPzxidAndCversion() {
        Stat before = m.stat("/n");
        m.run(client, delete("/n/leaf"));
        Stat after = m.stat("/n");
        assertThat(m.last.changes()).containsExactly(new Change.NodeDeleted("/n/leaf", Acl.OPEN, Acl.OPEN));
        assertThat(after.pzxid()).isEqualTo(m.zxid);
        assertThat(after.cversion()).isEqualTo(before.cversion() + 1);
        assertThat(after.numChildren()).isZero();
        assertThat(after.mzxid()).isEqualTo(before.mzxid());
        assertThat(m.node("/n").childCreates()).isEqualTo(1);
        assertThat(m.tree.get("/n/leaf")).isNull();
    }

    private ErrorCode inAFullTree(Operation operation) {
        return m.run(new Request(client.sessionId(), client.attach(), 1, List.of(), operation, false, true))
                .error();
    }

    @Test
    void whereTheTreeIsFullDataMayBecomeShorterAndNotLonger() {
        assertThat(inAFullTree(setData("/n", "data!"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(m.node("/n").data()).isEqualTo(bytes("data"));
        assertThat(inAFullTree(setData("/n", "atad"))).isEqualTo(ErrorCode.OK);
        assertThat(inAFullTree(setData("/n", "x"))).isEqualTo(ErrorCode.OK);
        assertThat(inAFullTree(delete("/n/leaf"))).isEqualTo(ErrorCode.OK);
        m.run(new Request(
                client.sessionId(),
                client.attach(),
                1,
                List.of(),
                new Operation.Multi(
                        List.of((Operation.Sub) setData("/n", ""), (Operation.Sub) setData("/alices", "much longer"))),
                false,
                true));
        assertThat(m.node("/n").data()).isEqualTo(bytes("x"));
    }

    @Test
    void settingTheSameDataCountsToo() {
        Stat before = m.stat("/n");
        Stat parent = m.stat("/");
        Result result = m.run(client, setData("/n", "data"));
        assertThat(result)
                .isEqualTo(new Result.Found(
                        new Stat(before.czxid(), m.zxid, before.ctime(), m.time, 1, 1, 0, 0, 4, 1, before.pzxid())));
        assertThat(m.stat("/n")).isEqualTo(((Result.Found) result).stat());
        assertThat(m.stat("/")).isEqualTo(parent);
        assertThat(m.last.changes()).containsExactly(new Change.NodeDataChanged("/n", Acl.OPEN));
        m.run(client, new Operation.SetData("/n", bytes("longer data"), 1));
        assertThat(m.node("/n").data()).isEqualTo(bytes("longer data"));
    }

    @Test
    @Covers("2.4.4")
    void settingTheAclMovesOnlyTheAversion() {
        Stat before = m.stat("/n");
        m.run(client, new Operation.SetAcl("/n", acl(Acl.ALL, ALICE), 0));
        assertThat(m.stat("/n"))
                .isEqualTo(new Stat(
                        before.czxid(),
                        before.mzxid(),
                        before.ctime(),
                        before.mtime(),
                        0,
                        1,
                        1,
                        0,
                        4,
                        1,
                        before.pzxid()));
        assertThat(m.last.changes()).isEmpty();
        assertThat(m.run(client, setData("/n", "x")).error()).isEqualTo(ErrorCode.NO_AUTH);
        assertThat(m.run(client.as(ALICE), setData("/n", "x")).error()).isEqualTo(ErrorCode.OK);
        assertThat(m.run(client.as(StateMachine.SUPER), setData("/n", "x")).error())
                .isEqualTo(ErrorCode.OK);
    }

    @Test
    @Covers("2.1.3")
    @Shows("S27")
    void checksTheSessionBeforeAnythingElse() {
        StateMachine.Client moved = new StateMachine.Client(1, client.attach() + 1, List.of());
        StateMachine.Client unknown = new StateMachine.Client(9, client.attach(), List.of());
        for (Operation op : List.of(
                delete("bad"), setData("bad", "x"), new Operation.SetAcl("bad", List.of(), 0), createOp("bad"))) {
            assertThat(m.run(moved, op).error()).as("%s", op).isEqualTo(ErrorCode.SESSION_MOVED);
            assertThat(m.run(unknown, op).error()).as("%s", op).isEqualTo(ErrorCode.SESSION_EXPIRED);
        }
    }

    @Test
    void anExceptionWhileComputingIsASystemErrorWithoutAChange() {
        long digest = m.tree.digest();
        Member twice = new Member(1, "a", 1, "a", 2, 3);
        Result result = m.run(Request.internal(0, new Operation.ChangeMembers(List.of(twice, twice))));
        assertThat(result.error()).isEqualTo(ErrorCode.SYSTEM_ERROR);
        assertThat(m.tree.digest()).isEqualTo(digest);
        assertThat(m.tree.lastZxid()).isEqualTo(m.zxid);
        assertThat(m.run(client, setData("/n", "x")).error()).isEqualTo(ErrorCode.OK);
    }
}
