package io.troupe.tree.execute;

import io.troupe.request.Acl;
import io.troupe.request.Identity;
import io.troupe.request.IpRange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * Makes the ACL that a client sent one that can be stored (contract 4.3). All schemes of the contract are known here; an
 * edge that has no provider for one replaces a list that names it by an empty one, which is refused at the same place.
 */
final class AclRules {
    /** Schemes whose identities prove something about the client, so that {@code auth:} stands for them. */
    private static final Set<String> AUTHENTICATED = Set.of("digest", "sasl", "x509");

    private AclRules() {}

    /** The list to store, or empty when this one is invalid. */
    static Optional<List<Acl>> resolve(List<Acl> acl, List<Identity> identities) {
        List<Acl> resolved = new ArrayList<>();
        for (Acl entry : new LinkedHashSet<>(acl)) {
            if (entry.who().scheme().equals("auth")) {
                if (!addAuthenticated(resolved, entry.perms(), identities)) {
                    return Optional.empty();
                }
            } else if (isValid(entry.who())) {
                resolved.add(entry);
            } else {
                return Optional.empty();
            }
        }
        return resolved.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(resolved));
    }

    private static boolean addAuthenticated(List<Acl> resolved, int perms, List<Identity> identities) {
        boolean found = false;
        for (Identity identity : identities) {
            if (AUTHENTICATED.contains(identity.scheme())) {
                resolved.add(new Acl(perms, identity));
                found = true;
            }
        }
        return found;
    }

    private static boolean isValid(Identity who) {
        return switch (who.scheme()) {
            case "world" -> who.equals(Identity.ANYONE);
            case "ip" -> IpRange.parse(who.id()).isPresent();
            case "digest" -> isDigest(who.id());
            case "sasl" -> isKerberosName(who.id());
            case "x509" -> isDistinguishedName(who.id());
            default -> false;
        };
    }

    /** Two parts around one colon, the second not empty; colons at the end do not count. */
    private static boolean isDigest(String id) {
        int end = id.length();
        while (end > 0 && id.charAt(end - 1) == ':') {
            end--;
        }
        int colon = id.indexOf(':');
        return colon >= 0 && colon < end && id.lastIndexOf(':', end - 1) == colon;
    }

    /** {@code name}, or {@code service/host@REALM} with the host optional. */
    private static boolean isKerberosName(String id) {
        int at = id.indexOf('@');
        if (at < 0) {
            return true;
        }
        int slash = id.indexOf('/');
        return id.lastIndexOf('@') == at && (slash < 0 || (slash < at && id.lastIndexOf('/') == slash));
    }

    private static boolean isDistinguishedName(String id) {
        try {
            return !new X500Principal(id).getName().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
