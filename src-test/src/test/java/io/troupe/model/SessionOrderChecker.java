package io.troupe.model;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a session sees moves forward only (contract 1.8): no register ever goes back to an earlier version, be it read
 * at one node or, after a reconnect, at another, and a session's own acknowledged writes are among what it reads.
 * Acknowledged writes of all sessions take their zxids in the order of real time.
 */
public final class SessionOrderChecker {
    private SessionOrderChecker() {}

    /** The first contradiction in a history, in words; empty when there is none. */
    public static Optional<String> contradiction(History history) {
        for (List<RegisterOperation> session : history.bySession().values()) {
            Optional<String> found = goesBack(session);
            if (found.isPresent()) {
                return found;
            }
        }
        return writesOutOfOrder(history.operations());
    }

    private static Optional<String> goesBack(List<RegisterOperation> session) {
        Map<String, RegisterOperation> last = new HashMap<>();
        for (RegisterOperation each : session) {
            if (each.version() < 0) {
                continue;
            }
            RegisterOperation before = last.put(each.path(), each);
            if (before != null && before.version() > each.version()) {
                return Optional.of("a session went back: " + before + " then " + each);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> writesOutOfOrder(List<RegisterOperation> operations) {
        List<RegisterOperation> byEnd = operations.stream()
                .filter(each -> each.kind() == RegisterOperation.Kind.WRITE && each.zxid() > 0)
                .sorted(Comparator.comparingLong(RegisterOperation::ended))
                .toList();
        List<RegisterOperation> byStart = byEnd.stream()
                .sorted(Comparator.comparingLong(RegisterOperation::invoked))
                .toList();
        RegisterOperation latest = null;
        int next = 0;
        for (RegisterOperation each : byStart) {
            while (next < byEnd.size() && byEnd.get(next).ended() < each.invoked()) {
                RegisterOperation ended = byEnd.get(next++);
                latest = latest == null || ended.zxid() > latest.zxid() ? ended : latest;
            }
            if (latest != null && each.zxid() <= latest.zxid()) {
                return Optional.of("an earlier write has a later zxid: " + latest + " then " + each);
            }
        }
        return Optional.empty();
    }
}
