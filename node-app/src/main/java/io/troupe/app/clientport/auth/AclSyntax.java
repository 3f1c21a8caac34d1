package io.troupe.app.clientport.auth;

import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Brings the access control list of a request into the form that is stored (contract 4.3). An invalid list becomes the
 * empty one, which {@code execute} refuses at its place in the order of checks. Immutable.
 */
public final class AclSyntax {
    private static final String WORLD = "world";
    private static final String AUTH = "auth";

    private final Authenticators authenticators;
    private final Providers providers;

    AclSyntax(Authenticators authenticators) {
        this.authenticators = authenticators;
        this.providers = authenticators.providers();
    }

    /**
     * The list to store, or the empty one; {@code auth} entries stand for the client's {@code identities}. What is repeated in
     * the request is stored once; two entries that come to stand for one identity are both kept, as in ZooKeeper.
     */
    public List<Acl> resolve(List<Acl> requested, List<Identity> identities) {
        List<Acl> resolved = new ArrayList<>();
        for (Acl entry : new LinkedHashSet<>(requested)) {
            List<Acl> stored = resolve(entry, identities);
            if (stored.isEmpty()) {
                return List.of();
            }
            resolved.addAll(stored);
        }
        return List.copyOf(resolved);
    }

    private List<Acl> resolve(Acl entry, List<Identity> identities) {
        if (entry.who().scheme().equals(AUTH)) {
            return authenticated(entry.perms(), identities);
        }
        return isValid(entry.who()) ? List.of(entry) : List.of();
    }

    private boolean isValid(Identity who) {
        return who.scheme().equals(WORLD)
                ? who.equals(Identity.ANYONE)
                : providers.of(who.scheme()).filter(p -> p.isValid(who.id())).isPresent();
    }

    private List<Acl> authenticated(int perms, List<Identity> identities) {
        List<Acl> entries = new ArrayList<>();
        for (Identity identity : authenticators.own(identities)) {
            if (providers
                    .of(identity.scheme())
                    .filter(AuthenticationProvider::provesIdentity)
                    .isPresent()) {
                entries.add(new Acl(perms, identity));
            }
        }
        return entries;
    }
}
