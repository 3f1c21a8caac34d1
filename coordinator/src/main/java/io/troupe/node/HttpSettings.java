package io.troupe.node;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The port where operators and tools reach a node by HTTP.
 *
 * @param host address it listens on
 * @param port 0 for none
 * @param plaintextLogins whether passwords are taken from other hosts though nothing encrypts them on their way
 * @param watchStreams most that are open at a time
 * @param users who may do more than read from this host
 * @param tls how connections are encrypted; null where they are not
 * @param certificateUsers who may do so by showing a certificate
 */
public record HttpSettings(
        String host,
        int port,
        boolean plaintextLogins,
        int watchStreams,
        List<User> users,
        @Nullable TlsSettings tls,
        List<CertificateUser> certificateUsers) {
    public static final HttpSettings DEFAULT =
            new HttpSettings("127.0.0.1", 8080, false, 64, List.of(), null, List.of());

    public HttpSettings {
        users = List.copyOf(users);
        certificateUsers = List.copyOf(certificateUsers);
    }

    /** What a believed certificate of this subject may do; null for nothing. */
    public @Nullable Role roleOf(String subject) {
        for (CertificateUser user : certificateUsers) {
            if (user.subject().equals(subject)) {
                return user.role();
            }
        }
        return null;
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

    /**
     * One user whom his certificate proves.
     *
     * @param subject of the certificate, as RFC 2253 writes it
     */
    public record CertificateUser(String subject, Role role) {}
}
