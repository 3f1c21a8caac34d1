/** Snapshot files: written from the tree, read at start, pulled from a peer. */
@NullMarked
package io.troupe.snapshot;

import org.jspecify.annotations.NullMarked;
