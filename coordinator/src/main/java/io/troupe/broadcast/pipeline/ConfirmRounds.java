package io.troupe.broadcast.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rounds in which a leader makes sure that it still leads, for the {@code sync} command: a question counts only for a round
 * that began after it arrived, so that no answer given before can vouch for it (anchors S20, S21).
 *
 * @param <Q> what identifies a question
 */
public final class ConfirmRounds<Q> {
    private final List<Q> waiting = new ArrayList<>();
    private final List<Q> inRound = new ArrayList<>();
    private final Map<Integer, Long> confirmed = new HashMap<>();
    private long round;

    /** A question arrived; true when a round should begin for it now. */
    public boolean ask(Q question) {
        waiting.add(question);
        return inRound.isEmpty();
    }

    /** Begins a round for every question that waits; returns its number. */
    public long begin() {
        inRound.addAll(waiting);
        waiting.clear();
        confirmed.clear();
        return ++round;
    }

    /** A follower confirmed; stale confirmations are ignored. */
    public void confirm(long ofRound, int nodeId, long diskId) {
        if (ofRound == round && !inRound.isEmpty()) {
            confirmed.put(nodeId, diskId);
        }
    }

    /** Who confirmed in the round under way. */
    public Map<Integer, Long> confirmed() {
        return Map.copyOf(confirmed);
    }

    public boolean underWay() {
        return !inRound.isEmpty();
    }

    /** Ends the round: a quorum has confirmed. Returns the questions it answers. */
    public List<Q> end() {
        List<Q> answered = List.copyOf(inRound);
        inRound.clear();
        return answered;
    }

    /** Whether questions wait for the next round. */
    public boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Questions without an answer. */
    public int pending() {
        return waiting.size() + inRound.size();
    }

    /** Number of the round under way, or of the last one. */
    public long round() {
        return round;
    }
}
