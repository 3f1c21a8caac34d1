package io.troupe.app.clientport.auth;

import java.io.IOException;

/**
 * How the principal that Kerberos vouches for, {@code name/host@REALM} with the host optional, becomes an identity.
 * Principals of other realms are refused: without its realm such a name would pass for one of this realm.
 *
 * @param realm the server's own
 * @param removeHost whether {@code /host} is taken off
 * @param removeRealm whether {@code @REALM} is taken off
 */
record KerberosNames(String realm, boolean removeHost, boolean removeRealm) {
    /**
     * The identity of a principal.
     *
     * @throws IOException when it is of another realm
     */
    String identity(String principal) throws IOException {
        int at = principal.lastIndexOf('@');
        String theirs = at < 0 ? realm : principal.substring(at + 1);
        if (!theirs.equals(realm)) {
            throw new IOException(principal + " is not of this server's realm, " + realm);
        }
        String primary = at < 0 ? principal : principal.substring(0, at);
        int slash = primary.indexOf('/');
        String name = removeHost && slash >= 0 ? primary.substring(0, slash) : primary;
        return removeRealm || at < 0 ? name : name + '@' + theirs;
    }
}
