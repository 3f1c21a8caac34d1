package io.troupe.app.clientport.auth;

import io.troupe.node.ConfigurationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * How principals become short names, in the words of Kerberos ({@code auth_to_local}): rules separated by blanks, of which the
 * first that fits counts. {@code DEFAULT} fits the server's own realm and takes the first part of the name;
 * {@code RULE:[n:format](filter)s/from/to/g} fits names of n parts whose formatted text the filter matches. Immutable.
 */
final class KerberosRules {
    private static final String KEY = "troupe.auth.sasl.auth-to-local";
    private static final Pattern RULE =
            Pattern.compile("RULE:\\[(\\d):([^]]*)](?:\\(([^)]*)\\))?(?:s/([^/]*)/([^/]*)/(g)?)?");
    private static final Pattern FIELD = Pattern.compile("\\$(\\d)");
    private static final Pattern NOT_SHORT = Pattern.compile("[/@]");

    private final List<Rule> rules;

    /** One of them. */
    private interface Rule {
        /** The short name; null where the rule does not fit. */
        @Nullable
        String shortName(String ownRealm, String realm, List<String> parts);
    }

    private KerberosRules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * Reads rules.
     *
     * @throws ConfigurationException naming the one that cannot be read
     */
    static KerberosRules parse(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String word : text.strip().split("\\s+", -1)) {
            rules.add(word.equals("DEFAULT") ? KerberosRules::ofOwnRealm : rule(word));
        }
        return new KerberosRules(rules);
    }

    private static Rule rule(String word) {
        Matcher rule = RULE.matcher(word);
        if (!rule.matches()) {
            throw new ConfigurationException(KEY + ": \"" + word
                    + "\" is no rule; write DEFAULT or RULE:[n:format](filter)s/from/to/, with blanks between rules");
        }
        int count = Integer.parseInt(rule.group(1));
        if (FIELD.matcher(rule.group(2)).results().anyMatch(field -> Integer.parseInt(field.group(1)) > count)) {
            throw new ConfigurationException(
                    KEY + ": \"" + word + "\" is about names of " + count + " parts; its format must not ask for more");
        }
        try {
            return new Formatted(
                    count,
                    rule.group(2),
                    rule.group(3) == null ? null : Pattern.compile(rule.group(3)),
                    rule.group(4) == null ? null : Pattern.compile(rule.group(4)),
                    rule.group(5) == null ? "" : rule.group(5),
                    rule.group(6) != null);
        } catch (PatternSyntaxException e) {
            throw new ConfigurationException(KEY + ": \"" + e.getPattern() + "\" is no regular expression ("
                    + e.getDescription() + "); correct it");
        }
    }

    private static @Nullable String ofOwnRealm(String ownRealm, String realm, List<String> parts) {
        return realm.equals(ownRealm) ? parts.get(0) : null;
    }

    /** A rule with a format; filter and pattern are null where it has none. */
    private record Formatted(
            int count,
            String format,
            @Nullable Pattern filter,
            @Nullable Pattern from,
            String to,
            boolean all) implements Rule {
        @Override
        public @Nullable String shortName(String ownRealm, String realm, List<String> parts) {
            if (parts.size() != count) {
                return null;
            }
            String text = FIELD.matcher(format).replaceAll(field -> {
                int number = Integer.parseInt(field.group(1));
                return Matcher.quoteReplacement(number == 0 ? realm : parts.get(number - 1));
            });
            if (filter != null && !filter.matcher(text).matches()) {
                return null;
            }
            if (from == null) {
                return text;
            }
            Matcher found = from.matcher(text);
            return all ? found.replaceAll(to) : found.replaceFirst(to);
        }
    }

    /**
     * The short name of a principal.
     *
     * @param ownRealm the server's
     * @param parts of the principal's name, without its realm
     * @throws IOException when no rule fits, or what one makes of it is no short name
     */
    String shortName(String ownRealm, String realm, List<String> parts) throws IOException {
        String principal = String.join("/", parts) + "@" + realm;
        for (Rule rule : rules) {
            String name = rule.shortName(ownRealm, realm, parts);
            if (name != null) {
                if (NOT_SHORT.matcher(name).find()) {
                    throw new IOException(
                            principal + " would be called " + name + ", which is no short name; correct " + KEY);
                }
                return name;
            }
        }
        throw new IOException("none of the rules of " + KEY + " is for " + principal);
    }
}
