/** The named correctness scenarios, and the bugs that are put back to see that a test finds them. */
@NullMarked
package io.troupe.scenario;

import org.jspecify.annotations.NullMarked;
