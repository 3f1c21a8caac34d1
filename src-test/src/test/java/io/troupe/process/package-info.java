/**
 * Whole servers as real JVM processes on this host: started from the packaged distribution, killed, paused, wiped and
 * restarted by pid while real clients use them. The same tests run against Apache ZooKeeper's own server with
 * {@code -Dtroupe.test.server=zookeeper}, which is how the tests themselves are proved right.
 */
@NullMarked
package io.troupe.process;

import org.jspecify.annotations.NullMarked;
