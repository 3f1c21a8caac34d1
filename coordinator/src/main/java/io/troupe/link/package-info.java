/** Numbered link sessions between nodes over a transport that may lose, delay and reorder (architecture section 2). */
@NullMarked
package io.troupe.link;

import org.jspecify.annotations.NullMarked;
