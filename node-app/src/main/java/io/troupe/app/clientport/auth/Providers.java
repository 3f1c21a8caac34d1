package io.troupe.app.clientport.auth;

import io.troupe.node.AuthSettings;
import io.troupe.node.ConfigurationException;
import io.troupe.request.Identity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The providers of one client port, by scheme. Immutable. */
final class Providers {
    /** Schemes that have a meaning of their own. */
    private static final Set<String> RESERVED = Set.of("world", "auth", AuthenticationProvider.SUPER_USER.scheme());

    private final Map<String, AuthenticationProvider> byScheme = new LinkedHashMap<>();

    /**
     * Those that are always there, and those that the settings name.
     *
     * @throws ConfigurationException when one of them cannot be had
     */
    Providers(AuthSettings settings) {
        add(new AddressProvider());
        if (settings.digestEnabled()) {
            add(new DigestProvider(settings));
        }
        for (String name : settings.providers()) {
            add(
                    switch (name) {
                        case SaslProvider.SCHEME -> new SaslProvider();
                        case CertificateProvider.SCHEME -> new CertificateProvider(settings.certificateSuperUser());
                        case EnsembleProvider.SCHEME -> new EnsembleProvider(settings.ensembleNames());
                        default -> load(name);
                    });
        }
    }

    private static AuthenticationProvider load(String className) {
        String problem;
        try {
            Object made = Class.forName(className).getConstructor().newInstance();
            if (made instanceof AuthenticationProvider provider) {
                return provider;
            }
            problem = "does not implement " + AuthenticationProvider.class.getName();
        } catch (ClassNotFoundException e) {
            problem = "is neither sasl, x509 or ensemble nor a class on the class path; put its jar into lib/";
        } catch (ReflectiveOperationException | LinkageError e) {
            problem = "cannot be made by a public constructor without parameters (" + e + ")";
        }
        throw new ConfigurationException("troupe.auth.providers: " + className + " " + problem);
    }

    private void add(AuthenticationProvider provider) {
        String scheme = provider.scheme();
        String name = provider.getClass().getName();
        if (RESERVED.contains(scheme)) {
            throw new ConfigurationException("troupe.auth.providers: " + name + " is for scheme " + scheme
                    + ", which needs no provider; remove it");
        }
        AuthenticationProvider other = byScheme.putIfAbsent(scheme, provider);
        if (other != null) {
            throw new ConfigurationException("troupe.auth.providers: " + name + " is for scheme " + scheme + ", as is "
                    + other.getClass().getName() + "; remove one of the two");
        }
    }

    /** The provider of a scheme. */
    Optional<AuthenticationProvider> of(String scheme) {
        return Optional.ofNullable(byScheme.get(scheme));
    }

    /** Who a client is in the words of {@code whoAmI}: identities without a provider are shown as they are. */
    List<Identity> shown(List<Identity> identities) {
        List<Identity> shown = new ArrayList<>();
        for (Identity identity : identities) {
            AuthenticationProvider provider = byScheme.get(identity.scheme());
            shown.add(provider == null ? identity : new Identity(identity.scheme(), provider.userName(identity.id())));
        }
        return List.copyOf(shown);
    }

    /** All schemes. */
    Set<String> schemes() {
        return Set.copyOf(byScheme.keySet());
    }
}
