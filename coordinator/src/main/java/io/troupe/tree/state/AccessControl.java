package io.troupe.tree.state;

import io.troupe.request.Acl;
import io.troupe.request.Identity;
import io.troupe.request.IpRange;
import java.util.List;

/** Who may do what (contract 4.2). */
public final class AccessControl {
    /** The scheme of an identity that may do everything; no ACL can name it. */
    public static final String SUPER = "super";

    private AccessControl() {}

    /** Whether somebody with these identities has at least one of the permissions {@code perms} under this list. */
    public static boolean permits(List<Acl> acl, int perms, List<Identity> identities) {
        if (acl.isEmpty()) {
            return true;
        }
        for (Identity identity : identities) {
            if (identity.scheme().equals(SUPER)) {
                return true;
            }
        }
        for (Acl entry : acl) {
            if ((entry.perms() & perms) != 0 && names(entry.who(), identities)) {
                return true;
            }
        }
        return false;
    }

    private static boolean names(Identity who, List<Identity> identities) {
        if (who.equals(Identity.ANYONE)) {
            return true;
        }
        for (Identity identity : identities) {
            if (identity.scheme().equals(who.scheme()) && matches(who.scheme(), who.id(), identity.id())) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String scheme, String named, String presented) {
        return switch (scheme) {
            case "ip" -> IpRange.parse(named).map(r -> r.contains(presented)).orElse(false);
            case "sasl" -> presented.equals(named) || presented.equals(SUPER);
            // Providers differ in how an identity is proven, never in what it matches: nodes may have different ones.
            default -> presented.equals(named);
        };
    }
}
