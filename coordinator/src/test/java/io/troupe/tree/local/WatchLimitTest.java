package io.troupe.tree.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.edge.ClientRequest.Read;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.metrics.Metrics;
import io.troupe.request.ErrorCode;
import io.troupe.request.Result;
import io.troupe.tree.state.DataTree;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More watches than there may be are refused; reads without them, and watches that are there, are not. */
class WatchLimitTest {
    private final DataTree tree = DataTree.founding(
            new Membership("e", 0, List.of(new Member(1, true, "a", 25520, 25521, "a", 2181, 1)), null));
    private final Metrics metrics = new Metrics();
    private final Watches watches = new Watches(metrics);
    private final ReadExecutor reads = new ReadExecutor(tree, watches, new TreeLimits(0, 5, 3, 0), metrics);
    private final LocalSession first = session(1);
    private final LocalSession second = session(2);

    private static LocalSession session(long id) {
        return new LocalSession(new SessionHandle(id, 1), new RecordingSink(), List.of(), false);
    }

    private ErrorCode ask(LocalSession session, ReadOperation operation) {
        Result result = reads.execute(session, new Read(session.handle(), 1, 0, List.of(), operation));
        return result.error();
    }

    private ErrorCode watch(LocalSession session, String path) {
        return ask(session, new ReadOperation.Exists(path, true));
    }

    private static ReadOperation again(int count) {
        List<String> paths =
                IntStream.range(0, count).mapToObj(i -> "/again" + i).toList();
        return new ReadOperation.SetWatches(0, List.of(), paths, List.of(), List.of(), List.of());
    }

    @Test
    void aSessionHasItsShareAndAllTogetherHaveTheirs() {
        for (String path : List.of("/a", "/b", "/c")) {
            assertThat(watch(first, path)).isEqualTo(ErrorCode.NO_NODE);
        }
        assertThat(watch(first, "/d")).isEqualTo(ErrorCode.THROTTLED_OP);
        assertThat(ask(first, new ReadOperation.AddWatch("/d", 1))).isEqualTo(ErrorCode.THROTTLED_OP);
        assertThat(watch(first, "/a")).isEqualTo(ErrorCode.NO_NODE);
        assertThat(ask(first, new ReadOperation.Exists("/d", false))).isEqualTo(ErrorCode.NO_NODE);

        assertThat(watch(second, "/a")).isEqualTo(ErrorCode.NO_NODE);
        assertThat(watch(second, "/b")).isEqualTo(ErrorCode.NO_NODE);
        assertThat(watch(second, "/c")).isEqualTo(ErrorCode.THROTTLED_OP);
        assertThat(metrics.counter("troupe_watches_refused").value()).isEqualTo(3);

        watches.remove(first);
        assertThat(watch(second, "/c")).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void whatAClientHadElsewhereItMaySetAgainUpToTwiceAsMany() {
        assertThat(ask(first, again(6))).isEqualTo(ErrorCode.OK);
        assertThat(first.closing()).isFalse();
        assertThat(ask(second, again(7))).isEqualTo(ErrorCode.THROTTLED_OP);
        assertThat(second.closing()).isTrue();
    }
}
