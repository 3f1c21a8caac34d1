package io.troupe.client;

/** What a watch looks at. */
public enum WatchMode {
    /** A znode, which need not exist, and the names of its children. */
    NODE,
    /** A znode, which need not exist, and all below it. */
    RECURSIVE
}
