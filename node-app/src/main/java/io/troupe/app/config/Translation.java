package io.troupe.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.troupe.node.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes keys of {@code reference.conf} of what was written under ZooKeeper's names, and collects what is wrong with it. */
final class Translation {
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
        // Refused unless it names the only election there is.
        written.find(Kind.FILE, "electionAlg");
    }

    private void translate(Entry entry, Counterpart counterpart) {
        try {
            Object value = counterpart.unit().of(entry.value());
            if (value != null) {
                set(counterpart.ours(), value, entry.shown());
            }
        } catch (IllegalArgumentException e) {
            refuse(entry, String.valueOf(e.getMessage()));
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
