package io.troupe.app.console;

import io.troupe.app.clientport.auth.Authentication;
import io.troupe.app.clientport.auth.AuthenticationProvider;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.node.HttpSettings;
import io.troupe.node.HttpSettings.Role;
import io.troupe.node.HttpSettings.User;
import io.troupe.request.Identity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask what (decision 036). Health is for everybody. Whoever is on this host may read what znodes' access control lists show
 * to everybody. All else needs a user and his password, which nobody on the way may be able to read. Thread-safe.
 */
final class AccessRule {
    private static final String CHALLENGE = "Basic realm=\"troupe\", charset=\"UTF-8\"";
    private static final String NO_USERS =
            "; none is configured: add the line that bin/troupe password NAME prints to troupe.http.users";

    private final HttpSettings settings;
    private final Authenticators authenticators;
    private final Logins logins;

    AccessRule(HttpSettings settings, Authenticators authenticators, Logins logins) {
        this.settings = settings;
        this.authenticators = authenticators;
        this.logins = logins;
    }

    /**
     * Who asks.
     *
     * @param access what is asked of him
     * @throws Problem when he may not
     */
    Caller admit(Incoming request, Access access) {
        if (access == Access.OPEN) {
            return Caller.NEIGHBOUR;
        }
        if ((access != Access.READ || !request.safe()) && request.crossSite()) {
            throw forbidden(
                    "cross-site", "A page of another site must not change anything here: send it without a browser");
        }
        Optional<String[]> credentials = credentials(request.authorization());
        Caller caller = credentials.isPresent() ? user(request, credentials.get()) : anonymous(request);
        if (!caller.may(access)) {
            throw caller.name().isEmpty()
                    ? unauthorized("changes need a user" + (settings.users().isEmpty() ? NO_USERS : ""))
                    : forbidden(
                            "role",
                            caller.name() + " is no "
                                    + (access == Access.ADMIN ? "administrator" : "writer")
                                    + "; change the role in troupe.http.users");
        }
        return caller;
    }

    private Caller anonymous(Incoming request) {
        if (request.fromHere()) {
            return Caller.NEIGHBOUR;
        }
        if (settings.users().isEmpty()) {
            throw forbidden(
                    "not-local",
                    "only health is shown to other hosts, and under names of this host other than localhost"
                            + NO_USERS);
        }
        throw unauthorized("log in: from other hosts, and under names other than localhost, only health needs no user");
    }

    private Caller user(Incoming request, String[] credentials) {
        if (!request.encrypted() && !request.peer().isLoopbackAddress() && !settings.plaintextLogins()) {
            throw forbidden(
                    "plaintext",
                    "the password came over the network unencrypted, and should be replaced; connect from this host, or set "
                            + "troupe.http.plaintext-logins where nobody listens");
        }
        User user = logins.verify(request.peer(), credentials[0], credentials[1])
                .orElseThrow(() -> unauthorized(
                        "the user or the password is wrong" + (settings.users().isEmpty() ? NO_USERS : "")));
        return new Caller(user.name(), user.role(), identities(request, user, credentials[1]));
    }

    /** The same as a ZooKeeper client has from here that proves this name and password. */
    private List<Identity> identities(Incoming request, User user, String password) {
        Authentication authentication = authenticators.of(request.peer());
        authentication.packet("digest", (user.name() + ":" + password).getBytes(StandardCharsets.UTF_8));
        List<Identity> identities = new ArrayList<>(authentication.identities());
        if (user.role() == Role.ADMIN && !identities.contains(AuthenticationProvider.SUPER_USER)) {
            identities.add(AuthenticationProvider.SUPER_USER);
        }
        return identities;
    }

    /** Name and password; empty where none are shown. */
    private static Optional<String[]> credentials(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        String[] parts = header.strip().split(" +", 2);
        if (!parts[0].equalsIgnoreCase("Basic") || parts.length < 2) {
            throw unauthorized("log in with the scheme Basic; others are not known");
        }
        try {
            String both = new String(Base64.getDecoder().decode(parts[1].strip()), StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            if (colon > 0) {
                return Optional.of(new String[] {both.substring(0, colon), both.substring(colon + 1)});
            }
        } catch (IllegalArgumentException e) {
            throw unauthorized("the header Authorization holds no base64");
        }
        throw unauthorized("the header Authorization names no user");
    }

    private static Problem unauthorized(String detail) {
        return Problem.of(401, "unauthorized", "A user is needed", detail).with("WWW-Authenticate", CHALLENGE);
    }

    private static Problem forbidden(String cause, String detail) {
        return Problem.of(403, cause, "Not allowed", detail);
    }
}
