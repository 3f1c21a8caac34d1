package io.troupe.tree;

import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tree's digests at the ends of the last batches, to be held against what the leader had there. */
final class DigestHistory {
    private static final int KEPT = 1024;

    private final Map<Long, Long> digests = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > KEPT;
        }
    };

    /** By zxid, oldest first. */
    Map<Long, Long> all() {
        return Map.copyOf(digests);
    }

    void add(long zxid, long digest) {
        digests.put(zxid, digest);
    }

    /** What is wrong when the leader's digest in this batch is not ours; null when it agrees or is not known here. */
    @Nullable
    String disagreement(Batch batch) {
        Long own = digests.get(batch.digestZxid());
        if (batch.digestZxid() == 0 || own == null || own == batch.digest()) {
            return null;
        }
        return "this node's tree differs from the leader's as of %s: digest %x here, %x there"
                .formatted(Zxid.hex(batch.digestZxid()), own, batch.digest());
    }

    void clear() {
        digests.clear();
    }
}
