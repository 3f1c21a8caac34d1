/**
 * {@code bin/troupe shell}: the commands of ZooKeeper's command line, by ZooKeeper's own client.
 *
 * <p>{@link io.troupe.app.shell.Shell} reads lines, {@code Interpreter} finds the command of each, an {@code Operation} does what
 * it says over the {@code Connection}, {@code Output} prints what it found. What is needed only for a terminal is in
 * {@code Dialogue}. The libraries stand in {@code lib/shell}, which a server does not load.
 */
@NullMarked
package io.troupe.app.shell;

import org.jspecify.annotations.NullMarked;
