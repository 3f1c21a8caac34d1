/**
 * Real servers under a nemesis: a network of namespaces in which links are cut, slowed and made to lose packets, servers that
 * are killed, stopped, restarted and run out of disk, real clients that record what they did and saw, and an audit of that
 * record, window by window, so that an hour's run needs no more memory than a minute's. {@code src-test/nemesis} runs it.
 */
@NullMarked
package io.troupe.nemesis;

import org.jspecify.annotations.NullMarked;
