/** One node: composition, settings, life cycle. */
@NullMarked
package io.troupe.node;

import org.jspecify.annotations.NullMarked;
