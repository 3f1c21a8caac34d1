package io.troupe.edge;

import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import java.util.List;

/** One request of an open session. */
public sealed interface ClientRequest {
    /** The session that asks. */
    SessionHandle session();

    /** To be replicated. */
    record Write(SessionHandle session, int xid, List<Identity> identities, Operation operation)
            implements ClientRequest {
        /** What is replicated of it; see {@link Request} for what may stop it. */
        public Request toRequest(boolean quotasEnforced, boolean growthRefused) {
            return new Request(
                    session.sessionId(), session.attach(), xid, identities, operation, quotasEnforced, growthRefused);
        }
    }

    /**
     * To be answered here.
     *
     * @param afterWrites how many writes this connection has submitted before: the read waits until they have executed
     */
    record Read(SessionHandle session, int xid, long afterWrites, List<Identity> identities, ReadOperation operation)
            implements ClientRequest {}
}
