/** Proposal arithmetic, pure: what is in flight, who acknowledged what, what is committed. */
@NullMarked
package io.troupe.broadcast.pipeline;

import org.jspecify.annotations.NullMarked;
