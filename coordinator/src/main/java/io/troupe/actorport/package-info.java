/**
 * The edge for clients that are actor systems: what {@code io.troupe.app.clientport} is for ZooKeeper's clients. It answers {@link
 * io.troupe.client.protocol.Coordinator} and speaks to the node as any edge does.
 */
@NullMarked
package io.troupe.actorport;

import org.jspecify.annotations.NullMarked;
