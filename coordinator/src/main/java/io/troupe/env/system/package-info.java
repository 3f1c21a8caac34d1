/** The real clock, randomness and disk; the only code that may touch them. */
@NullMarked
package io.troupe.env.system;

import org.jspecify.annotations.NullMarked;
