package io.troupe.overview;

import io.troupe.env.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last elections as this node saw them: why each began, who voted for whom, and how it ended. Its memory is bounded: the oldest
 * elections are forgotten, and of one with very many votes the latest are left out. Thread-safe; one actor writes, anybody reads.
 */
public final class ElectionRecord {
    /** So many elections are remembered. */
    public static final int MOST_ELECTIONS = 20;

    /** So many votes of each. */
    public static final int MOST_VOTES = 64;

    /**
     * A vote that differs from what its voter said before in this election.
     *
     * @param atMillis when it was cast or arrived here, milliseconds since 1970 by this node's clock
     * @param voter whose it is
     * @param candidate the node that it is for
     * @param epoch the candidate's current epoch; 0 where the voter already has a leader
     * @param zxid the last in the candidate's log; 0 where the voter already has a leader
     * @param round the voter's count of rounds
     * @param settled whether the voter does not look any more, but follows {@code candidate} or is it
     */
    public record Vote(long atMillis, int voter, int candidate, long epoch, long zxid, long round, boolean settled) {
        private boolean repeats(@Nullable Vote earlier) {
            return earlier != null
                    && new Vote(earlier.atMillis, voter, candidate, epoch, zxid, round, settled).equals(earlier);
        }
    }

    /**
     * How an election ended.
     *
     * @param atMillis when, milliseconds since 1970
     * @param leader whom it found
     * @param reason why it was over
     */
    public record End(long atMillis, int leader, String reason) {}

    /**
     * What came of the leader that an election had found.
     *
     * @param atMillis when this node led, or followed, as a part of the ensemble, milliseconds since 1970
     */
    public record Established(long atMillis, int leader, long epoch) {}

    /**
     * One election.
     *
     * @param number of the elections of this process, from 1
     * @param beganMillis when this node began to look, milliseconds since 1970
     * @param cause why it did
     * @param votes in the order in which they were cast or arrived
     * @param votesLeftOut how many more there were
     * @param end null while it goes on, or where another began before
     * @param established null until then, or where nothing came of it
     */
    public record Election(
            long number,
            long beganMillis,
            String cause,
            List<Vote> votes,
            int votesLeftOut,
            @Nullable End end,
            @Nullable Established established) {}

    /** An election that may go on. */
    private static final class Entry {
        private final long number;
        private final long beganMillis;
        private final String cause;
        private final List<Vote> votes = new ArrayList<>();
        private final Map<Integer, Vote> latest = new HashMap<>();
        private int leftOut;
        private @Nullable End end;
        private @Nullable Established established;

        Entry(long number, long beganMillis, String cause) {
            this.number = number;
            this.beganMillis = beganMillis;
            this.cause = cause;
        }

        Election picture() {
            return new Election(number, beganMillis, cause, List.copyOf(votes), leftOut, end, established);
        }
    }

    private final Clock clock;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long begun;
    private long changes;

    /** An empty one that takes the time of day from {@code clock}. */
    public ElectionRecord(Clock clock) {
        this.clock = clock;
    }

    /** This node looks for a leader from now on. */
    public synchronized void began(String cause) {
        if (entries.size() == MOST_ELECTIONS) {
            entries.removeFirst();
        }
        entries.addLast(new Entry(++begun, clock.wallMillis(), cause));
        changes++;
    }

    /** A vote was cast here or has arrived; see {@link Vote}. Repetitions, and votes after the end, are not kept. */
    public synchronized void vote(int voter, int candidate, long epoch, long zxid, long round, boolean settled) {
        Entry now = entries.peekLast();
        if (now == null || now.end != null) {
            return;
        }
        Vote vote = new Vote(clock.wallMillis(), voter, candidate, epoch, zxid, round, settled);
        if (vote.repeats(now.latest.get(voter))) {
            return;
        }
        now.latest.put(voter, vote);
        if (now.votes.size() < MOST_VOTES) {
            now.votes.add(vote);
        } else {
            now.leftOut++;
        }
        changes++;
    }

    /** The election is over. */
    public synchronized void ended(int leader, String reason) {
        Entry now = entries.peekLast();
        if (now != null && now.end == null) {
            now.end = new End(clock.wallMillis(), leader, reason);
            changes++;
        }
    }

    /** The node leads, or follows a leader, as a part of the ensemble. */
    public synchronized void established(int leader, long epoch) {
        Entry now = entries.peekLast();
        if (now != null && now.end != null && now.established == null) {
            now.established = new Established(clock.wallMillis(), leader, epoch);
            changes++;
        }
    }

    /** The latest first. */
    public synchronized List<Election> latestFirst() {
        List<Election> pictures = new ArrayList<>();
        entries.descendingIterator().forEachRemaining(entry -> pictures.add(entry.picture()));
        return pictures;
    }

    /** Grows with everything that is noted: whoever knows this number knows whether there is something new. */
    public synchronized long changes() {
        return changes;
    }
}
