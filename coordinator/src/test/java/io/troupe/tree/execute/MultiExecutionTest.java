package io.troupe.tree.execute;

import static io.troupe.tree.execute.StateMachine.ALICE;
import static io.troupe.tree.execute.StateMachine.acl;
import static io.troupe.tree.execute.StateMachine.check;
import static io.troupe.tree.execute.StateMachine.createOp;
import static io.troupe.tree.execute.StateMachine.delete;
import static io.troupe.tree.execute.StateMachine.setData;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import io.troupe.tree.state.TreeDump;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract 2.9. */
class MultiExecutionTest {
    private final StateMachine m = new StateMachine();
    private final StateMachine.Client client = m.open(1);

    @BeforeEach
    void nodes() {
        m.run(client, createOp("/p"));
        m.run(client, createOp("/p/old"));
    }

    private List<ErrorCode> errors(Result result) {
        return ((Result.Many) result).results().stream().map(Result::error).toList();
    }

    private List<String> state() {
        List<String> dump = TreeDump.of(m.tree);
        String first = dump.get(0);
        // All but the position, which moves for failures too.
        dump.set(0, first.substring(first.indexOf("digest")));
        return dump;
    }

    @Test
    @Covers("2.9.1")
    void everyStepSeesTheStepsBeforeIt() {
        Result result = m.multi(
                client,
                createOp("/p/new"),
                createOp("/p/new/child"),
                setData("/p/new", "12"),
                check("/p/new", 1),
                delete("/p/new/child"),
                createOp("/p/s-", CreateMode.PERSISTENT_SEQUENTIAL),
                createOp("/p/s-", CreateMode.EPHEMERAL_SEQUENTIAL),
                delete("/p/old"));
        assertThat(errors(result)).containsOnly(ErrorCode.OK);
        List<Result> results = ((Result.Many) result).results();
        assertThat(((Result.Created) results.get(5)).path()).isEqualTo("/p/s-0000000002");
        assertThat(((Result.Created) results.get(6)).path()).isEqualTo("/p/s-0000000003");
        assertThat(m.last.changes())
                .containsExactly(
                        new Change.NodeCreated("/p/new", Acl.OPEN, Acl.OPEN),
                        new Change.NodeCreated("/p/new/child", Acl.OPEN, Acl.OPEN),
                        new Change.NodeDataChanged("/p/new", Acl.OPEN),
                        new Change.NodeDeleted("/p/new/child", Acl.OPEN, Acl.OPEN),
                        new Change.NodeCreated("/p/s-0000000002", Acl.OPEN, Acl.OPEN),
                        new Change.NodeCreated("/p/s-0000000003", Acl.OPEN, Acl.OPEN),
                        new Change.NodeDeleted("/p/old", Acl.OPEN, Acl.OPEN));
        assertThat(m.tree.childNames(m.node("/p"))).containsExactlyInAnyOrder("new", "s-0000000002", "s-0000000003");
        assertThat(m.node("/p").childCreates()).isEqualTo(4);
        assertThat(m.stat("/p").cversion()).isEqualTo(2 * 4 - 3);
    }

    @Test
    void statsShowTheStateRightAfterEachStep() {
        Result result = m.multi(client, createOp("/p/x"), setData("/p/x", "one"), setData("/p/x", "three"));
        List<Result> results = ((Result.Many) result).results();
        assertThat(((Result.Created) results.get(0)).stat())
                .isEqualTo(new Stat(m.zxid, m.zxid, m.time, m.time, 0, 0, 0, 0, 4, 0, m.zxid));
        assertThat(((Result.Found) results.get(1)).stat().version()).isEqualTo(1);
        assertThat(((Result.Found) results.get(1)).stat().dataLength()).isEqualTo(3);
        assertThat(((Result.Found) results.get(2)).stat()).isEqualTo(m.stat("/p/x"));
    }

