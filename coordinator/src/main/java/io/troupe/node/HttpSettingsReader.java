package io.troupe.node;

import io.troupe.node.HttpSettings.CertificateUser;
import io.troupe.node.HttpSettings.Role;
import io.troupe.node.HttpSettings.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Reads {@code troupe.http}. */
final class HttpSettingsReader {
    private static final String PREFIX = "troupe.http.";
    private static final String USERS = PREFIX + "users";
    private static final String CERTIFICATE_USERS = PREFIX + "certificate-users";
    private static final int MOST_STREAMS = 10_000;
    private static final String REMEDY =
            "write \"NAME:ROLE:HASH\" for each user, as troupe password NAME --role reader|writer|admin prints it";

    /** Some ten to ten million iterations, a salt and a hash in base64 of whole groups of four. */
    private static final Pattern USER = Pattern.compile(
            "([^:,\\p{Cntrl}]+):(\\w+):"
                    + "(pbkdf2-sha512\\$[1-9]\\d{1,6}\\$(?:[A-Za-z0-9+/]{4}){4,}[A-Za-z0-9+/]{2}==\\$(?:[A-Za-z0-9+/]{4}){8,}[A-Za-z0-9+/=]{4})");

    private final CheckedConfig config;
    private final TlsSettingsReader tls;

    HttpSettingsReader(CheckedConfig config, TlsSettingsReader tls) {
        this.config = config;
        this.tls = tls;
    }

    HttpSettings read() {
        return new HttpSettings(
                config.nonEmptyText(PREFIX + "host"),
                config.whole(PREFIX + "port", 0, 65_535),
                config.flag(PREFIX + "plaintext-logins"),
                config.whole(PREFIX + "watch-streams", 0, MOST_STREAMS),
                users(),
                tls.readHttp(),
                certificateUsers());
    }

    private List<CertificateUser> certificateUsers() {
        List<CertificateUser> users = new ArrayList<>();
        for (String written : config.texts(CERTIFICATE_USERS)) {
            int colon = written.indexOf(':');
            Role role = colon < 0 ? null : role(written.substring(0, colon).strip());
            String subject = colon < 0 ? "" : subject(written.substring(colon + 1));
            if (role == null || subject.isEmpty()) {
                config.refuse(
                        CERTIFICATE_USERS,
                        "write \"ROLE:SUBJECT\" for each, with role reader, writer or admin: \"admin:CN=ada,O=Example\"");
                return List.of();
            }
            users.add(new CertificateUser(subject, role));
        }
        if (!users.isEmpty() && !tls.httpAsksForCertificates()) {
            config.refuse(
                    CERTIFICATE_USERS,
                    "nobody is asked for a certificate; set troupe.http.tls.client-auth to want or need, with a key-store and a"
                            + " trust-store");
        }
        return users;
    }

    /** As identities write it; empty where it is no name. */
    private static String subject(String written) {
        try {
            return new X500Principal(written.strip()).getName(X500Principal.RFC2253);
        } catch (IllegalArgumentException notAName) {
            return "";
        }
    }

    private List<User> users() {
        List<User> users = new ArrayList<>();
        for (String written : config.secrets(USERS)) {
            Optional<User> user = user(written);
            if (user.isEmpty()) {
                config.refuseSecret(USERS, "entry " + (users.size() + 1) + " is none; " + REMEDY);
                return List.of();
            }
            if (users.stream().anyMatch(u -> u.name().equals(user.get().name()))) {
                config.refuseSecret(USERS, "names " + user.get().name() + " twice; remove one of the entries");
            }
            users.add(user.get());
        }
        return users;
    }

    private static Optional<User> user(String written) {
        Matcher parts = USER.matcher(written.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        Role role = role(parts.group(2));
        return role == null
                ? Optional.empty()
                : Optional.of(new User(parts.group(1), role, new Secret(parts.group(3))));
    }

    private static @Nullable Role role(String written) {
        for (Role role : Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(written)) {
                return role;
            }
        }
        return null;
    }
}
