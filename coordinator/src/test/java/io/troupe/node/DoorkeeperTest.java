package io.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.SessionHandle;
import io.troupe.metrics.Metrics;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.tree.local.TreeLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is refused at a limit, and what must pass for things to be put right. */
class DoorkeeperTest {
    private static final Identity SUPER = new Identity("super", "");
    private static final Operation CREATE =
            new Operation.Create("/a", null, Acl.OPEN, CreateMode.PERSISTENT, false, -1);
    private static final Operation SET = new Operation.SetData("/a", new byte[1], -1);
    private static final Operation DELETE = new Operation.Delete("/a", -1);

    private final Metrics metrics = new Metrics();
    private long sessions;
    private long bytes;
    private final Doorkeeper doorkeeper =
            new Doorkeeper(new TreeLimits(100, 0, 0, 1_000), () -> sessions, () -> bytes, metrics);

    private static Connect asking(long sessionId, boolean unreplicated) {
        return new Connect(sessionId, new byte[0], 4_000, 0, List.of(), false, unreplicated);
    }

    private static ClientRequest.Write write(Operation operation, Identity... who) {
        return new ClientRequest.Write(new SessionHandle(1, 1), 1, List.of(who), operation);
    }

    @Test
    void beyondTheirNumberNewSessionsAreRefusedAndThereStayWhoIsThere() {
        sessions = 99;
        assertThat(doorkeeper.admits(asking(0, false))).isTrue();
        sessions = 100;
        assertThat(doorkeeper.admits(asking(0, false))).isFalse();
        assertThat(doorkeeper.admits(asking(7, false))).isTrue();
        assertThat(doorkeeper.admits(asking(0, true))).isTrue();
        sessions = 99;
        assertThat(doorkeeper.admits(asking(0, false))).isTrue();
        assertThat(metrics.counter("troupe_sessions_refused").value()).isEqualTo(1);
    }

    @Test
    void theTreeIsFullFromItsLimitOn() {
        bytes = 999;
        assertThat(doorkeeper.treeIsFull()).isFalse();
        bytes = 1_000;
        assertThat(doorkeeper.treeIsFull()).isTrue();
        bytes = 999;
        assertThat(doorkeeper.treeIsFull()).isFalse();
    }

    @Test
    void whatCreatesIsRefusedUnlessASuperUserDoes() {
        assertThat(Doorkeeper.creates(CREATE)).isTrue();
        assertThat(Doorkeeper.creates(new Operation.Multi(List.of((Operation.Sub) DELETE, (Operation.Sub) CREATE))))
                .isTrue();
        assertThat(Doorkeeper.creates(new Operation.Multi(List.of((Operation.Sub) DELETE, (Operation.Sub) SET))))
                .isFalse();
        for (Operation other :
                List.of(SET, DELETE, new Operation.SetAcl("/a", Acl.OPEN, -1), new Operation.CloseSession(0, 0))) {
            assertThat(Doorkeeper.creates(other)).as(other.toString()).isFalse();
        }
        assertThat(Doorkeeper.isExempt(write(CREATE))).isFalse();
        assertThat(Doorkeeper.isExempt(write(CREATE, SUPER))).isTrue();
    }

    @Test
    void withoutLimitsEverythingPasses() {
        Doorkeeper lax = new Doorkeeper(TreeLimits.NONE, () -> Long.MAX_VALUE, () -> Long.MAX_VALUE, metrics);
        assertThat(lax.admits(asking(0, false))).isTrue();
        assertThat(lax.treeIsFull()).isFalse();
    }
}
