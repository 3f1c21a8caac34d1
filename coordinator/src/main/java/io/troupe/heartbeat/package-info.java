/** Who was heard when: peers and sessions. */
@NullMarked
package io.troupe.heartbeat;

import org.jspecify.annotations.NullMarked;
