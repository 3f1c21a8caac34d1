/** The Zab state machine: discovery, synchronization, broadcast. */
@NullMarked
package io.troupe.broadcast;

import org.jspecify.annotations.NullMarked;
