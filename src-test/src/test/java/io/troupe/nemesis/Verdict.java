package io.troupe.nemesis;

import java.util.ArrayList;
import java.util.List;

/**
 * What an audit counted. Not thread safe.
 *
 * @see HistoryAudit
 */
final class Verdict {
    private static final int KEPT = 100;

    private long operations;
    private long acknowledged;
    private long unknown;
    private long lost;
    private long duplicated;
    private long staleAfterSync;
    private long behindOwnSession;
    private long others;
    private final List<String> findings = new ArrayList<>();

    void operations(long ended, long writesAcknowledged, long outcomesUnknown) {
        operations += ended;
        acknowledged += writesAcknowledged;
        unknown += outcomesUnknown;
    }

    void lost(String what) {
        lost++;
        found("lost: " + what);
    }

    void duplicated(String what) {
        duplicated++;
        found("duplicated: " + what);
    }

    void staleAfterSync(String what) {
        staleAfterSync++;
        found("stale after sync: " + what);
    }

    void behindOwnSession(String what) {
        behindOwnSession++;
        found("behind its own session: " + what);
    }

    /** Anything else that a correct ensemble does not do. */
    void other(String what) {
        others++;
        found(what);
    }

    private void found(String what) {
        if (findings.size() < KEPT) {
            findings.add(what);
        }
    }

    /** Adds the counts of another audit. */
    void add(Verdict more) {
        operations += more.operations;
        acknowledged += more.acknowledged;
        unknown += more.unknown;
        addContradictions(more);
    }

    /** Adds what another audit of operations that are counted already has found. */
    void addContradictions(Verdict more) {
        lost += more.lost;
        duplicated += more.duplicated;
        staleAfterSync += more.staleAfterSync;
        behindOwnSession += more.behindOwnSession;
        others += more.others;
        more.findings.forEach(this::found);
    }

    boolean isClean() {
        return lost + duplicated + staleAfterSync + behindOwnSession + others == 0;
    }

    /** The first hundred of what was found, in words. */
    List<String> findings() {
        return List.copyOf(findings);
    }

    /** One line for each count. */
    String text() {
        return """
                operations with an answer              %,12d
                writes acknowledged                    %,12d
                operations whose outcome is unknown    %,12d
                lost                                   %,12d
                duplicated                             %,12d
                stale after sync                       %,12d
                plain reads behind their own session   %,12d
                other contradictions                   %,12d
                """.formatted(
                        operations, acknowledged, unknown, lost, duplicated, staleAfterSync, behindOwnSession, others);
    }
}
