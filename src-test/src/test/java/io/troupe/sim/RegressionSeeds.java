package io.troupe.sim;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Seeds that found a bug, and the bug. A change of the protocol changes what a seed does, so a seed here is no proof that
 * its bug stays away (the named scenarios are); but it costs little to run.
 */
final class RegressionSeeds {
    static final SortedMap<Long, String> SEEDS = new TreeMap<>(Map.ofEntries(
            Map.entry(3L, "a read parked behind a sync saw its session's own later write"),
            Map.entry(9L, "a sync waited for ever after all who were asked to confirm it had lost their connections"),
            Map.entry(233L, "a node that was away when an observer got a vote, and then led, never found the leader"),
            Map.entry(
                    624L,
                    "a node whose only snapshot was damaged, and the log behind it purged, ended instead of taking the leader's"),
            Map.entry(119L, "a write refused for lack of room was answered ahead of a read that waited for a leader"),
            Map.entry(
                    64L,
                    "a change of members that stood behind another in the log was forgotten when the first committed"),
            Map.entry(
                    1129L,
                    "a voter that did not know of the latest list needed the vote of a node that no longer gave one"),
            Map.entry(557L, "a node whose list was outdated, and that was listed no more, heard of no later list"),
            Map.entry(783L, "a session whose expiry fell on the end of an epoch lived on for another timeout"),
            Map.entry(797L, "as 783"),
            Map.entry(
                    516L,
                    "a leader under an incarnation that its history takes for outdated did nothing it was asked")));

    /** The same of runs with applications, {@code --recipes}. */
    static final SortedMap<Long, String> OF_RECIPES = new TreeMap<>(Map.of(
            34L,
            "an element of a queue was given back twice, because the first answer was lost, and the second took it from its next taker",
            4025L,
            "a leader started anew wanted a voter to take a snapshot that it could not make without that voter",
            10_989L,
            "who was late to leave a double barrier closed it behind those who had come since"));

    private RegressionSeeds() {}
}
