/** Snapshots as a defect of memory would have left them. */
@NullMarked
package io.troupe.snapshot;

import org.jspecify.annotations.NullMarked;
