/** What an edge (the client port, the typed API) and a node exchange: connections, requests, replies, watch events. */
@NullMarked
package io.troupe.edge;

import org.jspecify.annotations.NullMarked;
