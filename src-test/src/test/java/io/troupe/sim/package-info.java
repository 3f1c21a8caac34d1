/**
 * Whole ensembles of the real actors in one thread, on virtual time, a simulated network and simulated disks, all drawn
 * from one seed: a run that breaks an invariant replays exactly from its seed.
 */
@NullMarked
package io.troupe.sim;

import org.jspecify.annotations.NullMarked;
