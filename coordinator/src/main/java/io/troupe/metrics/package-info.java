/** What a node counts and measures of itself while it works, under the names of ZooKeeper's metrics (contract 7.2). */
@NullMarked
package io.troupe.metrics;

import org.jspecify.annotations.NullMarked;
