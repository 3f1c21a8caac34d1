package io.troupe.tree.state;

import io.troupe.request.Stat;
import org.jspecify.annotations.Nullable;

/** One node of the tree, as it is now. Only {@link DataTree} changes it; its data array never changes. */
public final class Znode {
    Znode() {}

    public Stat stat() {
        return new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Null and empty are different. Not to be changed. */
    public byte @Nullable [] data() {
        return null;
    }

    public int numChildren() {
        return 0;
    }

    public long czxid() {
        return 0;
    }

    public long mzxid() {
        return 0;
    }

    public long pzxid() {
        return 0;
    }

    /** The owner as it is persisted, with the kind of node encoded (contract 2.4). */
    public long owner() {
        return 0;
    }
}
