/** Unmodified ZooKeeper clients, in Java and not, against the client port of a running ensemble of real processes. */
@NullMarked
package io.troupe.conformance;

import org.jspecify.annotations.NullMarked;
