package io.troupe.request;

import io.troupe.ensemble.Member;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a replicated request asks for. Operations are executed in zxid order by every node against exactly the state
 * that precedes them (architecture section 3). Data arrays are never changed after construction.
 */
public sealed interface Operation {
    /** Whether a request for this travels in a section and a batch of its own: it is about the members. */
    default boolean alone() {
        return false;
    }

    /** Whether it opens, attaches or closes a session, rather than being what a client does in one. */
    default boolean ofSession() {
        return this instanceof CreateSession || this instanceof AttachSession || this instanceof CloseSession;
    }

    /** Operations allowed inside {@link Multi}. */
    sealed interface Sub extends Operation {}

    /**
     * @param acl as it is to be stored; empty for one that is invalid. The edge has seen to what the entries say, because which
     *     schemes there are is its own matter (contract 4.3)
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

    /**
     * @param acl as of {@link Create}
     */
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

    /** Replaces the members. Fully checked before it is proposed, so it cannot fail (architecture section 3). */
    record ChangeMembers(List<Member> members) implements Operation {
        public ChangeMembers {
            members = List.copyOf(members);
        }

        @Override
        public boolean alone() {
            return true;
        }
    }

    /**
     * A client asks for other members (contract 2.10). It is never executed: the leader puts in its place what it comes to,
     * {@link ChangeMembers} or {@link Refused}, under the same number.
     *
     * @param joining added, or put in the place of members with the same ids
     * @param leaving ids of those that go
     * @param members all there shall be; null where {@code joining} and {@code leaving} say what changes
     * @param version that the configuration in force must have, -1 for any
     * @param readable false where the edge could not read what the client wrote: refused, in its turn
     */
    record Reconfigure(
            List<Member> joining,
            List<Integer> leaving,
            @Nullable List<Member> members,
            long version,
            boolean readable) implements Operation {
        /** Spelled out, because Java 17 loses what annotates the parameters of the short form. */
        public Reconfigure(
                List<Member> joining,
                List<Integer> leaving,
                @Nullable List<Member> members,
                long version,
                boolean readable) {
            this.joining = List.copyOf(joining);
            this.leaving = List.copyOf(leaving);
            this.members = members == null ? null : List.copyOf(members);
            this.version = version;
            this.readable = readable;
        }

        @Override
        public boolean alone() {
            return true;
        }
    }
}
