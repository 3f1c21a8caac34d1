package io.troupe.conformance;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Where Troupe's answers to operators differ from ZooKeeper's on purpose, and why. Keys that are missing or added are listed
 * below, and {@link StatusWordsTest} finds any other. Some values mean something else under the same key:
 *
 * <ul>
 *   <li>mntr {@code proposal_count}, {@code commit_count}, {@code learner_*_received_count} count requests, but the sizes of
 *       proposals (srvr, stat, mntr) and all latencies between proposal and execution are those of batches: requests travel
 *       together.
 *   <li>mntr keys whose cause Troupe does not have stay 0; the client port keeps them in one table with the reason of each.
 *   <li>mntr {@code pending_syncs} counts {@code sync} commands that wait for the round which confirms the leader.
 *   <li>mntr {@code revalidate_count} counts re-attached sessions on every node, because each executes the re-attachment.
 *   <li>mntr {@code quota_*_per_namespace} adds up all quotas of a namespace.
 *   <li>mntr {@code *_read_per_namespace} and {@code *_write_per_namespace} tell the first 512 namespaces apart.
 *   <li>conf {@code electionPort} is the peer port plus one: nothing listens there, but readers of the membership insist on
 *       two ports. {@code dataDir} and {@code dataLogDir} are one directory without a version's subdirectory. {@code serverId}
 *       of a standalone server is its id. {@code initLimit} and {@code syncLimit} are our deadlines in ticks.
 *   <li>cons {@code lresp} is the time of day, where ZooKeeper shows a clock without a beginning; {@code lop} of a client that
 *       has taken up its session and asked for nothing is NA and not null; {@code queued} does not count what is answered.
 *   <li>dump groups connections by the second in which they would be closed.
 *   <li>hash has digests of its own kind, to be compared between Troupe's nodes only.
 * </ul>
 */
final class IntendedDifferences {
    /** What differs. */
    enum Of {
        /** ZooKeeper's mntr has a key that ours lacks. */
        KEYS_MISSING,
        /** Our mntr has a key that ZooKeeper's lacks. */
        KEYS_ADDED
    }

    /**
     * One of them.
     *
     * @param pattern of the keys, learners and namespaces masked
     */
    record Difference(Of of, Pattern pattern, String reason) {
        Difference(Of of, String pattern, String reason) {
            this(of, Pattern.compile(pattern), reason);
        }

        private boolean explains(String name) {
            return pattern.matcher(name).matches();
        }
    }

    private static final List<Difference> ALL = List.of(
            new Difference(
                    Of.KEYS_ADDED,
                    "zk_([a-z0-9]+_)?troupe_\\w+",
                    "Our own: position and digest of the tree, which show whether nodes agree, proposals in flight, times of the phases."),
            new Difference(
                    Of.KEYS_ADDED,
                    "zk_[a-z0-9]+_ID_ack_latency",
                    "ZooKeeper documents it and does not show it in this setting; it tells a slow follower from a quick one."));

    private IntendedDifferences() {}

    /** Those that no difference listed here explains. */
    static Set<String> unexplained(Set<String> found, Of of) {
        Set<String> left = new TreeSet<>(found);
        left.removeIf(name -> ALL.stream().anyMatch(d -> d.of() == of && d.explains(name)));
        return left;
    }

    /** Those listed that explain nothing of what a leader shows, and so are none any more. */
    static List<Difference> outdated(Collection<String> foundAtLeader, Of of) {
        return ALL.stream()
                .filter(d -> d.of() == of && foundAtLeader.stream().noneMatch(d::explains))
                .toList();
    }
}
