/**
 * What a node knows for those who look on: the elections that were, and what the other nodes tell of themselves. Observation only;
 * nothing here has a say in what the node does.
 */
@NullMarked
package io.troupe.overview;

import org.jspecify.annotations.NullMarked;
