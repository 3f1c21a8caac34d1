package io.troupe.actorport;

import io.troupe.client.protocol.Call;
import io.troupe.client.protocol.Coordinator;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Result;
import java.util.List;

/** Messages of one client's {@link ConnectionActor}. */
interface ConnectionProtocol {

    sealed interface Command {}

    /** The client has sent this. */
    record FromClient(Coordinator.ToNode message) implements Command {}

    /** The node has delivered this, in this order. */
    record FromNode(List<Delivered> burst) implements Command {
        public FromNode {
            burst = List.copyOf(burst);
        }
    }

    /** A round of logging in is over. */
    record Proven(Call call, Identification.SaslStep step) implements Command {}

    /** To be done in this actor's turn. */
    record Turn(Runnable work) implements Command {}

    enum Timer implements Command {
        /** Has the client been heard of since the last time? */
        SILENCE
    }

    /** What the node delivers to a connection. */
    sealed interface Delivered {
        /** About what it holds until the client has taken it. */
        default long bytes() {
            return 0;
        }
    }

    record Connected(SessionHandle handle, int timeoutMillis) implements Delivered {}

    record Replied(int xid, long zxid, Result result) implements Delivered {
        @Override
        public long bytes() {
            return AnswerTranslation.bytes(result);
        }
    }

    record Fired(WatchEvent event, long zxid) implements Delivered {
        private static final int ENVELOPE = 64;

        @Override
        public long bytes() {
            return (long) ENVELOPE + event.path().length();
        }
    }

    record Over(SessionSink.End reason) implements Delivered {}
}
