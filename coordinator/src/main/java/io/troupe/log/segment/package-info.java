/** Segments of the transaction log: checksummed batches in files, over {@code env.Disk} alone. */
@NullMarked
package io.troupe.log.segment;

import org.jspecify.annotations.NullMarked;
