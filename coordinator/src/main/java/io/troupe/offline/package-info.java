/** What can be read of a data directory without being its node: for tools that inspect, export or copy it. */
@NullMarked
package io.troupe.offline;

import org.jspecify.annotations.NullMarked;
