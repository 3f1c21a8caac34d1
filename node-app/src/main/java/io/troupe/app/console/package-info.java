/**
 * The port where operators and tools reach a node by HTTP: health, metrics, ZooKeeper's admin commands, and the tree as JSON. A
 * {@link io.troupe.app.console.Route} says what may be asked and who may ask it, {@link io.troupe.app.console.AccessRule} who asks;
 * the node is spoken to as by any other edge, through {@link io.troupe.edge.Frontend}.
 */
@NullMarked
package io.troupe.app.console;

import org.jspecify.annotations.NullMarked;
