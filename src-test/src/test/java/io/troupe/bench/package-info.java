/**
 * Measures Troupe beside Apache ZooKeeper, in turns, on this machine. {@link BenchmarkMain} is the tool; nothing here runs in
 * the build.
 */
@NullMarked
package io.troupe.bench;

import org.jspecify.annotations.NullMarked;
