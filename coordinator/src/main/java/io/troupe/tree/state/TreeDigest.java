package io.troupe.tree.state;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.request.Acl;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit sum over everything that is replicated, kept up to date change by change: the order in which things came to be
 * does not matter, only what there is. It finds replicas that differ by mistake; it is no defence against forgery.
 *
 * <p>A znode contributes three terms, its stat, its data and its ACL, each bound to its path, so that a change costs
 * what it touches and a parent's large data is not read again for every child.
 */
final class TreeDigest {
    private static final long SEED = 0x2545F4914F6CDD1DL;
    private static final long STAT = 1;
    private static final long DATA = 2;
    private static final long ACL = 3;
    private static final long SESSION = 4;
    private static final long ORIGIN = 5;
    private static final long MEMBERSHIP = 6;
    private static final long NULL_DATA = 7;
    private static final long TEXT_PRIME = 0x100000001B3L;

    private long sum;

    long value() {
        return sum;
    }

    /** A znode appeared. */
    void add(long pathHash, Znode node, byte @Nullable [] data, long aclHash) {
        sum += stat(pathHash, node) + data(pathHash, data) + acl(pathHash, aclHash);
    }

    /** A znode is about to go. */
    void remove(long pathHash, Znode node, byte @Nullable [] data, long aclHash) {
        sum -= stat(pathHash, node) + data(pathHash, data) + acl(pathHash, aclHash);
    }

    void addStat(long pathHash, Znode node) {
        sum += stat(pathHash, node);
    }

    void removeStat(long pathHash, Znode node) {
        sum -= stat(pathHash, node);
    }

    void replaceData(long pathHash, byte @Nullable [] before, byte @Nullable [] after) {
        sum += data(pathHash, after) - data(pathHash, before);
    }

    void replaceAcl(long pathHash, long hashBefore, long hashAfter) {
        sum += acl(pathHash, hashAfter) - acl(pathHash, hashBefore);
    }

    void replace(@Nullable Session before, @Nullable Session after) {
        sum += session(after) - session(before);
    }

    void replace(int originNode, Origins.@Nullable Position before, Origins.@Nullable Position after) {
        sum += origin(originNode, after) - origin(originNode, before);
    }

    void replace(@Nullable Membership before, @Nullable Membership after) {
        sum += membership(after) - membership(before);
    }

    private static long stat(long pathHash, Znode node) {
        long hash = mix(pathHash, STAT);
        hash = mix(hash, node.czxid());
        hash = mix(hash, node.mzxid());
        hash = mix(hash, node.pzxid());
        hash = mix(hash, node.ctime());
        hash = mix(hash, node.mtime());
        hash = mix(hash, ((long) node.version() << 32) | (node.aversion() & 0xffffffffL));
        hash = mix(hash, node.childCreates());
        return mix(hash, node.owner());
    }

    private static long data(long pathHash, byte @Nullable [] data) {
        long hash = mix(pathHash, DATA);
        return data == null ? mix(hash, NULL_DATA) : bytes(hash, data);
    }

    private static long acl(long pathHash, long aclHash) {
        return mix(mix(pathHash, ACL), aclHash);
    }

    private static long session(@Nullable Session session) {
        return session == null
                ? 0
                : mix(mix(mix(mix(SEED, SESSION), session.id()), session.timeoutMillis()), session.attach());
    }

    private static long origin(int originNode, Origins.@Nullable Position position) {
        return position == null
                ? 0
                : mix(mix(mix(mix(SEED, ORIGIN), originNode), position.incarnation()), position.sequence());
    }

    private static long membership(@Nullable Membership membership) {
        if (membership == null) {
            return 0;
        }
        long hash = text(mix(SEED, MEMBERSHIP), membership.ensembleId());
        hash = mix(hash, membership.version());
        for (Member m : membership.members()) {
            hash = mix(mix(hash, m.nodeId()), m.voter() ? 1 : 0);
            hash = mix(mix(text(hash, m.host()), m.peerPort()), m.electionPort());
            hash = mix(mix(text(hash, m.clientHost()), m.clientPort()), m.diskId());
        }
        return hash;
    }

    /** Of a list's content. */
    static long hash(List<Acl> acl) {
        long hash = mix(SEED, acl.size());
        for (Acl entry : acl) {
            hash = mix(hash, entry.perms());
            hash = text(text(hash, entry.who().scheme()), entry.who().id());
        }
        return hash;
    }

    /** Of a path, to be computed once for each change. */
    static long hash(String path) {
        return text(SEED, path);
    }

    private static long text(long seed, String text) {
        return mix(text(mix(seed, text.length()), text, text.length()), 0);
    }

    private static long text(long begun, String text, int length) {
        long hash = begun;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ text.charAt(i)) * TEXT_PRIME;
        }
        return hash;
    }

    /** The {@link #hash(String)} of a path of this length that begins so, as far as {@link #endHash} can take it up. */
    static long beginHash(int length, String beginning) {
        return text(mix(SEED, length), beginning, beginning.length());
    }

    /** The {@link #hash(String)} of a path that was begun and ends so, in ASCII. */
    static long endHash(long begun, byte[] ending) {
        long hash = begun;
        for (byte c : ending) {
            hash = (hash ^ c) * TEXT_PRIME;
        }
        return mix(hash, 0);
    }

    private static long bytes(long seed, byte[] bytes) {
        long hash = mix(seed, bytes.length);
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.remaining() >= Long.BYTES) {
            hash = mix(hash, rest.getLong());
        }
        long tail = 0;
        while (rest.hasRemaining()) {
            tail = (tail << Byte.SIZE) | (rest.get() & 0xff);
        }
        return mix(hash, tail);
    }

    /** The finalizer of a splitting generator: every bit of both inputs reaches every bit of the result. */
    private static long mix(long hash, long value) {
        long z = ((hash + 0x9E3779B97F4A7C15L) * 0xD1342543DE82EF95L) ^ value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
