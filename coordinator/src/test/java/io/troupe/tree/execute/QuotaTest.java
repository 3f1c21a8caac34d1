package io.troupe.tree.execute;

import static io.troupe.tree.execute.StateMachine.bytes;
import static io.troupe.tree.execute.StateMachine.createOp;
import static io.troupe.tree.execute.StateMachine.delete;
import static io.troupe.tree.execute.StateMachine.setData;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract 2.12. The data that {@code createOp} gives a znode has 4 bytes. */
class QuotaTest {
    private static final String QUOTA = "/zookeeper/quota";

    private final StateMachine m = new StateMachine();
    private final StateMachine.Client client = m.open(1);

    @BeforeEach
    void tree() {
        m.run(client, createOp("/a"));
        m.run(client, createOp("/a/b"));
        m.run(client, createOp("/other"));
    }

    private static Operation.Create create(String path, String text) {
        return new Operation.Create(path, bytes(text), Acl.OPEN, CreateMode.PERSISTENT, true, -1);
    }

    /** As zkCli does it: limits first, then a place for the usage. */
    private void quota(String path, String limits) {
        StringBuilder parent = new StringBuilder(QUOTA);
        for (String name : path.substring(1).split("/", -1)) {
            parent.append('/').append(name);
            if (m.tree.get(parent.toString()) == null) {
                m.run(client, create(parent.toString(), ""));
            }
        }
        m.run(client, create(parent + "/zookeeper_limits", limits));
        m.run(client, create(parent + "/zookeeper_stats", "count=-1,bytes=-1"));
    }

    private String usage(String path) {
        byte[] data =
                Objects.requireNonNull(m.node(QUOTA + path + "/zookeeper_stats").data());
        return new String(data, StandardCharsets.UTF_8);
    }

    private ErrorCode enforced(Operation operation) {
        return enforcedResult(operation).error();
    }

    private Result enforcedResult(Operation operation) {
        return m.run(new Request(client.sessionId(), client.attach(), 1, List.of(), operation, true, false));
    }

    @Test
    void beginsWithWhatIsThere() {
        quota("/a", "count=10,bytes=100");

        assertThat(usage("/a")).isEqualTo("count=2,bytes=8");
    }

    @Test
    @Covers("2.12.1")
    void countsWhateverHappensBelow() {
        quota("/a", "count=10,bytes=100");
        m.run(client, createOp("/a/b/c"));
        m.run(client, createOp("/a/e", CreateMode.EPHEMERAL));
        m.run(client, setData("/a/b", "longer data"));
        assertThat(usage("/a")).isEqualTo("count=4,bytes=23");

        m.run(client, delete("/a/b/c"));
        m.run(client, new Operation.CloseSession(0, 0));

        assertThat(usage("/a")).isEqualTo("count=2,bytes=15");
    }

    @Test
    void countsNothingElse() {
        quota("/a", "count=10,bytes=100");
        m.run(client, createOp("/other/x"));
        m.run(client, createOp("/ab"));
        m.run(client, createOp("/zookeeper/x"));

        assertThat(usage("/a")).isEqualTo("count=2,bytes=8");
    }

    @Test
    void chargesOnlyTheDeepest() {
        quota("/a", "count=10,bytes=100");
        quota("/a/b", "count=10,bytes=100");
        m.run(client, createOp("/a/b/c"));

        assertThat(usage("/a")).isEqualTo("count=2,bytes=8");
        assertThat(usage("/a/b")).isEqualTo("count=2,bytes=8");
    }

    @Test
    @Covers("2.12.1")
    void theUsageChangesWithoutATraceAndWithoutAnEvent() {
        quota("/a", "count=10,bytes=100");
        Stat before = m.stat(QUOTA + "/a/zookeeper_stats");
        m.run(client, createOp("/a/c"));

        assertThat(m.last.changes()).containsExactly(new Change.NodeCreated("/a/c", Acl.OPEN, Acl.OPEN));
        Stat after = m.stat(QUOTA + "/a/zookeeper_stats");
        assertThat(after.mzxid()).isEqualTo(before.mzxid());
        assertThat(after.version()).isEqualTo(before.version());
    }

