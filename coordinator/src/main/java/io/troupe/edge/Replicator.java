package io.troupe.edge;

import io.troupe.request.ErrorCode;
import io.troupe.request.Request;
import java.util.List;

/** What the replicated state machine's host asks of broadcast on behalf of its clients. */
public sealed interface Replicator {
    /** Replicate these, in this order. They are sent again after a leader change until they have executed. */
    record Submit(List<Request> requests) implements Replicator {
        public Submit {
            requests = List.copyOf(requests);
        }
    }

    /** Do not replicate this one, and have it answered in its turn, behind what was submitted before. */
    record Refuse(Request request, ErrorCode error) implements Replicator {}

    /** Find out, with a quorum, up to where everything acknowledged so far is committed (the {@code sync} command). */
    record ConfirmCommitPoint(long tag) implements Replicator {}
}
