/** The transaction log and the node's durable promises: one actor, one fsync queue. */
@NullMarked
package io.troupe.log;

import org.jspecify.annotations.NullMarked;
