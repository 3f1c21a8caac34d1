package io.troupe.app.clientport.auth;

import io.troupe.edge.Audit;
import io.troupe.node.AuthSettings;
import io.troupe.node.ConfigurationException;
import io.troupe.request.Identity;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.security.auth.login.AppConfigurationEntry;
import org.jspecify.annotations.Nullable;

/** What clients of one port can prove, and what they must (contract 4.4). Immutable. */
public final class Authenticators {
    private final AuthSettings settings;
    private final Providers providers;
    private final Set<String> requiredSchemes;
    private final @Nullable SaslMechanism sasl;
    private final Audit audit;

    private Authenticators(AuthSettings settings, Providers providers, @Nullable SaslMechanism sasl, Audit audit) {
        this.settings = settings;
        this.providers = providers;
        this.requiredSchemes = Set.copyOf(settings.requiredSchemes());
        this.sasl = sasl;
        this.audit = audit;
    }

    /** The same for clients of whom {@code audit} keeps book. */
    public Authenticators with(Audit bookkeeper) {
        return new Authenticators(settings, providers, sasl, bookkeeper);
    }

    /** What keeps book of clients. */
    public Audit audit() {
        return audit;
    }

    /** What identities are called where they are shown: without what proves them. */
    public List<Identity> shown(List<Identity> identities) {
        return providers.shown(own(identities));
    }

    /**
     * What the settings ask for.
     *
     * @param jaasSection the server's section of the JAAS configuration; empty for no SASL
     * @throws ConfigurationException when a provider cannot be had, a login fails, or a scheme is demanded that no client could
     *     prove
     */
    public static Authenticators of(AuthSettings settings, List<AppConfigurationEntry> jaasSection) {
        Providers providers = new Providers(settings);
        if (!settings.certificateScheme().isEmpty() && !providers.schemes().contains(settings.certificateScheme())) {
            throw new ConfigurationException("troupe.tls.auth-provider names " + settings.certificateScheme()
                    + ", for which there is no provider; write " + CertificateProvider.SCHEME
                    + ", or name the class of one in troupe.auth.providers");
        }
        SaslMechanism sasl = jaasSection.isEmpty() ? null : SaslMechanism.of(settings.sasl(), jaasSection);
        Set<String> provable = provable(providers, sasl != null, settings.certificateScheme());
        for (String scheme : settings.requiredSchemes()) {
            if (!provable.contains(scheme)) {
                throw new ConfigurationException("troupe.required-auth-schemes names " + scheme
                        + ", but a client can only prove an identity of " + String.join(", ", provable) + "; remove it"
                        + alternative(scheme));
            }
        }
        return new Authenticators(settings, providers, sasl, Audit.NONE);
    }

    private static String alternative(String scheme) {
        return switch (scheme) {
            case SaslProvider.SCHEME -> ", or configure JAAS";
            case CertificateProvider.SCHEME -> ", or set troupe.secure-client-port and ask clients for certificates";
            default -> "";
        };
    }

    /** An ensemble's name proves nothing, and without TLS nobody shows a certificate. */
    private static Set<String> provable(Providers providers, boolean sasl, String certificateScheme) {
        Set<String> schemes = new HashSet<>(providers.schemes());
        schemes.removeAll(Set.of(SaslProvider.SCHEME, CertificateProvider.SCHEME, EnsembleProvider.SCHEME));
        if (sasl) {
            schemes.add(SaslProvider.SCHEME);
        }
        if (certificateScheme.equals(CertificateProvider.SCHEME)) {
            schemes.add(certificateScheme);
        }
        return new TreeSet<>(schemes);
    }

    /** What the usual settings ask for: passwords and addresses. */
    public static Authenticators usual() {
        return of(AuthSettings.DEFAULT, List.of());
    }

    /** Who a client is that has just connected. */
    public Authentication of(InetAddress peer) {
        return of(peer, ofEverybody(peer));
    }

    /**
     * As {@link #of(InetAddress)}.
     *
     * @param known what {@link #ofEverybody} says of clients at this address, which then need no copy each
     */
    public Authentication of(InetAddress peer, List<Identity> known) {
        return new Authentication(this, peer, known);
    }

    /** Whether this ensemble has a name that clients can miss. */
    public boolean knowsEnsemble() {
        return !settings.ensembleNames().isEmpty();
    }

    /** How access control lists are read. */
    public AclSyntax aclSyntax() {
        return new AclSyntax(this);
    }

    Providers providers() {
        return providers;
    }

    /** What every client at this address is that has proven nothing yet. */
    public List<Identity> ofEverybody(InetAddress peer) {
        Identity address = AddressProvider.identity(peer);
        // With this identity all checks pass, on whatever node they are made; so no node but this needs to know.
        return settings.skipAcl() ? List.of(address, AuthenticationProvider.SUPER_USER) : List.of(address);
    }

    /** A client must have an identity of one of these before it is served; empty for no such requirement. */
    Set<String> requiredSchemes() {
        return requiredSchemes;
    }

    /** What clients can log in with; empty where the server has no SASL. */
    Optional<SaslMechanism> sasl() {
        return Optional.ofNullable(sasl);
    }

    /** The provider that judges the certificates that clients show. */
    String certificateScheme() {
        return settings.certificateScheme();
    }

    boolean keepsFailedSaslClients() {
        return settings.sasl().allowFailedClients();
    }

    /** The identities of a client that a SASL exchange has proven to be {@code id}. */
    List<Identity> ofSasl(String id) {
        List<Identity> proven = new ArrayList<>();
        proven.add(new Identity(SaslProvider.SCHEME, id));
        if (!settings.sasl().anyUser().isEmpty()) {
            proven.add(anyUser());
        }
        if (settings.sasl().superUsers().contains(id)) {
            proven.add(AuthenticationProvider.SUPER_USER);
        }
        return proven;
    }

    private Identity anyUser() {
        return new Identity(SaslProvider.SCHEME, settings.sasl().anyUser());
    }

    /** Without what a client is only because everybody is who has logged in: it is not what distinguishes it. */
    List<Identity> own(List<Identity> identities) {
        Identity shared = anyUser();
        boolean named = identities.stream().anyMatch(i -> i.scheme().equals(SaslProvider.SCHEME) && !i.equals(shared));
        return named ? identities.stream().filter(i -> !i.equals(shared)).toList() : identities;
    }
}
