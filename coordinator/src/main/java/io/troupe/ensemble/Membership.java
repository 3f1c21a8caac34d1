package io.troupe.ensemble;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to the ensemble and who of them votes: the configuration in force, and during a change also the one that
 * replaces it (architecture section 3, reconfiguration is a barrier). While {@link #next} is present every quorum must be one
 * of both.
 *
 * @param ensembleId drawn when the ensemble was founded; nodes of another ensemble are refused
 * @param version the zxid that installed {@link #members}; 0 for the founding list
 * @param members the configuration in force, ascending by node id; at least one of them votes
 * @param next the configuration proposed to replace it, from the append of the change to its commit
 */
public record Membership(
        String ensembleId,
        long version,
        List<Member> members,
        @Nullable List<Member> next) {
    public Membership {
        members = sorted(members);
        if (members.stream().noneMatch(Member::voter)) {
            throw new IllegalArgumentException("an ensemble needs at least one voter");
        }
        next = next == null ? null : sorted(next);
    }

    private static List<Member> sorted(List<Member> list) {
        List<Member> copy = new ArrayList<>(list);
        copy.sort(Comparator.comparingInt(Member::nodeId));
        Set<Integer> ids = new HashSet<>();
        for (Member v : copy) {
            if (!ids.add(v.nodeId())) {
                throw new IllegalArgumentException("node id " + v.nodeId() + " is listed twice");
            }
        }
        return List.copyOf(copy);
    }

    /** A lone voter: no peers, no elections. */
    public boolean standalone() {
        return members.size() == 1 && next == null;
    }

    /** Those of the configuration in force that count for its quorums. */
    public List<Member> voters() {
        return members.stream().filter(Member::voter).toList();
    }

    /** The member with this id, of the configuration in force or, failing that, of the next one. */
    public Optional<Member> member(int nodeId) {
        Member found = find(members, nodeId);
        return Optional.ofNullable(found == null && next != null ? find(next, nodeId) : found);
    }

    private static @Nullable Member find(List<Member> list, int nodeId) {
        for (Member m : list) {
            if (m.nodeId() == nodeId) {
                return m;
            }
        }
        return null;
    }

    /** Members of either configuration; of two entries for one id the one in force. */
    public List<Member> allMembers() {
        return next == null ? members : union(m -> true);
    }

    /** Those who vote in either configuration; of two entries for one id the one in force. */
    public List<Member> allVoters() {
        return union(Member::voter);
    }

    private List<Member> union(Predicate<Member> condition) {
        if (next == null) {
            return members.stream().filter(condition).toList();
        }
        Map<Integer, Member> all = new TreeMap<>();
        next.stream().filter(condition).forEach(m -> all.put(m.nodeId(), m));
        members.stream().filter(condition).forEach(m -> all.put(m.nodeId(), m));
        return List.copyOf(all.values());
    }

    /** Whether a node counts at all: it votes in either configuration, with this disk. */
    public boolean counts(int nodeId, long diskId) {
        return contains(members, nodeId, diskId) || (next != null && contains(next, nodeId, diskId));
    }

    private static boolean contains(List<Member> list, int nodeId, long diskId) {
        Member found = find(list, nodeId);
        return found != null && found.voter() && found.diskId() == diskId;
    }

    /**
     * Whether the nodes for which {@code disks} holds an entry (node id to disk id) are a majority of the voters of the
     * configuration in force and, during a change, of the next one too.
     */
    public boolean isQuorum(Map<Integer, Long> disks) {
        return majority(members, disks) && (next == null || majority(next, disks));
    }

    /** Whether the nodes for which {@code disks} holds an entry are a majority of the voters in {@code list}. */
    public static boolean majority(List<Member> list, Map<Integer, Long> disks) {
        int voters = 0;
        int present = 0;
        for (Member m : list) {
            if (m.voter()) {
                voters++;
                Long disk = disks.get(m.nodeId());
                present += disk != null && disk == m.diskId() ? 1 : 0;
            }
        }
        return present > voters / 2;
    }

    /** This membership while {@code replacement} is proposed. */
    public Membership proposing(List<Member> replacement) {
        return new Membership(ensembleId, version, members, replacement);
    }

    /** The membership once the change logged at {@code zxid} has committed. */
    public Membership committed(List<Member> replacement, long zxid) {
        return new Membership(ensembleId, zxid, replacement, null);
    }

    /** The text of {@code /zookeeper/config} (contract 2.3, 6.5). */
    public String toConfigText() {
        StringBuilder text = new StringBuilder();
        members.forEach(m -> text.append(m.toConfigLine()).append('\n'));
        return text.append("version=").append(Long.toHexString(version)).toString();
    }
}
