package io.troupe.tree;

import io.troupe.tree.DataTreeProtocol.TreeStatus;
import io.troupe.tree.local.Watches;
import io.troupe.tree.state.DataTree;
import java.util.function.Consumer;

/** The figures of the tree as others see them, who read them at any time without asking. */
final class PublishedStatus {
    private final Consumer<TreeStatus> readers;
    private boolean readOnly;
    private int watches;

    PublishedStatus(Consumer<TreeStatus> readers) {
        this.readers = readers;
    }

    /** Whether clients are answered without a leader; said with the next figures. */
    void readOnly(boolean now) {
        readOnly = now;
    }

    /** Whether watches were set or taken since the figures were published. */
    boolean hasOther(Watches now) {
        return now.count() != watches;
    }

    /**
     * Says how things stand.
     *
     * @param unreplicatedSessions how many only this node knows
     */
    void publish(DataTree tree, Watches set, int unreplicatedSessions) {
        watches = set.count();
        readers.accept(new TreeStatus(
                tree.lastZxid(),
                tree.digest(),
                tree.znodes(),
                tree.ephemerals(),
                tree.sessions().count(),
                unreplicatedSessions,
                watches,
                tree.approximateDataBytes(),
                readOnly));
    }
}
