package io.troupe.node;

import java.util.List;

/**
 * How clients prove who they are, and what that is good for (contract 4.4). All but {@code requiredSchemes} and the SASL
 * section must be equal on all nodes.
 *
 * @param superDigest the digest identity that passes every access check, {@code user:base64}; empty for none
 * @param requiredSchemes a client must have proven an identity of one of these before it may ask for anything; empty for no
 *     such requirement
 * @param providers authentication providers besides the usual ones
 * @param sasl how SASL exchanges are held
 */
public record AuthSettings(String superDigest, List<String> requiredSchemes, List<String> providers, Sasl sasl) {
    /** Passwords and addresses, and nobody is above the access checks. */
    public static final AuthSettings DEFAULT = new AuthSettings("", List.of(), List.of(), Sasl.DEFAULT);

    /**
     * SASL (contract 4.4).
     *
     * @param section the section of the JAAS configuration that holds the server's users or its Kerberos login
     * @param superUsers authorization ids that pass every access check
     * @param allowFailedClients whether a client that fails stays connected, without the identity
     * @param removeHost whether {@code /host} is taken off a Kerberos name before it becomes an identity
     * @param removeRealm whether {@code @REALM} is
     */
    public record Sasl(
            String section,
            List<String> superUsers,
            boolean allowFailedClients,
            boolean removeHost,
            boolean removeRealm) {
        /** The section's usual name. */
        public static final String USUAL_SECTION = "Server";

        /** ZooKeeper's defaults. */
        public static final Sasl DEFAULT = new Sasl(USUAL_SECTION, List.of(), false, false, false);

        public Sasl {
            superUsers = List.copyOf(superUsers);
        }
    }

    public AuthSettings {
        requiredSchemes = List.copyOf(requiredSchemes);
        providers = List.copyOf(providers);
    }
}
