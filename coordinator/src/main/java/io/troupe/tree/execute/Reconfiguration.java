package io.troupe.tree.execute;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.ZnodePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a client's wish for other members comes to (contract 2.10), decided by the leader alone, on a tree that has executed
 * all it ever proposed. What comes of it is proposed in the wish's place and cannot fail any more (architecture section 3).
 */
public final class Reconfiguration {
    private static final int ANY_VERSION = -1;
    private static final int HIGHEST_ID = 254;

    private Reconfiguration() {}

    /**
     * Decides.
     *
     * @param synced disks of the nodes that have the leader's history, by node id
     * @param standaloneEnabled see {@link io.troupe.tree.TreeSettings}
     * @return {@link Operation.ChangeMembers}, or {@link Operation.Refused} with the first error in the contract's order
     */
    public static Operation resolve(
            DataTree tree, Request request, Map<Integer, Long> synced, boolean standaloneEnabled) {
        if (!(request.operation() instanceof Operation.Reconfigure wish)) {
            throw new IllegalArgumentException("no reconfiguration: " + request.operation());
        }
        Execution e = new Execution(tree, new Draft(tree), request, tree.lastZxid() + 1, 0);
        ErrorCode session = e.checkSession();
        if (session != ErrorCode.OK) {
            return new Operation.Refused(session);
        }
        Membership now = tree.membership();
        if (now.standalone() && standaloneEnabled) {
            return new Operation.Refused(ErrorCode.UNIMPLEMENTED);
        }
        if (wish.version() != ANY_VERSION && wish.version() != now.version()) {
            return new Operation.Refused(ErrorCode.BAD_VERSION);
        }
        List<Member> members = withDisks(wished(wish, now), now, synced);
        if (!wish.readable() || !sound(members, standaloneEnabled ? 2 : 1)) {
            return new Operation.Refused(ErrorCode.BAD_ARGUMENTS);
        }
        if (!Membership.majority(members, synced)) {
            return new Operation.Refused(ErrorCode.NEW_CONFIG_NO_QUORUM);
        }
        ErrorCode permission = e.check(e.draft().get(ZnodePath.CONFIG), Acl.WRITE);
        return permission == ErrorCode.OK ? new Operation.ChangeMembers(members) : new Operation.Refused(permission);
    }

    private static List<Member> wished(Operation.Reconfigure wish, Membership now) {
        List<Member> all = wish.members();
        if (all != null) {
            return all;
        }
        Map<Integer, Member> members = new TreeMap<>();
        now.members().forEach(m -> members.put(m.nodeId(), m));
        wish.leaving().forEach(members::remove);
        wish.joining().forEach(m -> members.put(m.nodeId(), m));
        return new ArrayList<>(members.values());
    }

    /** A client does not know disks. One that nobody has seen yet is listed as soon as its node has caught up. */
    private static List<Member> withDisks(List<Member> members, Membership now, Map<Integer, Long> synced) {
        return members.stream()
                .map(m -> m.withDisk(now.member(m.nodeId())
                        .map(Member::diskId)
                        .orElseGet(() -> synced.getOrDefault(m.nodeId(), 0L))))
                .sorted(Comparator.comparingInt(Member::nodeId))
                .toList();
    }

    /** Whether ids and addresses are unique and enough of the members vote. */
    private static boolean sound(List<Member> members, int leastVoters) {
        Set<Integer> ids = members.stream().map(Member::nodeId).collect(Collectors.toSet());
        List<String> addresses = members.stream()
                .flatMap(m -> Stream.of(m.host() + " " + m.peerPort(), m.host() + " " + m.electionPort()))
                .toList();
        return ids.size() == members.size()
                && ids.stream().allMatch(id -> id <= HIGHEST_ID)
                && addresses.stream().distinct().count() == addresses.size()
                && members.stream().filter(Member::voter).count() >= leastVoters;
    }
}
