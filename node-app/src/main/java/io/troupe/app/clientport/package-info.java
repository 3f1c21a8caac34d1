/**
 * The port that speaks ZooKeeper's client protocol (contract sections 1, 2.5 to 2.9, 3.2, 3.5, 4.4, 5 and 7.1): frames,
 * handshakes, the order of replies, back-pressure and the four-letter words. It decides nothing about sessions or the
 * tree; that is behind {@link io.troupe.edge.Frontend}.
 *
 * <p>Reading order: {@link io.troupe.app.clientport.ClientPort} accepts, {@code FrameCodec} cuts bytes into frames,
 * {@code ClientConnection} is one client, {@code
 * ConnectionSink} what the node sees of it, {@code LoopConnections} gathers what one turn of an event loop has read,
 * {@code ResponseWriter} counts what is due, {@code Outbox} writes it, and {@code WriteTurns} says who writes much when.
 */
@NullMarked
package io.troupe.app.clientport;

import org.jspecify.annotations.NullMarked;
