package io.troupe.node;

import io.troupe.env.Disk;
import io.troupe.env.TextFile;
import io.troupe.log.segment.TransactionLog;
import io.troupe.node.ExitReason.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node gives up what its disk holds of the history, and takes it from the leader anew (decision 022). It is ordered while the
 * node runs and carried out by its next start, before anything is read; what was given up stays beside, with a suffix. The
 * promises stay; the disk counts as another one, so that nobody takes the node for the one that had acknowledged what it gave up.
 */
final class Reseeding {
    private static final Logger LOG = LoggerFactory.getLogger(Reseeding.class);
    private static final String ASIDE = ".damaged";
    private static final Duration WINDOW = Duration.ofHours(1);

    /** So often in an hour, at most: a node that needs it more often has a defect that a copy does not heal. */
    private static final int MOST_IN_WINDOW = 2;

    private final Disk disk;
    private final TextFile order;
    private final TextFile history;

    Reseeding(Disk disk) {
        this.disk = disk;
        this.order = new TextFile(disk, "reseed.order");
        this.history = new TextFile(disk, "reseed.history");
    }

    /** As {@link #carryOut}; why the node must not start, when it must not. */
    static Optional<ExitReason> beforeStart(NodeEnvironment env) {
        try {
            return new Reseeding(env.disk())
                    .carryOut(env.clock().wallMillis())
                    .map(refusal -> new ExitReason(Kind.DIVERGED, refusal));
        } catch (IOException e) {
            return Optional.of(NodeRunner.reasonOf(e, "setting a distrusted history aside"));
        }
    }

    /** As {@link #order(long, String)}; why the node must end, when it cannot be written down. */
    static Optional<ExitReason> order(NodeEnvironment env, String cause) {
        try {
            new Reseeding(env.disk()).order(env.clock().wallMillis(), cause);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(new ExitReason(Kind.DISK_FAILED, cause + "; writing that down failed: " + e));
        }
    }

    /** Has the next start carry it out; durable on return. An order that stands already stays as it is. */
    void order(long wallMillis, String cause) throws IOException {
        if (order.read().isEmpty()) {
            order.write(wallMillis + " " + cause.replace('\n', ' '));
        }
    }

    /**
     * Carries out what was ordered, if anything; before the log is opened.
     *
     * @return why it must not be, when it has not helped of late; the order stands until an hour has passed
     */
    Optional<String> carryOut(long wallMillis) throws IOException {
        Optional<String> ordered = order.read();
        if (ordered.isEmpty()) {
            return Optional.empty();
        }
        String entry = ordered.get();
        List<String> recent = recent(wallMillis);
        if (!recent.contains(entry)) {
            if (recent.size() >= MOST_IN_WINDOW) {
                return Optional.of("the node had to take its state from the leader anew " + recent.size()
                        + " times within an hour and would have to again: " + causeIn(entry)
                        + ". Check this machine's memory and disk; started again after "
                        + Instant.ofEpochMilli(timeIn(recent.get(0)) + WINDOW.toMillis())
                        + ", or without the file reseed.history in its data directory, it tries once more");
            }
            recent.add(entry);
        }
        TransactionLog.reportDamage(disk, causeIn(entry));
        List<String> aside = setAside();
        history.write(String.join("\n", recent));
        order.delete();
        LOG.error(
                "This node gives up its copy of the history and takes it from the leader anew: {}. Set aside with the suffix"
                        + " {}: {}",
                causeIn(entry),
                ASIDE,
                aside);
        return Optional.empty();
    }

    private List<String> recent(long wallMillis) throws IOException {
        List<String> recent = new ArrayList<>();
        history.read()
                .ifPresent(text -> text.lines()
                        .filter(line -> Math.abs(wallMillis - timeIn(line)) < WINDOW.toMillis())
                        .forEach(recent::add));
        return recent;
    }

    private static long timeIn(String entry) {
        return Long.parseLong(entry.substring(0, entry.indexOf(' ')));
    }

    private static String causeIn(String entry) {
        return entry.substring(entry.indexOf(' ') + 1);
    }

    private List<String> setAside() throws IOException {
        List<String> aside = new ArrayList<>();
        for (String name : disk.list()) {
            if (name.matches("(log|snapshot)-[0-9a-f]{16}|import-[0-9a-f-]{33}")) {
                disk.rename(name, name + ASIDE);
                aside.add(name);
            } else if (name.startsWith("pull-")) {
                disk.delete(name);
            }
        }
        disk.syncDirectory();
        return aside;
    }
}
