package io.troupe.heartbeat;

import io.troupe.env.Clock;
import io.troupe.metrics.Counter;
import io.troupe.metrics.Metrics;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol.SessionsChanged;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The leases of all sessions against this node's clock, and how the leader ends those whose time is up: by a request that
 * closes the session as of the attachment the lease was given for (contract 1.6).
 */
final class SessionExpiry {
    private final Clock clock;
    private final SessionLeases leases;
    private final Counter expired;

    SessionExpiry(HeartbeatSettings settings, Clock clock, Metrics metrics) {
        this.clock = clock;
        this.leases = new SessionLeases(settings.tick().toMillis());
        this.expired = metrics.counter("stale_sessions_expired");
    }

    /** Sessions were opened, attached or closed. */
    void changed(SessionsChanged changes) {
        if (changes.all()) {
            leases.clear();
        }
        long now = clock.monotonicMillis();
        changes.opened().forEach(lease -> leases.open(lease, now));
        changes.closed().forEach(leases::close);
    }

    /** These sessions were heard of, here or at another node. */
    void touched(List<Long> sessionIds) {
        long now = clock.monotonicMillis();
        sessionIds.forEach(id -> leases.touch(id, now));
    }

    /** Every session gets a full timeout from now, because nobody can tell when it was last heard. */
    void renewAll() {
        leases.renewAll(clock.monotonicMillis());
    }

    /** The requests by which the leader of {@code epoch} closes the sessions not heard of in time. Each is due once. */
    List<Request> closes(long epoch) {
        List<Request> closes = leases.expire(clock.monotonicMillis()).stream()
                .map(lease -> Request.internal(lease.sessionId(), new Operation.CloseSession(lease.attach(), epoch)))
                .toList();
        expired.add(closes.size());
        return closes;
    }

    /** The sessions by the time at which they expire unless they are heard of, in milliseconds since 1970. */
    SortedMap<Long, List<Long>> expiries() {
        long wallAtZero = clock.wallMillis() - clock.monotonicMillis();
        SortedMap<Long, List<Long>> expiries = new TreeMap<>();
        leases.buckets().forEach((due, ids) -> expiries.put(wallAtZero + due, List.copyOf(ids)));
        return expiries;
    }
}