    @Test
    @Covers("2.12.2")
    void aHardLimitOnZnodesHolds() {
        quota("/a", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=3");

        assertThat(enforced(createOp("/a/c"))).isEqualTo(ErrorCode.OK);
        assertThat(enforced(createOp("/a/d"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(enforced(setData("/a/c", "more"))).isEqualTo(ErrorCode.OK);
        assertThat(enforced(delete("/a/c"))).isEqualTo(ErrorCode.OK);
        assertThat(enforced(createOp("/a/d"))).isEqualTo(ErrorCode.OK);
        assertThat(usage("/a")).isEqualTo("count=3,bytes=12");
    }

    @Test
    @Covers("2.12.2")
    void aHardLimitOnBytesHolds() {
        quota("/a", "count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=-1");

        assertThat(enforced(setData("/a/b", "sixsix"))).isEqualTo(ErrorCode.OK);
        assertThat(enforced(setData("/a/b", "7seven7"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(enforced(create("/a/c", "x"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(enforced(create("/a/c", ""))).isEqualTo(ErrorCode.OK);
        assertThat(enforced(setData("/a/b", "less"))).isEqualTo(ErrorCode.OK);
    }

    @Test
    @Covers("2.12.2")
    void whoExceedsALimitMayComeBackBelowItInSteps() {
        m.run(client, setData("/a/b", "muchtoolong"));
        quota("/a", "count=-1,bytes=-1=;byteHardLimit=5;countHardLimit=-1");

        assertThat(enforced(setData("/a/b", "toolong"))).isEqualTo(ErrorCode.OK);
        assertThat(enforced(setData("/a/b", "Toolong"))).isEqualTo(ErrorCode.OK);
        assertThat(enforced(setData("/a/b", "tooolong"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(enforced(delete("/a/b"))).isEqualTo(ErrorCode.OK);
    }

    @Test
    @Covers("2.12.2")
    void aSoftLimitOnlyWarns() {
        quota("/a", "count=2,bytes=8");

        assertThat(enforced(createOp("/a/c"))).isEqualTo(ErrorCode.OK);
    }

    @Test
    @Covers("2.12.2")
    void nothingIsRefusedWhereQuotasAreNotEnforced() {
        quota("/a", "count=-1,bytes=-1=;byteHardLimit=8;countHardLimit=2");

        assertThat(m.run(client, createOp("/a/c")).error()).isEqualTo(ErrorCode.OK);
        assertThat(usage("/a")).isEqualTo("count=3,bytes=12");
    }

    @Test
    void aMultiCannotOvershoot() {
        quota("/a", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=3");

        Result two = enforcedResult(new Operation.Multi(List.of(createOp("/a/c"), createOp("/a/d"))));
        assertThat(((Result.Many) two).results())
                .containsExactly(Result.failed(ErrorCode.OK), Result.failed(ErrorCode.QUOTA_EXCEEDED));
        assertThat(usage("/a")).isEqualTo("count=2,bytes=8");

        Result replaced =
                enforcedResult(new Operation.Multi(List.of(delete("/a/b"), createOp("/a/c"), createOp("/a/d"))));
        assertThat(((Result.Many) replaced).results()).noneMatch(Result.Failed.class::isInstance);
        assertThat(usage("/a")).isEqualTo("count=3,bytes=12");
    }

    @Test
    void aMultiThatSetsAQuotaCountsWhatItCreatedBefore() {
        enforcedResult(new Operation.Multi(List.of(
                createOp("/a/c"),
                delete("/a/b"),
                setData("/a", "12345678"),
                create(QUOTA + "/a", ""),
                create(QUOTA + "/a/zookeeper_limits", "count=10,bytes=100"),
                create(QUOTA + "/a/zookeeper_stats", ""),
                createOp("/a/d"))));

        assertThat(usage("/a")).isEqualTo("count=3,bytes=16");
    }

    @Test
    void withoutItsLimitsAQuotaIsNone() {
        quota("/a", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2");
        m.run(client, delete(QUOTA + "/a/zookeeper_limits"));

        assertThat(enforced(createOp("/a/c"))).isEqualTo(ErrorCode.OK);
        assertThat(usage("/a")).isEqualTo("count=2,bytes=8");
    }

    @Test
    void limitsThatCannotBeReadLimitNothing() {
        quota("/a", "count=many;bytes");

        assertThat(enforced(createOp("/a/c"))).isEqualTo(ErrorCode.OK);
    }

    @Test
    void aQuotaHoldsEvenWhereNobodyMadeAZnodeForItsUsage() {
        m.run(client, create(QUOTA + "/a", ""));
        m.run(client, create(QUOTA + "/a/zookeeper_limits", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=3"));

        assertThat(enforced(createOp("/a/c"))).isEqualTo(ErrorCode.OK);
        assertThat(enforced(createOp("/a/d"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void theRootMayHaveAQuotaToo() {
        m.run(client, create(QUOTA + "/zookeeper_limits", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=5"));
        m.run(client, create(QUOTA + "/zookeeper_stats", ""));
        assertThat(usage("")).isEqualTo("count=4,bytes=12");

        assertThat(enforced(createOp("/a/c"))).isEqualTo(ErrorCode.OK);
        assertThat(enforced(createOp("/d"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(enforced(createOp("/zookeeper/d"))).isEqualTo(ErrorCode.OK);
    }
}
