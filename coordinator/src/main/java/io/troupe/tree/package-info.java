/** The replicated state machine's actor and its messages. */
@NullMarked
package io.troupe.tree;

import org.jspecify.annotations.NullMarked;
