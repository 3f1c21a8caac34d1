package io.troupe.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Who believes to hold what, in all applications together, those that stand still among them: what they would see if they looked now.
 * Nobody believes it of what somebody else holds, and who holds alone has a greater token than all before.
 */
final class LeaseBook {
    /** How something is held. */
    enum Kind {
        /** By one at a time. */
        ALONE,
        /** By any number of readers, and no writer. */
        READ,
        /** By one writer, and no reader. */
        WRITE,
        /** By {@link #PERMITS} at a time. */
        PERMIT
    }

    static final int PERMITS = 2;

    /**
     * A lease.
     *
     * @param znode that holds it
     * @param believed whether its holder would say now that he has it
     * @param ended whether he never will again
     */
    record Held(Kind kind, String holder, String znode, long token, BooleanSupplier believed, BooleanSupplier ended) {
        @Override
        public String toString() {
            return "%s (%s, token %x)".formatted(holder, znode, token);
        }
    }

    private record Greatest(long token, String znode) {
        private static final Greatest NONE = new Greatest(0, "");

        Greatest with(Held held) {
            return held.token() > token ? new Greatest(held.token(), held.znode()) : this;
        }

        boolean isPassedBy(Held held) {
            return held.token() > token
                    || (held.token() == token && held.znode().equals(znode));
        }
    }

    private final Map<String, List<Held>> held = new TreeMap<>();
    /** What two or more may believe to hold. */
    private final Set<String> contested = new TreeSet<>();

    private final Map<String, Greatest> ofAll = new TreeMap<>();
    private final Map<String, Greatest> ofAlone = new TreeMap<>();
    private long granted;

    /** How often something was granted. */
    long granted() {
        return granted;
    }

    /** Somebody has got something; what is wrong with that, if anything is. */
    Optional<String> granted(String what, Held lease) {
        granted++;
        List<Held> leases = held.computeIfAbsent(what, each -> new ArrayList<>());
        leases.removeIf(each -> each.ended().getAsBoolean());
        leases.add(lease);
        if (leases.size() > 1) {
            contested.add(what);
        } else {
            contested.remove(what);
        }
        Optional<String> disorder = lease.believed().getAsBoolean() ? token(what, lease) : Optional.empty();
        return disorder.or(() -> overlap(what));
    }

    private Optional<String> token(String what, Held lease) {
        Greatest all = ofAll.getOrDefault(what, Greatest.NONE);
        Greatest alone = ofAlone.getOrDefault(what, Greatest.NONE);
        ofAll.put(what, all.with(lease));
        if (lease.kind() == Kind.PERMIT) {
            return Optional.empty();
        } else if (lease.kind() != Kind.READ) {
            ofAlone.put(what, alone.with(lease));
        }
        Greatest before = lease.kind() == Kind.READ ? alone : all;
        return before.isPassedBy(lease)
                ? Optional.empty()
                : Optional.of("%s: the token of %s is no greater than %x, which was granted before (%s)"
                        .formatted(what, lease, before.token(), before.znode()));
    }

    /** What too many believe to hold at this instant. */
    Optional<String> overlap() {
        for (String what : contested) {
            Optional<String> found = overlap(what);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<String> overlap(String what) {
        // One who does not believe it now may do so again: a session is valid once more when a node has given it anew.
        List<Held> believers = held.getOrDefault(what, List.of()).stream()
                .filter(lease -> lease.believed().getAsBoolean())
                .toList();
        int most = believers.stream().allMatch(of(Kind.READ))
                ? Integer.MAX_VALUE
                : believers.stream().allMatch(of(Kind.PERMIT)) ? PERMITS : 1;
        return believers.size() > most
                ? Optional.of("%s is believed held by %d at a time: %s".formatted(what, believers.size(), believers))
                : Optional.empty();
    }

    private static Predicate<Held> of(Kind kind) {
        return lease -> lease.kind() == kind;
    }
}
