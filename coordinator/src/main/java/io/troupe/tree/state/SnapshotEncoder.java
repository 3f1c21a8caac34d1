package io.troupe.tree.state;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Encodes the tree as of the moment this was made, in slices, while the tree goes on changing. One at a time for each
 * tree.
 */
public final class SnapshotEncoder {
    private final DataTree tree;

    /**
     * @param chunks receives the encoding in pieces of about 64 KiB, in order, during {@link #encodeSome} and also while
     *     the tree changes
     */
    public SnapshotEncoder(DataTree tree, Consumer<byte[]> chunks) {
        this.tree = tree;
    }

    /** The position the snapshot shows. */
    public long zxid() {
        return tree.lastZxid();
    }

    /**
     * Encodes on while {@code keepGoing} says so.
     *
     * @return true when everything has been encoded and the last chunk was handed out
     */
    public boolean encodeSome(BooleanSupplier keepGoing) {
        return true;
    }

    /** Gives up; the tree forgets this encoder. */
    public void abandon() {}
}
