package io.troupe.node;

import java.util.List;

/**
 * How clients prove who they are, and what that is good for (contract 4.4). All but {@code requiredSchemes} and the SASL
 * section must be equal on all nodes.
 *
 * @param superDigest the digest identity that passes every access check, {@code user:base64}; empty for none
 * @param requiredSchemes a client must have proven an identity of one of these before it may ask for anything; empty for no
 *     such requirement
 * @param providers authentication providers besides the usual ones: {@code sasl}, {@code x509}, {@code ensemble} or class names
 * @param digestEnabled whether passwords prove an identity
 * @param digestAlgorithm what makes a digest of a password, as Java names it
 * @param skipAcl whether clients of this node pass every access check
 * @param ensembleNames names of this ensemble, for clients that name the one they look for
 * @param certificateSuperUser the subject of a certificate that passes every access check; empty for none
 * @param certificateScheme the provider that judges the certificate a client shows when TLS comes into force; empty where clients
 *     are asked for none
 * @param sasl how SASL exchanges are held
 */
public record AuthSettings(
        String superDigest,
        List<String> requiredSchemes,
        List<String> providers,
        boolean digestEnabled,
        String digestAlgorithm,
        boolean skipAcl,
        List<String> ensembleNames,
        String certificateSuperUser,
        String certificateScheme,
        Sasl sasl) {
    /** The provider of certificates' subjects. */
    public static final String CERTIFICATES = "x509";

    /** ZooKeeper's digest algorithm. */
    public static final String USUAL_ALGORITHM = "SHA1";

    /** Passwords and addresses, and nobody is above the access checks. */
    public static final AuthSettings DEFAULT =
            new AuthSettings("", List.of(), List.of(), true, USUAL_ALGORITHM, false, List.of(), "", "", Sasl.DEFAULT);

    /**
     * SASL (contract 4.4).
     *
     * @param section the section of the JAAS configuration that holds the server's users or its Kerberos login
     * @param superUsers authorization ids that pass every access check
     * @param allowFailedClients whether a client that fails stays connected, without the identity
     * @param removeHost whether {@code /host} is taken off a Kerberos name before it becomes an identity
     * @param removeRealm whether {@code @REALM} is
     * @param authToLocal Kerberos's rules for the part of the name that is left
     * @param anyUser access control entries for this user are for all whom SASL has proven; empty for none
     */
    public record Sasl(
            String section,
            List<String> superUsers,
            boolean allowFailedClients,
            boolean removeHost,
            boolean removeRealm,
            String authToLocal,
            String anyUser) {
        /** The section's usual name. */
        public static final String USUAL_SECTION = "Server";

        /** ZooKeeper's defaults. */
        public static final Sasl DEFAULT = new Sasl(USUAL_SECTION, List.of(), false, false, false, "DEFAULT", "");

        public Sasl {
            superUsers = List.copyOf(superUsers);
        }
    }

    public AuthSettings {
        requiredSchemes = List.copyOf(requiredSchemes);
        providers = List.copyOf(providers);
        ensembleNames = List.copyOf(ensembleNames);
    }
}
