package io.troupe.tree.local;

import java.util.HashMap;
import java.util.Map;

/**
 * Sessions that this node alone knows (contract 1.9, there called local). One lives as long as its connection, and after that
 * for its timeout, in which its client may come back to this node.
 */
public final class UnreplicatedSessions {
    private static final long ATTACHED = Long.MAX_VALUE;

    private final Map<Long, Lease> leases = new HashMap<>();

    private record Lease(int timeoutMillis, long endsMillis) {}

    /** Whether this session is one of them and has not expired. */
    public boolean contains(long sessionId) {
        return leases.containsKey(sessionId);
    }

    /** A connection has the session. */
    public void attached(long sessionId, int timeoutMillis) {
        leases.put(sessionId, new Lease(timeoutMillis, ATTACHED));
    }

    /** Its connection is gone. */
    public void detached(long sessionId, long nowMillis) {
        leases.computeIfPresent(
                sessionId, (id, lease) -> new Lease(lease.timeoutMillis(), nowMillis + lease.timeoutMillis()));
    }

    /** It has ended, or the whole ensemble knows it now. */
    public void forget(long sessionId) {
        leases.remove(sessionId);
    }

    /** Ends those whose clients have been away for their timeout. */
    public void expire(long nowMillis) {
        leases.values().removeIf(lease -> lease.endsMillis() <= nowMillis);
    }

    public int count() {
        return leases.size();
    }
}
