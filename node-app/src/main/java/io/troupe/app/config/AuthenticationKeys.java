package io.troupe.app.config;

import io.troupe.app.config.PropertiesFile.Entry;
import io.troupe.node.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** ZooKeeper's keys of authentication that are more than a value of one of ours (contract 4.4, 6.4). */
final class AuthenticationKeys {
    private static final String PROVIDER = "authProvider.";
    private static final String SUPER_USER = "superUser";
    private static final String PREFIX = "zookeeper.";
    private static final String THEIRS = "org.apache.zookeeper.server.auth.";

    /** ZooKeeper's classes, and what they are called here; those without a name are always there. */
    private static final Map<String, String> PROVIDERS = Map.of(
            THEIRS + "SASLAuthenticationProvider", "sasl",
            THEIRS + "X509AuthenticationProvider", "x509",
            THEIRS + "EnsembleAuthenticationProvider", "ensemble",
            THEIRS + "DigestAuthenticationProvider", "",
            THEIRS + "IPAuthenticationProvider", "");

    private final Map<String, Entry> given = new TreeMap<>();

    /** {@code file}: what is written; system properties fill in what is not. */
    AuthenticationKeys(Map<String, Entry> file) {
        for (String property : System.getProperties().stringPropertyNames()) {
            if (property.startsWith(PREFIX) && isOne(property)) {
                given.put(
                        property.substring(PREFIX.length()), new Entry(System.getProperty(property), "-D" + property));
            }
        }
        file.forEach((key, entry) -> {
            if (isOne(key)) {
                given.put(key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key, entry);
            }
        });
    }

    /** Whether a key, with or without its prefix, is looked at here. */
    static boolean isOne(String key) {
        String bare = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
        return bare.startsWith(PROVIDER) || bare.equals(SUPER_USER) || bare.startsWith(SUPER_USER + ".");
    }

    /** Users proven by SASL that pass every check; empty for none. */
    List<Entry> superUsers() {
        List<Entry> users = new ArrayList<>();
        given.forEach((key, entry) -> {
            if (!key.startsWith(PROVIDER) && !entry.value().isBlank()) {
                users.add(entry);
            }
        });
        return users;
    }

    /**
     * Our names of the providers; classes that are not ZooKeeper's own stay what they are.
     *
     * @throws ConfigurationException for a class of ZooKeeper's that has no counterpart here
     */
    List<String> providers() {
        TreeSet<String> names = new TreeSet<>();
        given.forEach((key, entry) -> {
            if (key.startsWith(PROVIDER)) {
                String name = PROVIDERS.getOrDefault(entry.value(), entry.value());
                if (name.startsWith(THEIRS)) {
                    throw new ConfigurationException(entry.place() + ": " + key + " = " + entry.value()
                            + " has no counterpart here; name one of "
                            + String.join(", ", new TreeSet<>(PROVIDERS.keySet()))
                            + ", or a class of your own");
                }
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        });
        return List.copyOf(names);
    }

    /** Where the first provider is named, for messages. */
    String place() {
        return given.values().stream().map(Entry::place).findFirst().orElse("");
    }
}
