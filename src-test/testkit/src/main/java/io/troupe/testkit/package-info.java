/**
 * Ensembles of real nodes inside a test's JVM, whose nodes can be killed and cut off: for tests of programs that use Troupe or
 * ZooKeeper. Begin at {@link io.troupe.testkit.TroupeEnsemble}; {@link io.troupe.testkit.TroupeExtension} is the same for JUnit, and
 * {@link io.troupe.testkit.TestingServer} and {@link io.troupe.testkit.TestingCluster} for those who used Curator's.
 */
@NullMarked
package io.troupe.testkit;

import org.jspecify.annotations.NullMarked;