    @Test
    void aNodeCanBeReplacedByOneOfAnotherKind() {
        m.run(client, createOp("/p/e", CreateMode.EPHEMERAL));
        m.run(client, new Operation.SetAcl("/p/old", acl(Acl.ALL, ALICE), -1));
        m.multi(client, delete("/p/old"), createOp("/p/old", CreateMode.EPHEMERAL), delete("/p/e"), createOp("/p/e"));
        assertThat(m.tree.sessions().ephemeralsOf(1)).containsExactly("/p/old");
        assertThat(m.stat("/p/old").czxid()).isEqualTo(m.zxid);
        assertThat(m.stat("/p/old").aversion()).isZero();
        assertThat(m.tree.acl(m.node("/p/old"))).isEqualTo(Acl.OPEN);
        assertThat(m.stat("/p/e").ephemeralOwner()).isZero();
        assertThat(m.last.changes().get(0)).isEqualTo(new Change.NodeDeleted("/p/old", acl(Acl.ALL, ALICE), Acl.OPEN));
    }

    @Test
    void whatIsCreatedAndDeletedAgainLeavesOnlyItsCount() {
        m.multi(client, createOp("/p/x"), delete("/p/x"));
        assertThat(m.tree.get("/p/x")).isNull();
        assertThat(m.node("/p").childCreates()).isEqualTo(2);
        assertThat(m.last.changes()).hasSize(2);
    }

    @Test
    void aWholeSubtreeCanGoAndComeBack() {
        m.multi(client, delete("/p/old"), delete("/p"), createOp("/p"), createOp("/p/new"));
        assertThat(m.tree.childNames(m.node("/p"))).containsExactly("new");
        assertThat(m.stat("/p").czxid()).isEqualTo(m.zxid);
        assertThat(m.node("/p").childCreates()).isEqualTo(1);
    }

    @Test
    @Covers("2.9.2")
    @Shows("S37")
    void failsAsAWholeWithoutATrace() {
        List<String> before = state();
        Result result = m.multi(
                client,
                createOp("/p/a"),
                createOp("/p/s-", CreateMode.PERSISTENT_SEQUENTIAL),
                setData("/p/old", "x"),
                delete("/p/old"),
                check("/p", 17),
                createOp("/p/b"),
                delete("/nothing"));
        assertThat(errors(result))
                .containsExactly(
                        ErrorCode.OK,
                        ErrorCode.OK,
                        ErrorCode.OK,
                        ErrorCode.OK,
                        ErrorCode.BAD_VERSION,
                        ErrorCode.RUNTIME_INCONSISTENCY,
                        ErrorCode.RUNTIME_INCONSISTENCY);
        assertThat(((Result.Many) result).results()).allMatch(Result.Failed.class::isInstance);
        assertThat(m.last.changes()).isEmpty();
        assertThat(state()).isEqualTo(before);
        Result next = m.run(client, createOp("/p/s-", CreateMode.PERSISTENT_SEQUENTIAL));
        assertThat(((Result.Created) next).path()).isEqualTo("/p/s-0000000001");
    }

    @Test
    void failsWhereTheEdgeRefusedAStep() {
        Result result =
                m.multi(client, createOp("/p/a"), new Operation.Refused(ErrorCode.UNIMPLEMENTED), createOp("/p/b"));
        assertThat(errors(result))
                .containsExactly(ErrorCode.OK, ErrorCode.UNIMPLEMENTED, ErrorCode.RUNTIME_INCONSISTENCY);
        assertThat(m.tree.get("/p/a")).isNull();
    }

    @Test
    void checksTimesToLiveInTheirPlace() {
        Operation.Sub badTtl = new Operation.Create("/p/t", null, Acl.OPEN, CreateMode.PERSISTENT, true, 9);
        assertThat(errors(m.multi(client, createOp("/p/a"), badTtl)))
                .containsExactly(ErrorCode.OK, ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    @Covers("2.9.3")
    void anEmptyMultiSucceedsAndTakesAZxid() {
        assertThat(m.multi(client)).isEqualTo(new Result.Many(List.of()));
        assertThat(m.tree.lastZxid()).isEqualTo(m.zxid);
    }

    @Test
    @Covers({"1.6.10", "2.1.3"})
    void aMovedSessionFailsTheWholeAndAnExpiredOneItsFirstStep() {
        StateMachine.Client moved = new StateMachine.Client(1, client.attach() - 1, List.of());
        assertThat(m.multi(moved, createOp("/p/a"))).isEqualTo(Result.failed(ErrorCode.SESSION_MOVED));
        StateMachine.Client expired = new StateMachine.Client(5, 1, List.of());
        assertThat(errors(m.multi(expired, createOp("/p/a"), createOp("/p/b"))))
                .containsExactly(ErrorCode.SESSION_EXPIRED, ErrorCode.RUNTIME_INCONSISTENCY);
    }
}
