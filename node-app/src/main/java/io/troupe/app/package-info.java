/** The process around a node: the only place that reads arguments and environment and ends the JVM. */
@NullMarked
package io.troupe.app;

import org.jspecify.annotations.NullMarked;
