package io.troupe.app.clientport;

import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Result;

/** What the node hands to a connection, on its way from the node's thread to the connection's event loop. */
sealed interface Delivery {
    record Connected(SessionHandle handle, int timeoutMillis) implements Delivery {}

    record Reply(int xid, long zxid, Result result) implements Delivery {}

    record Event(WatchEvent event, long zxid) implements Delivery {}

    record End(SessionSink.End reason) implements Delivery {}
}
