package io.troupe.request;

import java.util.List;
import java.util.Objects;

/**
 * One replicated request.
 *
 * @param sessionId the session on whose behalf it runs; 0 for the ensemble itself
 * @param attach the zxid of the request that attached the session to the connection this came from. A session's owner
 *     is the connection of its latest attach; requests of an earlier one fail with SESSION_MOVED; 0 or less where no replica knows the session
 * @param xid the client's own number, echoed in the reply
 * @param identities who the client is, as captured when the request was received
 * @param quotasEnforced whether the node that the client is connected to has it fail where it exceeds a quota; it travels
 *     along, because every node must come to the same result
 * @param growthRefused whether it fails where it lengthens data, because the tree takes all the memory that the node that the client is
 *     connected to has for it; travels along for the same reason
 */
public record Request(
        long sessionId,
        long attach,
        int xid,
        List<Identity> identities,
        Operation operation,
        boolean quotasEnforced,
        boolean growthRefused) {
    public Request {
        identities = List.copyOf(identities);
        Objects.requireNonNull(operation);
    }

    /** One that neither a quota nor the size of the tree stops. */
    public Request(long sessionId, long attach, int xid, List<Identity> identities, Operation operation) {
        this(sessionId, attach, xid, identities, operation, false, false);
    }

    /** A request of the ensemble itself. */
    public static Request internal(long sessionId, Operation operation) {
        return new Request(sessionId, 0, 0, List.of(), operation);
    }
}
