package io.troupe.request;

import io.troupe.ensemble.Voter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a replicated request asks for. Operations are executed in zxid order by every node against exactly the state
 * that precedes them (architecture section 3). Data arrays are never changed after construction.
 */
public sealed interface Operation {

    /** Operations allowed inside {@link Multi}. */
    sealed interface Sub extends Operation {}

    /**
     * @param withStat whether the client used an opcode whose reply carries a Stat (create2, createContainer, createTTL)
     * @param ttlMillis time to live of TTL modes, else -1
     */
    record Create(String path, byte @Nullable [] data, List<Acl> acl, CreateMode mode, boolean withStat, long ttlMillis)
            implements Sub {
        /** Spelled out, because Java 17 loses what annotates the parameters of the short form. */
        public Create(
                String path, byte @Nullable [] data, List<Acl> acl, CreateMode mode, boolean withStat, long ttlMillis) {
            this.path = Objects.requireNonNull(path);
            this.data = data;
            this.acl = List.copyOf(acl);
            this.mode = mode;
            this.withStat = withStat;
            this.ttlMillis = ttlMillis;
        }
    }

    /** Version -1 matches any. */
    record Delete(String path, int version) implements Sub {}

    /** Version -1 matches any. */
    record SetData(String path, byte @Nullable [] data, int version) implements Sub {}

    /** Only inside a multi. */
    record Check(String path, int version) implements Sub {}

    /** An error the edge already found in a sub-operation; it travels so that the multi fails in its place. */
    record Refused(ErrorCode error) implements Sub {}

    /** All or nothing, in one zxid (contract 2.9). */
    record Multi(List<Sub> ops) implements Operation {
        public Multi {
            ops = List.copyOf(ops);
        }
    }

    record SetAcl(String path, List<Acl> acl, int version) implements Operation {
        public SetAcl {
            acl = List.copyOf(acl);
        }
    }

    /**
     * Opens the session named in the request; refused when that id is taken.
     *
     * @param token tells the origin node which of its connections waits for the result
     */
    record CreateSession(long token, int timeoutMillis) implements Operation {}

    /** Moves the session named in the request to the connection behind {@code token} at the origin node. */
    record AttachSession(long token, int timeoutMillis) implements Operation {}

    /**
     * Ends the session named in the request with all its ephemerals.
     *
     * @param expiredAttach 0 when the client asks itself; else the leader found this lease silent, and the close is
     *     void when the session has been attached anew since
     * @param epoch the epoch whose leader decided an expiry: void in any other, because a new leader grants every
     *     session a full timeout
     */
    record CloseSession(long expiredAttach, long epoch) implements Operation {}

    /**
     * The leader reaps a container or a TTL node it saw abandoned; decided anew when executed.
     *
     * @param neverUsedMillis how long after its last change a container that never had a child is abandoned; 0 for never
     */
    record Reap(String path, long epoch, long neverUsedMillis) implements Operation {}

    /** Replaces the voters. Fully checked before it is proposed, so it cannot fail (architecture section 3). */
    record ChangeVoters(List<Voter> voters) implements Operation {
        public ChangeVoters {
            voters = List.copyOf(voters);
        }
    }
}
