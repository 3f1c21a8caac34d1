package io.troupe.app.console;

import io.troupe.node.HttpSettings.Role;
import io.troupe.request.Identity;
import java.util.List;

/**
 * Who has sent a request.
 *
 * @param name of the user, empty for somebody on this host who has not said
 * @param role what he may do
 * @param identities under which access control lists know him
 */
record Caller(String name, Role role, List<Identity> identities) {
    /** Somebody on this host: reads what everybody may. */
    static final Caller NEIGHBOUR = new Caller("", Role.READER, List.of());

    Caller {
        identities = List.copyOf(identities);
    }

    /** Whether the role suffices. */
    boolean may(Access access) {
        return switch (access) {
            case OPEN, READ -> true;
            case WRITE -> role.compareTo(Role.WRITER) >= 0;
            case ADMIN -> role == Role.ADMIN;
        };
    }
}
