package io.troupe.tree.state;

import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.util.List;

/** Who may do what (contract 4.2). */
public final class AccessControl {
    private AccessControl() {}

    /** Whether somebody with these identities has at least one of the permissions {@code perms} under this list. */
    public static boolean permits(List<Acl> acl, int perms, List<Identity> identities) {
        return acl.isEmpty();
    }
}
