package io.troupe.nemesis;

import io.troupe.model.History;
import io.troupe.model.LinearizabilityChecker;
import io.troupe.model.RegisterOperation;
import io.troupe.model.RegisterOperation.Kind;
import io.troupe.model.SessionOrderChecker;
import io.troupe.nemesis.Creation.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Holds what the clients of one window did and saw against the final state, and counts each contradiction under the word
 * that an operator would use for it. {@link LinearizabilityChecker} and {@link SessionOrderChecker} then judge the same
 * history as a whole: what they alone find is counted as well.
 */
final class HistoryAudit {
    private final History history;
    private final List<Creation> creations;
    private final FinalState finalState;
    private final Verdict verdict = new Verdict();

    private HistoryAudit(History history, List<Creation> creations, FinalState finalState) {
        this.history = history;
        this.creations = List.copyOf(creations);
        this.finalState = finalState;
    }

    /**
     * Judges a complete window.
     *
     * @param history what was done to registers, each session's in the order of its ends
     * @param creations of sequential nodes, all below one parent of which nothing was deleted
     * @param finalState read by a client that synced after all of them had ended
     */
    static Verdict of(History history, List<Creation> creations, FinalState finalState) {
        var audit = new HistoryAudit(history, creations, finalState);
        audit.count();
        history.byPath().forEach(audit::auditRegister);
        history.bySession().forEach(audit::auditSession);
        audit.auditCreations();
        audit.auditOrderOfCreations();
        if (audit.verdict.isClean()) {
            LinearizabilityChecker.contradiction(history).ifPresent(audit.verdict::other);
            SessionOrderChecker.contradiction(history).ifPresent(audit.verdict::other);
        }
        return audit.verdict;
    }

    private void count() {
        var writes = history.operations().stream()
                .filter(each -> each.kind() == Kind.WRITE)
                .count();
        var maybe = history.operations().stream()
                .filter(each -> each.kind() == Kind.MAYBE_WRITE)
                .count();
        var created = with(Outcome.ACKNOWLEDGED);
        var maybeCreated = with(Outcome.UNKNOWN);
        verdict.operations(
                history.operations().size() - maybe + creations.size() - maybeCreated,
                writes + created,
                maybe + maybeCreated);
    }

    private long with(Outcome outcome) {
        return creations.stream().filter(each -> each.outcome() == outcome).count();
    }

    private void auditRegister(String path, List<RegisterOperation> operations) {
        var last = finalState.registers().get(path);
        if (last == null) {
            verdict.lost(path + " is gone");
            return;
        }
        Map<Integer, String> valueOfVersion = new HashMap<>();
        Map<String, Integer> versionOfValue = new HashMap<>();
        valueOfVersion.put(last.version(), last.value());
        versionOfValue.put(last.value(), last.version());
        for (var each : operations) {
            if (each.version() < 0 || each.value() == null) {
                continue;
            }
            var other = versionOfValue.putIfAbsent(each.value(), each.version());
            if (other != null && other != each.version()) {
                verdict.duplicated(each + " is version " + other + " too");
            }
            var value = valueOfVersion.putIfAbsent(each.version(), each.value());
            if (value != null && !value.equals(each.value())) {
                verdict.lost(each + ", but that version holds '" + value + "'");
            } else if (each.version() > last.version()) {
                verdict.lost(each + ", but finally there is only version " + last.version());
            }
        }
        auditRefused(operations, versionOfValue);
        auditSyncedReads(operations);
    }

    private void auditRefused(List<RegisterOperation> operations, Map<String, Integer> versionOfValue) {
        for (var each : operations) {
            if (each.kind() == Kind.REFUSED_WRITE && versionOfValue.containsKey(String.valueOf(each.value()))) {
                verdict.other("refused, yet executed: " + each);
            }
        }
    }

    /** A read after sync shows no less than what anybody had seen or done before the sync began. */
    private void auditSyncedReads(List<RegisterOperation> operations) {
        var byEnd = operations.stream()
                .filter(each -> each.version() >= 0)
                .sorted(Comparator.comparingLong(RegisterOperation::ended))
                .toList();
        var synced = operations.stream()
                .filter(each -> each.kind() == Kind.SYNC_READ)
                .sorted(Comparator.comparingLong(RegisterOperation::invoked))
                .toList();
        var next = 0;
        var known = -1;
        for (var each : synced) {
            for (; next < byEnd.size() && byEnd.get(next).ended() < each.invoked(); next++) {
                known = Math.max(known, byEnd.get(next).version());
            }
            if (each.version() < known) {
                verdict.staleAfterSync(each + ", though version " + known + " was known before");
            }
        }
    }

    private void auditSession(long session, List<RegisterOperation> operations) {
        Map<String, RegisterOperation> seen = new HashMap<>();
        for (var each : operations) {
            if (each.version() < 0) {
                continue;
            }
            var before = seen.get(each.path());
            if (before != null && before.version() > each.version()) {
                verdict.behindOwnSession("session " + session + ": " + before + " then " + each);
            } else {
                seen.put(each.path(), each);
            }
        }
    }

    private void auditCreations() {
        Map<String, Creation> byValue = new HashMap<>();
        for (var each : creations) {
            if (byValue.put(each.value(), each) != null) {
                throw new IllegalArgumentException("a value was written twice: " + each);
            }
            if (each.path() != null && !each.value().equals(finalState.nodes().get(each.path()))) {
                verdict.lost(each + ", but there is " + finalState.nodes().getOrDefault(each.path(), "nothing"));
            }
        }
        Map<String, String> pathOfValue = new HashMap<>();
        finalState.nodes().forEach((path, value) -> {
            var first = pathOfValue.put(value, path);
            if (first != null) {
                verdict.duplicated("'" + value + "' at " + first + " and " + path);
            }
            var creation = byValue.get(value);
            if (creation == null) {
                verdict.other("nobody's: '" + value + "' at " + path);
            } else if (creation.outcome() == Outcome.REFUSED) {
                verdict.other("refused, yet executed: " + creation + " at " + path);
            }
        });
    }

    /** Numbers have no gaps, and a creation that began after another had ended has the larger one. */
    private void auditOrderOfCreations() {
        var numbers = new HashSet<Integer>();
        finalState.nodes().keySet().forEach(path -> numbers.add(Creation.number(path)));
        for (var number = 0; number < numbers.size(); number++) {
            if (!numbers.contains(number)) {
                verdict.other("there is no number " + number + " among " + numbers.size() + " sequential nodes");
                break;
            }
        }
        var acknowledged = new ArrayList<>(creations);
        acknowledged.removeIf(each -> each.outcome() != Outcome.ACKNOWLEDGED);
        var byEnd = new ArrayList<>(acknowledged);
        byEnd.sort(Comparator.comparingLong(Creation::ended));
        acknowledged.sort(Comparator.comparingLong(Creation::invoked));
        var next = 0;
        var highest = -1;
        for (var each : acknowledged) {
            for (; next < byEnd.size() && byEnd.get(next).ended() < each.invoked(); next++) {
                highest = Math.max(highest, byEnd.get(next).number());
            }
            if (each.number() <= highest) {
                verdict.other("out of order: " + each + ", though number " + highest + " was given before");
            }
        }
    }
}
