package io.troupe.tree.local;

import static io.troupe.edge.WatchEvent.Type.CHILDREN_CHANGED;
import static io.troupe.edge.WatchEvent.Type.CREATED;
import static io.troupe.edge.WatchEvent.Type.DATA_CHANGED;
import static io.troupe.edge.WatchEvent.Type.DELETED;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.edge.ClientRequest.Read;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.WatchEvent;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.metrics.Metrics;
import io.troupe.request.Acl;
import io.troupe.request.Result;
import io.troupe.tree.local.RecordingSink.Event;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.ZnodeImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that comes from another server registers its watches with the last zxid that it has seen. */
class MissedChangesTest {
    private static final long SEEN = 10;

    private final DataTree tree = DataTree.founding(
            new Membership("e", 0, List.of(new Member(1, true, "a", 25520, 25521, "a", 2181, 1)), null));
    private final Watches watches = new Watches(new Metrics());
    private final ReadExecutor reads = new ReadExecutor(tree, watches, TreeLimits.NONE, new Metrics());
    private final RecordingSink sink = new RecordingSink();
    private final LocalSession session = new LocalSession(new SessionHandle(1, 1), sink, List.of(), false);

    private void znode(String path, long mzxid, long pzxid) {
        tree.put(path, new ZnodeImage(1, mzxid, pzxid, 0, 0, 0, 0, 0, 0, new byte[0], Acl.OPEN));
    }

    private static Event told(WatchEvent.Type type, String path) {
        return new Event(type, path, -1);
    }

    @Test
    @Covers("3.5.1")
    @Shows("S25")
    void whatChangedMeanwhileIsToldAtOnceAndTheRestIsWatched() {
        znode("/same", SEEN, SEEN);
        znode("/set", SEEN + 1, SEEN);
        znode("/children", SEEN, SEEN + 1);
        znode("/appeared", SEEN + 1, SEEN + 1);

        Result result = reads.execute(
                session,
                new Read(
                        session.handle(),
                        -8,
                        0,
                        List.of(),
                        new ReadOperation.SetWatches(
                                SEEN,
                                List.of("/same", "/set", "/gone"),
                                List.of("/appeared", "/missing"),
                                List.of("/same", "/children", "/gone"),
                                List.of("/persistent"),
                                List.of("/recursive"))));

        assertThat(result).isEqualTo(Result.Done.INSTANCE);
        assertThat(sink.take())
                .containsExactly(
                        told(DATA_CHANGED, "/set"),
                        told(DELETED, "/gone"),
                        told(CREATED, "/appeared"),
                        told(CHILDREN_CHANGED, "/children"),
                        told(DELETED, "/gone"));

        watches.dataChanged("/same", Acl.OPEN, 20);
        watches.created("/same/child", Acl.OPEN, Acl.OPEN, 21);
        watches.created("/missing", Acl.OPEN, Acl.OPEN, 22);
        watches.dataChanged("/persistent", Acl.OPEN, 23);
        watches.dataChanged("/recursive/below", Acl.OPEN, 24);
        for (String told : List.of("/set", "/gone", "/appeared", "/children")) {
            watches.deleted(told, Acl.OPEN, Acl.OPEN, 25);
        }
        assertThat(sink.take())
                .containsExactly(
                        new Event(DATA_CHANGED, "/same", 20),
                        new Event(CHILDREN_CHANGED, "/same", 21),
                        new Event(CREATED, "/missing", 22),
                        new Event(DATA_CHANGED, "/persistent", 23),
                        new Event(DATA_CHANGED, "/recursive/below", 24));
    }
}
