package io.troupe.app.config;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** ZooKeeper's keys of authentication that are more than a value of one of ours (contract 4.4, 6.4). */
final class AuthenticationKeys {
    private static final String THEIRS = "org.apache.zookeeper.server.auth.";

    /** ZooKeeper's classes, and what they are called here; those without a name are always there. */
    private static final Map<String, String> PROVIDERS = Map.of(
            THEIRS + "SASLAuthenticationProvider", "sasl",
            THEIRS + "X509AuthenticationProvider", "x509",
            THEIRS + "EnsembleAuthenticationProvider", "ensemble",
            THEIRS + "DigestAuthenticationProvider", "",
            THEIRS + "IPAuthenticationProvider", "");

    private AuthenticationKeys() {}

    /** Translates all of them. */
    static void translate(Written written, Translation translation) {
        providers(written.propertiesBeginningWith("authProvider."), translation);
        List<Entry> users = written.propertiesBeginningWith("superUser").stream()
                .filter(entry -> !entry.value().isBlank())
                .toList();
        if (!users.isEmpty()) {
            translation.set(
                    "troupe.auth.sasl.super-users",
                    users.stream().map(Entry::value).toList(),
                    users.get(0).shown());
        }
    }

    /** Our names of the providers; classes that are not ZooKeeper's own stay what they are. */
    private static void providers(List<Entry> written, Translation translation) {
        TreeSet<String> names = new TreeSet<>();
        for (Entry entry : written) {
            String name = PROVIDERS.getOrDefault(entry.value(), entry.value());
            if (name.startsWith(THEIRS)) {
                translation.refuse(
                        entry,
                        "has no counterpart here; name one of "
                                + String.join(", ", new TreeSet<>(PROVIDERS.keySet()))
                                + ", or a class of your own");
            } else if (!name.isEmpty()) {
                names.add(name);
            }
        }
        if (!names.isEmpty()) {
            translation.set(
                    "troupe.auth.providers", List.copyOf(names), written.get(0).shown());
        }
    }
}
