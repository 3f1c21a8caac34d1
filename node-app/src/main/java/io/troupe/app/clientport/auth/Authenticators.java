package io.troupe.app.clientport.auth;

import io.troupe.node.AuthSettings;
import io.troupe.node.ConfigurationException;
import io.troupe.request.Identity;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.security.auth.login.AppConfigurationEntry;
import org.jspecify.annotations.Nullable;

/** What clients of one port can prove, and what they must (contract 4.4). Immutable. */
public final class Authenticators {
    /** Scheme of an identity that a client's address gives it. */
    public static final String IP = "ip";

    /** Scheme of an identity that a user name and a password give. */
    public static final String DIGEST = "digest";

    /** Scheme of an identity that a SASL exchange gives. */
    public static final String SASL = "sasl";

    /** Scheme of the identity that passes every check. */
    public static final String SUPER = "super";

    private static final Identity SUPER_USER = new Identity(SUPER, "");

    private final AuthSettings settings;
    private final Set<String> requiredSchemes;
    private final @Nullable SaslMechanism sasl;

    private Authenticators(AuthSettings settings, @Nullable SaslMechanism sasl) {
        this.settings = settings;
        this.requiredSchemes = Set.copyOf(settings.requiredSchemes());
        this.sasl = sasl;
    }

    /**
     * What the settings ask for.
     *
     * @param jaasSection the server's section of the JAAS configuration; empty for no SASL
     * @throws ConfigurationException when a scheme is demanded or provided for that no client could prove
     */
    public static Authenticators of(AuthSettings settings, List<AppConfigurationEntry> jaasSection) {
        SaslMechanism sasl = jaasSection.isEmpty() ? null : SaslMechanism.of(settings.sasl(), jaasSection);
        Set<String> provable = sasl == null ? Set.of(IP, DIGEST) : Set.of(IP, DIGEST, SASL);
        for (String scheme : settings.requiredSchemes()) {
            if (!provable.contains(scheme)) {
                throw new ConfigurationException("troupe.required-auth-schemes names " + scheme
                        + ", but a client can only prove an identity of " + String.join(", ", new TreeSet<>(provable))
                        + "; remove it" + (scheme.equals(SASL) ? ", or configure JAAS" : ""));
            }
        }
        return new Authenticators(settings, sasl);
    }

    /** What the usual settings ask for: passwords and addresses. */
    public static Authenticators usual() {
        return of(AuthSettings.DEFAULT, List.of());
    }

    /** Who a client is that has just connected. */
    public Authentication of(InetAddress peer) {
        return new Authentication(this, peer);
    }

    /** How access control lists are read. */
    public AclSyntax aclSyntax() {
        return new AclSyntax(settings.providers().contains(SASL));
    }

    /** A client must have an identity of one of these before it is served; empty for no such requirement. */
    Set<String> requiredSchemes() {
        return requiredSchemes;
    }

    /** What clients can log in with; empty where the server has no SASL. */
    Optional<SaslMechanism> sasl() {
        return Optional.ofNullable(sasl);
    }

    boolean keepsFailedSaslClients() {
        return settings.sasl().allowFailedClients();
    }

    /** The identities of a client that a SASL exchange has proven to be {@code id}. */
    List<Identity> ofSasl(String id) {
        Identity user = new Identity(SASL, id);
        return settings.sasl().superUsers().contains(id) ? List.of(user, SUPER_USER) : List.of(user);
    }

    /** The identity every connection starts with. */
    public static Identity ofAddress(InetAddress peer) {
        String address = peer.getHostAddress();
        int scope = address.indexOf('%');
        return new Identity(IP, scope < 0 ? address : address.substring(0, scope));
    }

    /** The identities that {@code data} proves under {@code scheme}; empty when the client must be refused. */
    Optional<List<Identity>> authenticate(@Nullable String scheme, byte @Nullable [] data, InetAddress peer) {
        if (IP.equals(scheme)) {
            return Optional.of(List.of(ofAddress(peer)));
        }
        if (!DIGEST.equals(scheme) || data == null) {
            return Optional.empty();
        }
        String digest = digest(new String(data, StandardCharsets.UTF_8));
        Identity user = new Identity(DIGEST, digest);
        return Optional.of(digest.equals(settings.superDigest()) ? List.of(user, SUPER_USER) : List.of(user));
    }

    /** {@code user:BASE64(SHA1(user:password))}. */
    public static String digest(String userAndPassword) {
        int colon = userAndPassword.indexOf(':');
        String user = colon < 0 ? userAndPassword : userAndPassword.substring(0, colon);
        byte[] hash = sha1().digest(userAndPassword.getBytes(StandardCharsets.UTF_8));
        return user + ":" + Base64.getEncoder().encodeToString(hash);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
