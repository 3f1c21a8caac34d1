package io.troupe.tree.execute;

import static io.troupe.tree.execute.StateMachine.ALICE;
import static io.troupe.tree.execute.StateMachine.acl;
import static io.troupe.tree.execute.StateMachine.bytes;
import static io.troupe.tree.execute.StateMachine.createOp;
import static io.troupe.tree.execute.StateMachine.delete;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import io.troupe.tree.state.EphemeralOwner;
import io.troupe.tree.state.TreeDump;
import io.troupe.tree.state.ZnodeImage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract 2.2, 2.4, 2.5, 2.11, 4.3. */
class CreateExecutionTest {
    private final StateMachine m = new StateMachine();
    private final StateMachine.Client client = m.open(1);

    @BeforeEach
    void parents() {
        m.run(client, createOp("/p"));
        m.run(client, createOp("/mine", acl(Acl.ALL & ~Acl.CREATE, Identity.ANYONE)));
        m.run(client, createOp("/p/ephemeral", CreateMode.EPHEMERAL));
    }

    @ParameterizedTest(name = "{0} {1} gives {2}")
    @CsvSource({
        "PERSISTENT, relative, BAD_ARGUMENTS",
        "PERSISTENT, '', BAD_ARGUMENTS",
        "PERSISTENT, a/b, NO_NODE",
        "PERSISTENT, /no/child, NO_NODE",
        "PERSISTENT, /p//x, NO_NODE",
        "PERSISTENT, //x, BAD_ARGUMENTS",
        "PERSISTENT, /p/, BAD_ARGUMENTS",
        "PERSISTENT, /p/., BAD_ARGUMENTS",
        "PERSISTENT, /p/.., BAD_ARGUMENTS",
        "PERSISTENT, /mine/.., NO_AUTH",
        "PERSISTENT, /mine/x, NO_AUTH",
        "PERSISTENT, /, NODE_EXISTS",
        "PERSISTENT, /p, NODE_EXISTS",
        "PERSISTENT, /p/ephemeral, NODE_EXISTS",
        "PERSISTENT, /p/ephemeral/x, NO_CHILDREN_FOR_EPHEMERALS",
        "PERSISTENT_SEQUENTIAL, /p/ephemeral/x, NO_CHILDREN_FOR_EPHEMERALS",
        "PERSISTENT, /p/..., OK",
        "PERSISTENT, /p/x, OK",
        "EPHEMERAL, /p/x, OK",
        "CONTAINER, /p/x, OK",
        "PERSISTENT_WITH_TTL, /p/x, OK",
        "PERSISTENT_SEQUENTIAL, /p/, OK",
        "PERSISTENT, /zookeeper/x, OK",
    })
    @Covers("2.5.2")
    void refusesInTheOrderOfContract25(CreateMode mode, String path, ErrorCode expected) {
        assertThat(m.run(client, createOp(path, mode)).error()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x1f, 0x7f, 0x9f, 0xd800, 0xdfff, 0xe000, 0xf8ff, 0xfff0, 0xffff})
    @Covers("2.2.1")
    void refusesIllegalCharacters(int illegal) {
        assertThat(m.run(client, createOp("/p/x" + (char) illegal)).error()).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x7e, 0xa0, 0xd7ff, 0xf900, 0xffef})
    void acceptsTheirNeighbours(int legal) {
        assertThat(m.run(client, createOp("/p/x" + (char) legal)).error()).isEqualTo(ErrorCode.OK);
        assertThat(m.tree.childNames(m.node("/p"))).contains("x" + (char) legal);
    }

    @ParameterizedTest(name = "{0} with a time to live of {1} gives {2}")
    @CsvSource({
        "PERSISTENT_WITH_TTL, 0, BAD_ARGUMENTS",
        "PERSISTENT_WITH_TTL, -1, BAD_ARGUMENTS",
        "PERSISTENT_SEQUENTIAL_WITH_TTL, 1099511627776, BAD_ARGUMENTS",
        "PERSISTENT_SEQUENTIAL_WITH_TTL, 1099511627775, OK",
        "PERSISTENT_WITH_TTL, 1, OK",
        "PERSISTENT, 0, BAD_ARGUMENTS",
        "PERSISTENT, -1, OK",
    })
    void checksTheTimeToLive(CreateMode mode, long ttl, ErrorCode expected) {
        assertThat(m.run(client, new Operation.Create("/p/t", null, Acl.OPEN, mode, true, ttl))
                        .error())
                .isEqualTo(expected);
    }

    @Test
    void looksAtTheTimeToLiveThenTheSessionThenPathThenAclThenParent() {
        StateMachine.Client stranger = new StateMachine.Client(99, 1, List.of());
        Operation all = new Operation.Create("x", null, List.of(), CreateMode.PERSISTENT, true, 5);
        assertThat(m.run(stranger, all).error()).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(m.run(stranger, createOp("x", List.of())).error()).isEqualTo(ErrorCode.SESSION_EXPIRED);
        assertThat(m.run(client, createOp("x", List.of())).error()).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(m.run(client, createOp("/no/x", List.of())).error()).isEqualTo(ErrorCode.INVALID_ACL);
        assertThat(m.run(client, createOp("/no/x")).error()).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    @Covers("2.5.3")
    void namesSequentialChildrenByAllCreatesUnderTheParent() {
        m.run(client, createOp("/q"));
        m.run(client, createOp("/q/plain"));
        assertThat(created(createOp("/q/n-", CreateMode.PERSISTENT_SEQUENTIAL))).isEqualTo("/q/n-0000000001");
        m.run(client, delete("/q/plain"));
        assertThat(created(createOp("/q/", CreateMode.EPHEMERAL_SEQUENTIAL))).isEqualTo("/q/0000000002");
        assertThat(m.run(client, createOp("/q/plain/x")).error()).isEqualTo(ErrorCode.NO_NODE);
        assertThat(created(createOp("/q/t", CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL)))
                .isEqualTo("/q/t0000000003");
        assertThat(m.stat("/q").cversion()).isEqualTo(4 + 1);
    }

    @Test
    void refusesASequentialNameBeyondTheLastNumberWithoutATrace() {
        ZnodeImage image = m.tree.image(m.node("/p"));
        m.tree.put(
                "/p",
                new ZnodeImage(
                        image.czxid(),
                        image.mzxid(),
                        image.pzxid(),
                        image.ctime(),
                        image.mtime(),
                        0,
                        Integer.MAX_VALUE - 1,
                        0,
                        0,
                        image.data(),
                        image.acl()));
        assertThat(created(createOp("/p/n", CreateMode.PERSISTENT_SEQUENTIAL))).isEqualTo("/p/n2147483646");
        long digest = m.tree.digest();
        assertThat(m.run(client, createOp("/p/n", CreateMode.PERSISTENT_SEQUENTIAL))
                        .error())
                .isEqualTo(ErrorCode.SYSTEM_ERROR);
        assertThat(m.tree.digest()).isEqualTo(digest);
        assertThat(m.run(client, createOp("/p/plain")).error()).isEqualTo(ErrorCode.OK);
        assertThat(m.node("/p").childCreates()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    @Covers({"2.4.1", "2.4.3"})
    void fillsTheStatOfTheNodeAndItsParent() {
        Stat before = m.stat("/p");
        m.run(client, createOp("/p/x", CreateMode.EPHEMERAL));
        Stat stat = m.stat("/p/x");
        assertThat(stat).isEqualTo(new Stat(m.zxid, m.zxid, m.time, m.time, 0, 0, 0, 1, 4, 0, m.zxid));
        assertThat(((Result.Created) m.last.result()).stat()).isEqualTo(stat);
        Stat after = m.stat("/p");
        assertThat(after.pzxid()).isEqualTo(m.zxid);
        assertThat(after.cversion()).isEqualTo(before.cversion() + 1);
        assertThat(after.numChildren()).isEqualTo(before.numChildren() + 1);
        assertThat(after.mzxid()).isEqualTo(before.mzxid());
        assertThat(after.version()).isZero();
    }

    @Test
    void tellsAStatOnlyToThoseWhoseReplyHasOne() {
        Result result = m.run(client, new Operation.Create("/p/x", null, Acl.OPEN, CreateMode.PERSISTENT, false, -1));
        assertThat(result).isEqualTo(new Result.Created("/p/x", null));
        assertThat(m.last.changes()).containsExactly(new Change.NodeCreated("/p/x", Acl.OPEN, Acl.OPEN));
    }

    @Test
    @Covers("1.1.1")
    void keepsNullAndEmptyDataApart() {
        m.run(client, new Operation.Create("/p/n", null, Acl.OPEN, CreateMode.PERSISTENT, false, -1));
        m.run(client, new Operation.Create("/p/e", new byte[0], Acl.OPEN, CreateMode.PERSISTENT, false, -1));
        assertThat(m.node("/p/n").data()).isNull();
        assertThat(m.node("/p/e").data()).isEmpty();
        assertThat(m.stat("/p/n").dataLength()).isZero();
    }

    @Test
    @Covers("2.4.6")
    void hidesTheOwnersOfContainersAndTtlNodes() {
        m.run(client, createOp("/p/c", CreateMode.CONTAINER));
        m.run(client, createOp("/p/t", CreateMode.PERSISTENT_WITH_TTL));
        assertThat(m.node("/p/c").owner()).isEqualTo(0x8000000000000000L);
        assertThat(m.node("/p/t").owner()).isEqualTo(0xff00000000000000L | 60_000);
        assertThat(EphemeralOwner.ttlMillis(m.node("/p/t").owner())).isEqualTo(60_000);
        assertThat(m.stat("/p/c").ephemeralOwner()).isZero();
        assertThat(m.stat("/p/t").ephemeralOwner()).isZero();
        assertThat(m.run(client, createOp("/p/c/x")).error()).isEqualTo(ErrorCode.OK);
        assertThat(m.run(client, createOp("/p/t/x")).error()).isEqualTo(ErrorCode.OK);
        assertThat(m.tree.containers()).containsExactly("/p/c");
        assertThat(m.tree.ttlNodes()).containsExactly("/p/t");
    }

    @Test
    void storesTheListThatTheEdgeHasResolvedAndRefusesTheEmptyOne() {
        List<Acl> odd = List.of(
                new Acl(0, Identity.ANYONE),
                new Acl(-7, ALICE),
                new Acl(-7, ALICE),
                new Acl(Acl.READ, new Identity("badge", "7")));
        assertThat(m.run(client, createOp("/p/x", odd)).error()).isEqualTo(ErrorCode.OK);
        assertThat(m.tree.acl(m.node("/p/x"))).isEqualTo(odd);
        assertThat(m.run(client, createOp("/p/y", List.of())).error()).isEqualTo(ErrorCode.INVALID_ACL);
    }

    @Test
    void givesTheEnsembleItselfNoEphemerals() {
        StateMachine.Client ensemble = new StateMachine.Client(0, 0, List.of());
        assertThat(m.run(ensemble, createOp("/p/x", CreateMode.EPHEMERAL)).error())
                .isEqualTo(ErrorCode.SESSION_EXPIRED);
        assertThat(m.run(ensemble, createOp("/p/x")).error()).isEqualTo(ErrorCode.OK);
    }

    @Test
    void leavesNoTraceWhenItFails() {
        List<String> before = TreeDump.of(m.tree);
        m.run(client, createOp("/p"));
        m.run(client, createOp("/p/ephemeral/x", CreateMode.PERSISTENT_SEQUENTIAL));
        List<String> after = TreeDump.of(m.tree);
        assertThat(after.subList(1, after.size())).isEqualTo(before.subList(1, before.size()));
        assertThat(m.last.changes()).isEmpty();
        assertThat(m.tree.lastZxid()).isEqualTo(m.zxid);
    }

    private String created(Operation op) {
        return ((Result.Created) m.run(client, op)).path();
    }

    @Test
    void storesTheDataAsSent() {
        m.run(client, createOp("/p/x"));
        assertThat(m.node("/p/x").data()).isEqualTo(bytes("data"));
    }
}
