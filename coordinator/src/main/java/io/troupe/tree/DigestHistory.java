package io.troupe.tree;

import io.troupe.request.Batch;
import io.troupe.tree.DataTreeProtocol.Divergence;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tree's digests: at the ends of the last batches, to be held against what the leader had there, and at every 128th zxid,
 * which is the same on all nodes, for operators to compare.
 */
final class DigestHistory {
    private static final int KEPT = 1024;
    private static final int SAMPLE_EVERY = 128;

    private final Map<Long, Long> digests = new Latest();
    private final Map<Long, Long> samples = new Latest();

    /** Keeps only the entries that were added last. */
    private static final class Latest extends LinkedHashMap<Long, Long> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > KEPT;
        }
    }

    /** Those at every 128th zxid. */
    Map<Long, Long> samples() {
        return Map.copyOf(samples);
    }

    /** The digest at the end of a batch. */
    void add(long zxid, long digest) {
        digests.put(zxid, digest);
    }

    /** The digest after one request; kept when it is that request's turn. */
    void sample(long zxid, long digest) {
        if (zxid % SAMPLE_EVERY == 0) {
            samples.put(zxid, digest);
        }
    }

    /** Where the leader's digest in this batch is not ours; null when it agrees or is not known here. */
    @Nullable
    Divergence divergence(Batch batch) {
        Long own = digests.get(batch.digestZxid());
        if (batch.digestZxid() == 0 || own == null || own == batch.digest()) {
            return null;
        }
        return new Divergence(batch.digestZxid(), own, batch.digest());
    }

    void clear() {
        digests.clear();
        samples.clear();
    }
}
