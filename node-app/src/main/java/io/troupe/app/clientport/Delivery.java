package io.troupe.app.clientport;

import io.troupe.app.clientport.jute.ServerFrame;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.ErrorCode;
import io.troupe.request.Result;

/** What the node hands to a connection, on its way from the node's thread to the connection's event loop. */
sealed interface Delivery {
    /** About how much memory it holds until it is written. */
    default long heldBytes() {
        return ServerFrame.SMALL;
    }

    record Connected(SessionHandle handle, int timeoutMillis, boolean readOnly) implements Delivery {
        /** Of the request that every node has executed for it; 0 for a session that only this node knows. */
        long zxid() {
            return handle.replicated() ? handle.attach() : 0;
        }
    }

    record Reply(int xid, long zxid, Result result) implements Delivery {
        @Override
        public long heldBytes() {
            return ServerFrame.heldBytes(result);
        }

        /** Whether the session has moved: its client must learn so by losing the connection (contract 1.6). */
        boolean saysMoved() {
            return result.error() == ErrorCode.SESSION_MOVED
                    || (result instanceof Result.Many many
                            && many.results().stream().anyMatch(r -> r.error() == ErrorCode.SESSION_MOVED));
        }
    }

    record Event(WatchEvent event, long zxid) implements Delivery {}

    record End(SessionSink.End reason) implements Delivery {
        @Override
        public long heldBytes() {
            return 0;
        }

        /** Why, as the rest of a log line about the client. */
        String inWords() {
            return switch (reason) {
                case NOT_SERVING -> "this node serves nobody at the moment";
                case CLIENT_AHEAD -> "it has seen a later state than this node has reached";
                case EXPIRED -> "its session has expired, or it showed the wrong password";
                case CLOSED -> "it closed its session";
                case MOVED -> "its session moved to another connection";
                case UNREAD -> "it leaves too much of what it is due unread";
                case UNKNOWN_OUTCOME -> "this node cannot tell what became of its last requests";
                case STOPPING -> "this node stops";
            };
        }
    }
}
