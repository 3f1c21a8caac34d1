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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a client's wish for other members comes to (contract 2.10), decided by the leader alone, on a tree that has executed
 * all it ever proposed. What comes of it is proposed in the wish's place and cannot fail any more (architecture section 3).
 */
public final class Reconfiguration {
    private static final int ANY_VERSION = -1;

    private Reconfiguration() {}

    /**
     * Decides.
     *
     * @param synced disks of the nodes that have the leader's history, by node id
     * @param standaloneEnabled see {@link io.troupe.tree.TreeSettings}
     * @param problem told, for people, why a wish is no sound list of members: the answer to the client has room for a code alone
     * @return {@link Operation.ChangeMembers}, or {@link Operation.Refused} with the first error in the contract's order
     */
    public static Operation resolve(
            DataTree tree,
            Request request,
            Map<Integer, Long> synced,
            boolean standaloneEnabled,
            Consumer<String> problem) {
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
        Optional<String> unsound = problem(wish, members, standaloneEnabled);
        if (unsound.isPresent()) {
            problem.accept(unsound.get());
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

    /** Why a wish is no sound list of members; empty where it is one. */
    private static Optional<String> problem(
            Operation.Reconfigure wish, List<Member> members, boolean standaloneEnabled) {
        if (!wish.readable()) {
            return Optional.of(
                    "it cannot be read; a member is server.N=host:port:port[:participant|:observer];[host:]clientPort,"
                            + " with ports from 1 to 65535 of which the first two differ, and one that leaves is its number");
        }
        Set<Integer> ids = new HashSet<>();
        Map<String, Integer> addresses = new HashMap<>();
        for (Member member : members) {
            int id = member.nodeId();
            if (!ids.add(id)) {
                return Optional.of("server." + id + " is there twice");
            }
            for (int port : new int[] {member.peerPort(), member.electionPort()}) {
                Integer other = addresses.put(member.host() + ":" + port, id);
                if (other != null) {
                    return Optional.of(
                            "server." + other + " and server." + id + " both have " + member.host() + ":" + port
                                    + "; each of the first two ports of a host is one server's, the second too, though nothing"
                                    + " listens there");
                }
            }
        }
        int leastVoters = standaloneEnabled ? 2 : 1;
        long voters = members.stream().filter(Member::voter).count();
        return voters >= leastVoters
                ? Optional.empty()
                : Optional.of(voters + " would vote, and " + leastVoters + " are needed at least");
    }
}
