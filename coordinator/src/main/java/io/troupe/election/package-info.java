/** Phase 0: which node should lead. Votes are datagrams; nothing here is durable. */
@NullMarked
package io.troupe.election;

import org.jspecify.annotations.NullMarked;
