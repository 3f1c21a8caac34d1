/** From a list of seed nodes to an ensemble, and what Akka Cluster hints about it. */
@NullMarked
package io.troupe.membership;

import org.jspecify.annotations.NullMarked;
