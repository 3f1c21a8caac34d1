/** ZooKeeper's frames by hand: requests as wrong as a test wants them, and replies down to their last byte. */
@org.jspecify.annotations.NullMarked
package io.troupe.conformance.frames;
