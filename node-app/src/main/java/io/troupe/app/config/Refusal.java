package io.troupe.app.config;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A setting of ZooKeeper's that must not be passed over in silence: without it the ensemble counts its votes differently, or
 * a client or a peer is not as protected as the operator believes.
 *
 * @param key what its key matches
 * @param value what its value must satisfy to be refused
 */
record Refusal(Pattern key, Predicate<String> value, String remedy) {
    private static final String NO_REVOCATION =
            "no lists of revoked certificates are asked here; trust an authority of which none is out, and remove the line";
    private static final String NO_PEER_AUTH =
            "nodes know each other by sslQuorum = true with ssl.quorum.keyStore and trustStore here; remove the line";

    private static final List<Refusal> ALL = List.of(
            new Refusal(
                    Pattern.compile("group\\..+|weight\\..+|oraclePath"),
                    value -> true,
                    "all servers have one equal vote here; remove the line, or run without groups, weights and oracle"),
            new Refusal(
                    Pattern.compile("electionAlg"),
                    value -> !value.equals("3"),
                    "3 is the only election; remove the line"),
            new Refusal(
                    Pattern.compile("portUnification"),
                    Refusal::isTrue,
                    "all servers speak TLS with each other or none does; stop them all to change over, and remove the line"),
            new Refusal(Pattern.compile("ssl\\.(quorum\\.)?(crl|ocsp)"), Refusal::isTrue, NO_REVOCATION),
            new Refusal(
                    Pattern.compile("ssl\\.(quorum\\.)?allowReverseDnsLookup"),
                    Refusal::isTrue,
                    "names are not looked up here; let clients' certificates name their addresses, and remove the line"),
            new Refusal(
                    Pattern.compile("ssl\\.(quorum\\.)?context\\.supplier\\.class"),
                    value -> !value.isBlank(),
                    "keys and certificates come from files here; name them as ssl.keyStore and ssl.trustStore instead"),
            new Refusal(
                    Pattern.compile("quorum\\.auth\\.(enable|serverRequire|learnerRequire)Sasl"),
                    Refusal::isTrue,
                    NO_PEER_AUTH));

    private static boolean isTrue(String value) {
        return value.equalsIgnoreCase("true");
    }

    /** Adds a line for each setting that is refused. */
    static void check(List<Entry> entries, List<String> problems) {
        for (Entry entry : entries) {
            String key = entry.key().replaceFirst("^zookeeper\\.", "");
            for (Refusal refusal : ALL) {
                if (refusal.key().matcher(key).matches() && refusal.value().test(entry.value())) {
                    problems.add(entry.shown() + ": " + refusal.remedy());
                }
            }
        }
    }
}
