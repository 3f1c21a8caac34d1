package io.troupe.tree.execute;

import io.troupe.request.ErrorCode;
import io.troupe.tree.state.QuotaText;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the usage of every quota, and refuses what would exceed one (contract 2.12). A quota on {@code /a} is the znode {@code
 * /zookeeper/quota/a/zookeeper_limits}; its usage stands beside it in {@code zookeeper_stats}. Only the deepest quota above a
 * znode is charged. Each step of a multi sees the usage as the steps before it left it, so a multi cannot overshoot.
 */
final class Quotas {
    private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);
    private static final String LIMITS = "/zookeeper_limits";
    private static final String STATS = "/zookeeper_stats";

    private final Draft draft;

    Quotas(Draft draft) {
        this.draft = draft;
    }

    /** Whether {@code count} more znodes with {@code bytes} more data fit below the quota of {@code path}. */
    ErrorCode check(String path, long count, long bytes) {
        String quota = deepest(path);
        if (quota == null) {
            return ErrorCode.OK;
        }
        QuotaText limits = QuotaText.parse(data(quota + LIMITS));
        QuotaText used = used(quota);
        boolean fits = fits(quota, "znodes", used.count(), count, limits.count(), limits.countHard())
                && fits(quota, "bytes", used.bytes(), bytes, limits.bytes(), limits.bytesHard());
        return fits ? ErrorCode.OK : ErrorCode.QUOTA_EXCEEDED;
    }

    /** A hard limit takes the place of the soft one, which only warns, once, when it is passed. */
    private static boolean fits(String quota, String what, long used, long more, long soft, long hard) {
        if (more <= 0) {
            return true;
        }
        if (hard >= 0) {
            return used + more <= hard;
        }
        if (soft >= 0 && used <= soft && used + more > soft) {
            LOG.warn("{} has more {} than its quota of {}", prefix(quota), what, soft);
        }
        return true;
    }

    /** A znode was created, deleted or given other data: charges its quota, or begins one. */
    void charge(String path, long count, long bytes) {
        if (path.startsWith(ZnodePath.QUOTA + "/")) {
            if (count > 0 && (path.endsWith(LIMITS) || path.endsWith(STATS))) {
                takeStock(path.substring(0, path.lastIndexOf('/')));
            }
            return;
        }
        String quota = deepest(path);
        if (quota != null) {
            byte[] stats = data(quota + STATS);
            if (stats != null) {
                QuotaText used = QuotaText.parse(stats);
                write(quota, used.count() + count, used.bytes() + bytes);
            }
        }
    }

    private void takeStock(String quota) {
        if (draft.get(quota + LIMITS) != null) {
            Draft.Usage usage = draft.usage(prefix(quota));
            write(quota, usage.count(), usage.bytes());
        }
    }

    /** Limits count even where nobody has made a znode for the usage: then it is counted anew each time. */
    private QuotaText used(String quota) {
        byte[] stats = data(quota + STATS);
        if (stats != null) {
            return QuotaText.parse(stats);
        }
        Draft.Usage usage = draft.usage(prefix(quota));
        return new QuotaText(usage.count(), usage.bytes(), QuotaText.NONE, QuotaText.NONE);
    }

    /** Where the znodes begin that a quota is for. */
    private static String prefix(String quota) {
        return quota.length() == ZnodePath.QUOTA.length() ? ZnodePath.ROOT : quota.substring(ZnodePath.QUOTA.length());
    }

    private void write(String quota, long count, long bytes) {
        ZnodeImage stats = draft.get(quota + STATS);
        if (stats != null) {
            draft.changeSilently(quota + STATS, stats.withUsage(QuotaText.usage(count, bytes)));
        }
    }

    private byte @Nullable [] data(String path) {
        ZnodeImage node = draft.get(path);
        return node == null ? null : node.data();
    }

    /** The znode below which the limits of the deepest quota on this path stand; null when there is none. */
    private @Nullable String deepest(String path) {
        if (draft.numChildren(ZnodePath.QUOTA) == 0 || path.startsWith(ZnodePath.ZOOKEEPER + "/")) {
            return null;
        }
        String found = draft.get(ZnodePath.QUOTA + LIMITS) == null ? null : ZnodePath.QUOTA;
        for (int end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
            String quota = ZnodePath.QUOTA + (end < 0 ? path : path.substring(0, end));
            if (draft.get(quota) == null) {
                return found;
            }
            if (draft.get(quota + LIMITS) != null) {
                found = quota;
            }
            if (end < 0) {
                return found;
            }
        }
    }
}
