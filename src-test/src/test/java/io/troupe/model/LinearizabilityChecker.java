package io.troupe.model;

import io.troupe.model.RegisterOperation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides whether the writes and synced reads of a register are linearizable (Herlihy and Wing, 1990). A general
 * register needs a search for a legal order; here every answer names the version it wrote or read, versions are the
 * order, and it only remains to check that this order explains the values and respects real time.
 */
public final class LinearizabilityChecker {
    private LinearizabilityChecker() {}

    /** The first contradiction in a history, in words; empty when there is none. */
    public static Optional<String> contradiction(History history) {
        for (Map.Entry<String, List<RegisterOperation>> register :
                history.byPath().entrySet()) {
            Optional<String> found = new Register(register.getValue()).contradiction();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static final class Register {
        private final List<RegisterOperation> operations;
        private final Map<String, RegisterOperation> writers = new HashMap<>();
        private final Map<Integer, RegisterOperation> byVersion = new HashMap<>();

        private Register(List<RegisterOperation> operations) {
            this.operations = operations;
        }

        Optional<String> contradiction() {
            for (RegisterOperation each : operations) {
                if (each.kind() != Kind.READ && each.kind() != Kind.SYNC_READ && each.value() != null) {
                    RegisterOperation before = writers.put(each.value(), each);
                    if (before != null) {
                        throw new IllegalArgumentException("a value was written twice: " + each + ", " + before);
                    }
                }
            }
            return valuesAgree()
                    .or(this::readsAreExplained)
                    .or(this::realTimeIsRespected)
                    .or(this::refusalsAreExplained);
        }

        /** One version is one value set at one zxid, and one value has one version: nothing was executed twice. */
        private Optional<String> valuesAgree() {
            Map<String, RegisterOperation> byValue = new HashMap<>();
            for (RegisterOperation each : operations) {
                if (each.version() < 0 || each.value() == null) {
                    continue;
                }
                RegisterOperation sameVersion = byVersion.putIfAbsent(each.version(), each);
                if (sameVersion != null && !agree(sameVersion, each)) {
                    return Optional.of("one version, two writes: " + sameVersion + " and " + each);
                }
                RegisterOperation sameValue = byValue.putIfAbsent(each.value(), each);
                if (sameValue != null && !agree(sameValue, each)) {
                    return Optional.of("one write executed twice: " + sameValue + " and " + each);
                }
            }
            return Optional.empty();
        }

        private static boolean agree(RegisterOperation a, RegisterOperation b) {
            return a.version() == b.version()
                    && a.zxid() == b.zxid()
                    && String.valueOf(a.value()).equals(b.value());
        }

        /** What is read was written, was not refused, and was not read before it was written. */
        private Optional<String> readsAreExplained() {
            for (RegisterOperation each : operations) {
                if (each.kind() != Kind.READ && each.kind() != Kind.SYNC_READ) {
                    continue;
                }
                RegisterOperation writer = writers.get(String.valueOf(each.value()));
                if (writer == null) {
                    if (each.version() != 0) {
                        return Optional.of("nobody wrote what was read: " + each);
                    }
                } else if (writer.kind() == Kind.REFUSED_WRITE) {
                    return Optional.of("a refused write was read: " + writer + ", " + each);
                } else if (writer.invoked() > each.ended()) {
                    return Optional.of("read before it was written: " + writer + ", " + each);
                }
            }
            return Optional.empty();
        }

        /** No condition was called unmet that was met from before the request until after the answer. */
        private Optional<String> refusalsAreExplained() {
            return operations.stream()
                    .filter(each -> each.unmet() >= 0 && wasMet(each))
                    .findFirst()
                    .map(each -> "refused though its condition was met, version " + each.unmet() + ": " + each);
        }

        private boolean wasMet(RegisterOperation refused) {
            int least = -1;
            int greatest = Integer.MAX_VALUE;
            for (RegisterOperation each : operations) {
                if (each.version() >= 0 && each.ended() < refused.invoked()) {
                    least = Math.max(least, each.version());
                } else if (each.version() >= 0 && each.invoked() > refused.ended() && each.kind() != Kind.READ) {
                    greatest = Math.min(greatest, each.kind() == Kind.WRITE ? each.version() - 1 : each.version());
                }
            }
            return least == refused.unmet() && greatest == refused.unmet();
        }

        /** What ended before something else began takes effect no later. */
        private Optional<String> realTimeIsRespected() {
            List<RegisterOperation> byEnd = new ArrayList<>();
            List<RegisterOperation> byStart = new ArrayList<>();
            for (RegisterOperation each : operations) {
                if (each.version() >= 0) {
                    byEnd.add(each);
                    if (each.kind() != Kind.READ) {
                        byStart.add(each);
                    }
                }
            }
            byEnd.sort(Comparator.comparingLong(RegisterOperation::ended));
            byStart.sort(Comparator.comparingLong(RegisterOperation::invoked));
            RegisterOperation latest = null;
            int next = 0;
            for (RegisterOperation each : byStart) {
                while (next < byEnd.size() && byEnd.get(next).ended() < each.invoked()) {
                    RegisterOperation ended = byEnd.get(next++);
                    latest = latest == null || ended.version() > latest.version() ? ended : latest;
                }
                if (latest != null
                        && (each.version() < latest.version()
                                || (each.kind() == Kind.WRITE && each.version() == latest.version()))) {
                    return Optional.of("took effect before what had ended earlier: " + each + " after " + latest);
                }
            }
            return Optional.empty();
        }
    }
}
