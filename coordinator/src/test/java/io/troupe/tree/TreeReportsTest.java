package io.troupe.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.TreeReport;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol.Execute;
import io.troupe.tree.DataTreeProtocol.Reads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the tree counts and reports of itself. */
class TreeReportsTest extends DataTreeRig {
    @Test
    void itMeasuresWhatGoesInAndOutOfEachNamespace() {
        SessionHandle session = connected();
        actor.run(new Execute(List.of(batch(create(session, 1, "/app"), create(session, 2, "/app/b")))));
        actor.run(new Reads(List.of(
                read(session, 3, 2, new ReadOperation.GetData("/app/b", false)), read(session, 4, 2, exists(true)))));

        assertThat(metrics.summary("app_write_per_namespace").sum())
                .isEqualTo("/app".length() + 1 + "/app/b".length() + 1);
        assertThat(metrics.summary("app_read_per_namespace").sum()).isEqualTo("/app/b".length() + 1 + 68);
        assertThat(metrics.summary("a_read_per_namespace").count()).isZero();
        assertThat(metrics.distribution("propagation_latency").count()).isPositive();
    }

    @Test
    void itReportsQuotasByNamespaceAndCountsWhomTheyStop() {
        SessionHandle session = connected();
        actor.run(new Execute(List.of(batch(
                create(session, 1, "/app"),
                create(session, 2, "/zookeeper/quota/app"),
                create(session, 3, "/zookeeper/quota/app/zookeeper_stats"),
                create(
                        session,
                        4,
                        "/zookeeper/quota/app/zookeeper_limits",
                        "count=5,bytes=-1=;byteHardLimit=-1;countHardLimit=1"),
                bounded(create(session, 5, "/app/b"))))));
        List<TreeReport> reports = new ArrayList<>();
        actor.run(new DataTreeProtocol.Report(TreeReport.Part.QUOTAS, reports::add));

        assertThat(reports.get(0).quotas()).containsExactly(Map.entry("app", new TreeReport.QuotaReport(1, -1, 1, 1)));
        assertThat(metrics.counter("app_quota_exceeded_error_per_namespace").value())
                .isEqualTo(1);
    }

    @Test
    void itKeepsTheDigestOfEvery128thZxidWhereverBatchesEnd() {
        SessionHandle session = connected();
        List<TreeReport> reports = new ArrayList<>();
        int xid = 0;
        long digestAt128 = 0;
        while (Zxid.counter(lastZxid) < 300) {
            int count = Zxid.counter(lastZxid) < 120 ? 7 : Zxid.counter(lastZxid) < 128 ? 1 : 50;
            Request[] requests = new Request[count];
            for (int i = 0; i < count; i++) {
                requests[i] = create(session, ++xid, "/n" + xid);
            }
            actor.run(new Execute(List.of(batch(requests))));
            if (Zxid.counter(lastZxid) == 128) {
                digestAt128 = executed.get(executed.size() - 1).digest();
            }
        }
        actor.run(new DataTreeProtocol.Report(TreeReport.Part.DIGESTS, reports::add));

        assertThat(reports.get(0).digests()).containsOnlyKeys(Zxid.of(1, 128), Zxid.of(1, 256));
        assertThat(reports.get(0).digests()).containsEntry(Zxid.of(1, 128), digestAt128);
    }
}
