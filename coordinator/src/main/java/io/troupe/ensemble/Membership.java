package io.troupe.ensemble;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who votes: the configuration in force, and during a change also the one that replaces it (architecture section 3,
 * reconfiguration is a barrier). While {@link #next} is present every quorum must be one of both.
 *
 * @param ensembleId drawn when the ensemble was founded; nodes of another ensemble are refused
 * @param version the zxid that installed {@link #voters}; 0 for the founding list
 * @param voters the configuration in force, ascending by node id
 * @param next the configuration proposed to replace it, from the append of the change to its commit
 */
public record Membership(
        String ensembleId,
        long version,
        List<Voter> voters,
        @Nullable List<Voter> next) {
    public Membership {
        voters = sorted(voters);
        if (voters.isEmpty()) {
            throw new IllegalArgumentException("an ensemble needs at least one voter");
        }
        next = next == null ? null : sorted(next);
    }

    private static List<Voter> sorted(List<Voter> list) {
        List<Voter> copy = new ArrayList<>(list);
        copy.sort(Comparator.comparingInt(Voter::nodeId));
        Set<Integer> ids = new HashSet<>();
        for (Voter v : copy) {
            if (!ids.add(v.nodeId())) {
                throw new IllegalArgumentException("node id " + v.nodeId() + " is listed twice");
            }
        }
        return List.copyOf(copy);
    }

    /** A lone voter: no peers, no elections. */
    public boolean standalone() {
        return voters.size() == 1 && next == null;
    }

    /** The voter with this id, of the configuration in force or, failing that, of the next one. */
    public Optional<Voter> voter(int nodeId) {
        return allVoters().stream().filter(v -> v.nodeId() == nodeId).findFirst();
    }

    /** Voters of either configuration; of two entries for one id the one in force. */
    public List<Voter> allVoters() {
        if (next == null) {
            return voters;
        }
        Map<Integer, Voter> all = new TreeMap<>();
        next.forEach(v -> all.put(v.nodeId(), v));
        voters.forEach(v -> all.put(v.nodeId(), v));
        return List.copyOf(all.values());
    }

    /** Whether a node counts at all: its id is listed with this disk. */
    public boolean counts(int nodeId, long diskId) {
        return contains(voters, nodeId, diskId) || (next != null && contains(next, nodeId, diskId));
    }

    private static boolean contains(List<Voter> list, int nodeId, long diskId) {
        return list.stream().anyMatch(v -> v.nodeId() == nodeId && v.diskId() == diskId);
    }

    /**
     * Whether the nodes for which {@code disks} holds an entry (node id to disk id) are a majority of the voters of the
     * configuration in force and, during a change, of the next one too.
     */
    public boolean isQuorum(Map<Integer, Long> disks) {
        return majority(voters, disks) && (next == null || majority(next, disks));
    }

    private static boolean majority(List<Voter> list, Map<Integer, Long> disks) {
        int present = 0;
        for (Voter v : list) {
            Long disk = disks.get(v.nodeId());
            if (disk != null && disk == v.diskId()) {
                present++;
            }
        }
        return present > list.size() / 2;
    }

    /** This membership while {@code replacement} is proposed. */
    public Membership proposing(List<Voter> replacement) {
        return new Membership(ensembleId, version, voters, replacement);
    }

    /** The membership once the change logged at {@code zxid} has committed. */
    public Membership committed(List<Voter> replacement, long zxid) {
        return new Membership(ensembleId, zxid, replacement, null);
    }

    /** The text of {@code /zookeeper/config} (contract 2.3, 6.5). */
    public String toConfigText() {
        StringBuilder text = new StringBuilder();
        for (Voter v : voters) {
            // Troupe has one peer port; clients that parse this text insist on an election port that differs.
            text.append("server.%d=%s:%d:%d:participant;%s:%d\n"
                    .formatted(v.nodeId(), v.host(), v.peerPort(), v.peerPort() + 1, v.clientHost(), v.clientPort()));
        }
        return text.append("version=").append(Long.toHexString(version)).toString();
    }
}
