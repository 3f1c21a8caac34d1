package io.troupe.tree;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import io.troupe.env.HandClock;
import io.troupe.metrics.Metrics;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.snapshot.SnapshotProtocol.Begin;
import io.troupe.snapshot.SnapshotProtocol.Completed;
import io.troupe.snapshot.SnapshotProtocol.Written;
import io.troupe.tree.state.DataTree;
import org.junit.jupiter.api.Test;

class TreeSnapshotsTest {
    private static final int EVERY = TreeSettings.DEFAULT.snapshotEvery();

    private final TestInbox<SnapshotProtocol.Command> writer = TestInbox.create();
    private final TestInbox<SnapshotProtocol.Event> self = TestInbox.create();
    private final HandClock clock = new HandClock();
    private final DataTree tree = DataTree.founding(DataTreeRig.ALONE);
    private final TreeSnapshots snapshots = new TreeSnapshots(
            TreeSettings.DEFAULT,
            clock,
            writer.getRef(),
            self.getRef(),
            new TreeMetrics(new Metrics(), clock),
            pause -> {});

    private long begun() {
        return writer.getAllReceived().stream().filter(Begin.class::isInstance).count();
    }

    @Test
    void oneIsDueAfterSoManyRequests() {
        snapshots.executed(tree, EVERY - 1);
        assertThat(begun()).isZero();

        snapshots.executed(tree, 1);
        assertThat(begun()).isOne();
    }

    @Test
    void whatBecameDueWhileOneWasWrittenBeginsBehindItThoughNobodyWritesAnyMore() {
        snapshots.executed(tree, EVERY);
        snapshots.executed(tree, EVERY);
        assertThat(begun()).as("one at a time").isOne();
        snapshots.on(tree, new Written());

        snapshots.on(tree, new Completed(tree.lastZxid()));
        assertThat(begun()).isOne();

        snapshots.on(tree, new Written());
        snapshots.on(tree, new Completed(tree.lastZxid()));
        assertThat(begun()).as("nothing has come since").isZero();
    }
}
