package io.troupe.app.clientport;

import io.troupe.app.clientport.jute.ClientFrame;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;

/** What becomes of requests of sessions that only this node knows, or that it gave without a leader (contract 1.9, 1.10). */
final class SessionRules {
    private SessionRules() {}

    /** The request as this session may make it. */
    static ClientFrame.Body allowed(ClientFrame.Body body, SessionHandle session, boolean readOnly) {
        boolean write = body instanceof ClientFrame.Write;
        if (write
                && !session.replicated()
                && ((ClientFrame.Write) body).operation() instanceof Operation.CloseSession) {
            return new ClientFrame.Read(new ReadOperation.CloseUnreplicated());
        }
        boolean needsLeader =
                write || (body instanceof ClientFrame.Read read && read.operation() instanceof ReadOperation.Sync);
        return readOnly && needsLeader
                ? new ClientFrame.Read(new ReadOperation.Refused(ErrorCode.NOT_READ_ONLY))
                : body;
    }

    /** Whether a request can only be made by a session that the whole ensemble knows: it creates an ephemeral. */
    static boolean needsReplication(ClientFrame.Body body) {
        if (!(body instanceof ClientFrame.Write write)) {
            return false;
        }
        return write.operation() instanceof Operation.Multi multi
                ? multi.ops().stream().anyMatch(SessionRules::createsEphemeral)
                : createsEphemeral(write.operation());
    }

    private static boolean createsEphemeral(Operation operation) {
        return operation instanceof Operation.Create create && create.mode().ephemeral();
    }
}
