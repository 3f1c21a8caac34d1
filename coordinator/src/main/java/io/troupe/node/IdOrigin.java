package io.troupe.node;

/** Where a node has its id from. */
enum IdOrigin {
    /** Its settings. */
    CONFIGURED,
    /** The leader of its ensemble, now or before an earlier start. */
    ASSIGNED,
    /** The leader too, in place of the one on its disk, which is another node's. */
    REPLACED
}
