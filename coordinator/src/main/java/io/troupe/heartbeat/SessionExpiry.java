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
import org.jspecify.annotations.Nullable;

/**
 * The leases of all sessions against this node's clock, and how the leader ends those whose time is up: by a request that
 * closes the session as of the attachment the lease was given for (contract 1.6).
 */
final class SessionExpiry {
    /** Clients are heard of at least this often in each timeout, and miss an answer after two of these parts (contract 1.6). */
    private static final int PINGS_PER_TIMEOUT = 3;

    private final Clock clock;
    private final SessionLeases leases;
    private final Counter expired;
    /** For how long in all nobody could be heard here: leases do not run meanwhile. Milliseconds. */
    private long stoodStill;
    /** Since when this leader, well as it is, has no epoch to close sessions in; null unless that is so. */
    private @Nullable Long restingSince;

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
        long now = now();
        changes.opened().forEach(session -> leases.open(session, now));
        changes.closed().forEach(leases::close);
    }

    /** The time that leases run by. */
    private long now() {
        return clock.monotonicMillis() - stoodStill;
    }

    /** These sessions were heard of, here or at another node. */
    void touched(List<Long> sessionIds) {
        long now = now();
        sessionIds.forEach(id -> leases.touch(id, now));
    }

    /**
     * This node stood still: that it heard nothing meanwhile is no sign that anybody is gone. Where the pause was so long that a
     * client may have gone looking for another server, its session gets a full timeout. More often that would be too much: a busy
     * machine stands still for a moment so frequently that no session would ever expire.
     */
    void discount(long pauseMillis) {
        stoodStill += pauseMillis;
        leases.renewShort(now(), pauseMillis * PINGS_PER_TIMEOUT);
    }

    /**
     * The leader is established. Every session gets a full timeout from now, because nobody can tell when it was last heard; unless
     * this leader has only opened its next epoch: then the leases go on where they were, and what was decided in the last moments of
     * the epoch before, in vain, is due again.
     */
    void begin() {
        if (restingSince == null) {
            leases.renewAll(now());
        } else {
            stoodStill += now() - restingSince;
            leases.reopen(now());
        }
        restingSince = null;
    }

    /** The established leader opens its next epoch. */
    void rest() {
        restingSince = now();
    }

    /** This node leads no more. */
    void end() {
        leases.stop();
        restingSince = null;
    }

    /** The requests by which the leader of {@code epoch} closes the sessions not heard of in time. Each is due once. */
    List<Request> closes(long epoch) {
        List<Request> closes = leases.expire(now()).stream()
                .map(session -> Request.internal(session.id(), new Operation.CloseSession(session.attach(), epoch)))
                .toList();
        expired.add(closes.size());
        return closes;
    }

    /** The sessions by the time at which they expire unless they are heard of, in milliseconds since 1970. */
    SortedMap<Long, List<Long>> expiries() {
        long wallAtZero = clock.wallMillis() - now();
        SortedMap<Long, List<Long>> expiries = new TreeMap<>();
        leases.byEnd().forEach((due, ids) -> expiries.put(wallAtZero + due, List.copyOf(ids)));
        return expiries;
    }
}
