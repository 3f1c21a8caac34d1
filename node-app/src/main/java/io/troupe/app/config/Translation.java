package io.troupe.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.troupe.node.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes keys of {@code reference.conf} of what was written under ZooKeeper's names, and collects what is wrong with it. */
final class Translation {
    private static final Logger LOG = LoggerFactory.getLogger(Translation.class);
    private static final long HOUR = 3_600_000;

    private final Written written;
    private final List<String> problems = new ArrayList<>();
    private Config result = ConfigFactory.empty();

    Translation(Written written) {
        this.written = written;
        Refusal.check(written.all(), problems);
    }

    /**
     * Translates every key that has a counterpart.
     *
     * @param withDefaults whether ZooKeeper's defaults stand in for what is not written
     */
    void counterparts(boolean withDefaults) {
        for (Counterpart counterpart : Counterpart.ALL) {
            Entry entry = written.find(counterpart.kind(), counterpart.key());
            if (entry == null && withDefaults && counterpart.otherwise() != null) {
                entry = new Entry(counterpart.key(), counterpart.otherwise(), "ZooKeeper's default");
            }
            if (entry != null) {
                translate(entry, counterpart);
            }
        }
        requiredSchemes();
        AuthenticationKeys.translate(written, this);
        TlsKeys.translate(written, this);
        boolean protectedPeers = TlsKeys.translatePeers(written, this);
        if (withDefaults && !protectedPeers) {
            set("troupe.peer-open", true, "ZooKeeper's default");
        }
        AdminKeys.translate(written, this);
        deadlines();
        // Refused unless it names the only election there is.
        written.find(Kind.FILE, "electionAlg");
    }

    private void translate(Entry entry, Counterpart counterpart) {
        try {
            Object value = counterpart.unit().of(raised(entry));
            if (value != null) {
                set(counterpart.ours(), value, entry.shown());
            }
        } catch (IllegalArgumentException e) {
            refuse(entry, String.valueOf(e.getMessage()));
        }
    }

    private static String raised(Entry entry) {
        if (entry.key().equals("autopurge.snapRetainCount")
                && entry.value().matches("-?\\d{1,9}")
                && Integer.parseInt(entry.value()) < Counterpart.LEAST_KEPT) {
            LOG.warn("{}: {} are kept, as fewer are too few", entry.shown(), Counterpart.LEAST_KEPT);
            return Integer.toString(Counterpart.LEAST_KEPT);
        }
        return entry.value();
    }

    /** What ZooKeeper counts in ticks. */
    private void deadlines() {
        long tick = result.hasPath("troupe.tick")
                ? result.getDuration("troupe.tick").toMillis()
                : 1;
        deadline(written.find(Kind.FILE, "initLimit"), tick, "troupe.advanced.broadcast.sync-deadline");
        deadline(written.find(Kind.FILE, "syncLimit"), tick, "troupe.advanced.broadcast.proposal-deadline");
    }

    private void deadline(@Nullable Entry ticks, long tick, String ours) {
        if (ticks == null) {
            return;
        }
        try {
            Object number = Unit.whole(1, HOUR / tick).of(ticks.value());
            set(ours, Long.parseLong(String.valueOf(number)) * tick + "ms", ticks.shown());
        } catch (IllegalArgumentException e) {
            refuse(ticks, e.getMessage() + " ticks");
        }
    }

    /** Two spellings of one demand (contract 4.4). */
    private void requiredSchemes() {
        Entry sasl = written.find(Kind.PROPERTY, "sessionRequireClientSASLAuth");
        Entry enabled = written.find(Kind.PROPERTY, "enforce.auth.enabled");
        Entry schemes = written.find(Kind.PROPERTY, "enforce.auth.schemes");
        if (sasl != null && isTrue(sasl)) {
            set("troupe.required-auth-schemes", "sasl", sasl.shown());
        } else if (enabled != null && isTrue(enabled)) {
            if (schemes == null || schemes.value().isBlank()) {
                refuse(enabled, "needs enforce.auth.schemes, such as digest");
            } else {
                set("troupe.required-auth-schemes", schemes.value(), schemes.shown());
            }
        }
    }

    /** Whether a flag is set; false, and a problem, for one that is none. */
    boolean isTrue(@Nullable Entry entry) {
        try {
            return entry != null && Unit.flag(entry.value());
        } catch (IllegalArgumentException e) {
            refuse(entry, String.valueOf(e.getMessage()));
            return false;
        }
    }

    void refuse(@Nullable Entry entry, String remedy) {
        problem((entry == null ? "" : entry.shown() + ": ") + remedy);
    }

    void problem(String problem) {
        problems.add(problem);
    }

    /** Sets one of our keys; {@code origin} is what messages about its value name. */
    void set(String key, Object value, String origin) {
        result = result.withValue(key, ConfigValueFactory.fromAnyRef(value, origin));
    }

    /** What has been set so far. */
    Config soFar() {
        return result;
    }

    /**
     * The keys of {@code reference.conf}, each with its origin.
     *
     * @throws ConfigurationException naming all problems
     */
    Config finish() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join(System.lineSeparator(), problems));
        }
        return result;
    }
}
