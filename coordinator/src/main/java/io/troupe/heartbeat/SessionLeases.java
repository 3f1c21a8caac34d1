package io.troupe.heartbeat;

import io.troupe.tree.DataTreeProtocol.Lease;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When each session was last heard, as the leader counts it (contract 1.6): sessions lie in buckets one tick wide, so that a
 * touch costs little and expiry looks only at what is due. Times in milliseconds of the leader's monotonic clock.
 */
final class SessionLeases {
    /** In place of a bucket: the session's time is up, and it is being closed. */
    private static final long CLOSING = Long.MAX_VALUE;

    private final long tickMillis;
    private final Map<Long, Entry> entries = new HashMap<>();
    private final TreeMap<Long, TreeSet<Long>> buckets = new TreeMap<>();

    private static final class Entry {
        private final Lease lease;
        private long bucket;

        Entry(Lease lease, long bucket) {
            this.lease = lease;
            this.bucket = bucket;
        }
    }

    SessionLeases(long tickMillis) {
        this.tickMillis = tickMillis;
    }

    /** A session was opened or attached: a full timeout from now. */
    void open(Lease lease, long now) {
        close(lease.sessionId());
        Entry entry = new Entry(lease, bucketFor(lease, now));
        entries.put(lease.sessionId(), entry);
        put(entry);
    }

    void close(long sessionId) {
        Entry entry = entries.remove(sessionId);
        if (entry != null) {
            take(entry);
        }
    }

    void clear() {
        entries.clear();
        buckets.clear();
    }

    /** A session was heard of. Too late for one that is being closed. */
    void touch(long sessionId, long now) {
        Entry entry = entries.get(sessionId);
        if (entry != null && entry.bucket != CLOSING) {
            long bucket = bucketFor(entry.lease, now);
            if (bucket > entry.bucket) {
                take(entry);
                entry.bucket = bucket;
                put(entry);
            }
        }
    }

    /** Every session gets a full timeout from now: a new leader cannot know when it was last heard. */
    void renewAll(long now) {
        List<Entry> all = new ArrayList<>(entries.values());
        buckets.clear();
        for (Entry entry : all) {
            entry.bucket = bucketFor(entry.lease, now);
            put(entry);
        }
    }

    /** Sessions with a timeout of at most this get it in full from now, save those being closed. */
    void renewShort(long now, long timeoutMillis) {
        for (Entry entry : entries.values()) {
            if (entry.lease.timeoutMillis() <= timeoutMillis) {
                touch(entry.lease.sessionId(), now);
            }
        }
    }

    /** What was being closed is not any more: due now, unless it is heard of first. */
    void reopen(long now) {
        for (Entry entry : entries.values()) {
            if (entry.bucket == CLOSING) {
                entry.bucket = now;
                put(entry);
            }
        }
    }

    /**
     * Returns the sessions whose time is up, each once. They stay known until they are closed: should the close be decided in vain,
     * because this leader is deposed, they must expire another time.
     */
    List<Lease> expire(long now) {
        SortedMap<Long, TreeSet<Long>> due = buckets.headMap(now, true);
        List<Lease> expired = new ArrayList<>();
        for (TreeSet<Long> ids : due.values()) {
            for (long id : ids) {
                Entry entry = entries.get(id);
                if (entry != null) {
                    entry.bucket = CLOSING;
                    expired.add(entry.lease);
                }
            }
        }
        due.clear();
        return expired;
    }

    /** The sessions, by the time at which they expire unless they are heard of. */
    SortedMap<Long, ? extends Set<Long>> buckets() {
        return Collections.unmodifiableSortedMap(buckets);
    }

    private long bucketFor(Lease lease, long now) {
        return ((now + lease.timeoutMillis()) / tickMillis + 1) * tickMillis;
    }

    private void put(Entry entry) {
        buckets.computeIfAbsent(entry.bucket, b -> new TreeSet<>()).add(entry.lease.sessionId());
    }

    private void take(Entry entry) {
        @Nullable TreeSet<Long> ids = buckets.get(entry.bucket);
        if (ids != null) {
            ids.remove(entry.lease.sessionId());
            if (ids.isEmpty()) {
                buckets.remove(entry.bucket);
            }
        }
    }
}
