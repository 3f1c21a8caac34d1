/** What must hold in every run at every step: one class for each property, with the authority that demands it. */
@NullMarked
package io.troupe.sim.invariant;

import org.jspecify.annotations.NullMarked;
