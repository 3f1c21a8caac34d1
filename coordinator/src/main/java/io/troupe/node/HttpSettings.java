package io.troupe.node;

import java.util.List;

/**
 * The port where operators and tools reach a node by HTTP.
 *
 * @param host address it listens on
 * @param port 0 for none
 * @param plaintextLogins whether passwords are taken from other hosts though nothing encrypts them on their way
 * @param watchStreams most that are open at a time
 * @param users who may do more than read from this host
 */
public record HttpSettings(String host, int port, boolean plaintextLogins, int watchStreams, List<User> users) {
    public static final HttpSettings DEFAULT = new HttpSettings("127.0.0.1", 8080, false, 64, List.of());

    public HttpSettings {
        users = List.copyOf(users);
    }

    /** What a user may do; each includes those before it. */
    public enum Role {
        /** Read. */
        READER,
        /** Change znodes. */
        WRITER,
        /** Everything, whatever access control lists say. */
        ADMIN
    }

    /**
     * One user.
     *
     * @param passwordHash {@code pbkdf2-sha512$ITERATIONS$SALT$HASH}
     */
    public record User(String name, Role role, Secret passwordHash) {}
}
