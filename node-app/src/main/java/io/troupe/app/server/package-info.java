/** A node with its client port, put together from what a configuration says; the process around it is {@code command}'s. */
@NullMarked
package io.troupe.app.server;

import org.jspecify.annotations.NullMarked;
