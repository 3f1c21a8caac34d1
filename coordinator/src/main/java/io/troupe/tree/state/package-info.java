/**
 * The replicated state itself: znodes, sessions, origins, ACLs, their digest and their snapshots. It stores what
 * {@code tree.execute} decided and decides nothing. Pure; one thread.
 */
@NullMarked
package io.troupe.tree.state;

import org.jspecify.annotations.NullMarked;
