package io.troupe.edge;

import io.troupe.request.Identity;
import java.util.List;

/**
 * A connection asks for a session.
 *
 * @param sessionId 0 for a new one, else the one to attach to
 * @param password of the session to attach to
 * @param timeoutMillis already clamped to the node's limits
 * @param readOnly whether the client is content with a node that has no leader and answers reads alone
 * @param lastZxidSeen what the client has seen; a node that is behind refuses it
 * @param unreplicated whether a new session is to be known to this node alone: it costs the others nothing and owns nothing
 */
public record Connect(
        long sessionId,
        byte[] password,
        int timeoutMillis,
        long lastZxidSeen,
        List<Identity> identities,
        boolean readOnly,
        boolean unreplicated) {
    /** Of a client that takes the sessions that this node gives. */
    public Connect(
            long sessionId,
            byte[] password,
            int timeoutMillis,
            long lastZxidSeen,
            List<Identity> identities,
            boolean readOnly) {
        this(sessionId, password, timeoutMillis, lastZxidSeen, identities, readOnly, false);
    }
}
