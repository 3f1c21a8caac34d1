package io.troupe.app.clientport.auth;

import java.io.IOException;
import java.util.List;

/**
 * How the principal that Kerberos vouches for, {@code name/host@REALM} with the host optional, becomes an identity: its short
 * name, with what is not taken off behind it. Whoever no rule is for is refused, usually those of other realms: without its
 * realm such a name would pass for one of this realm.
 *
 * @param realm the server's own
 * @param rules that make the short name
 * @param removeHost whether {@code /host} is taken off
 * @param removeRealm whether {@code @REALM} is taken off
 */
record KerberosNames(String realm, KerberosRules rules, boolean removeHost, boolean removeRealm) {
    /**
     * The identity of a principal.
     *
     * @throws IOException when no rule is for it
     */
    String identity(String principal) throws IOException {
        int at = principal.lastIndexOf('@');
        String theirs = at < 0 ? realm : principal.substring(at + 1);
        String primary = at < 0 ? principal : principal.substring(0, at);
        List<String> parts = List.of(primary.split("/", -1));
        String name = rules.shortName(realm, theirs, parts);
        String host = removeHost || parts.size() < 2 ? "" : primary.substring(primary.indexOf('/'));
        return name + host + (removeRealm || at < 0 ? "" : '@' + theirs);
    }
}
