/** Everything non-deterministic, as ports: time, randomness and disk. The real ones live in {@code system}. */
@NullMarked
package io.troupe.env;

import org.jspecify.annotations.NullMarked;
