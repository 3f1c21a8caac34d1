/** Other people's software, unchanged, as clients of real server processes. */
@NullMarked
package io.troupe.clients;

import org.jspecify.annotations.NullMarked;
