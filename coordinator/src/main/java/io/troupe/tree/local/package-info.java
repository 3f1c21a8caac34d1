/** What a node keeps for the clients connected to it: their reads, watches and the order of their replies. Not replicated. */
@NullMarked
package io.troupe.tree.local;

import org.jspecify.annotations.NullMarked;
