package io.troupe.app.console;

import io.troupe.app.clientport.auth.Authentication;
import io.troupe.app.clientport.auth.AuthenticationProvider;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.node.AuthSettings;
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
        if (settings.tls() != null && !request.encrypted()) {
            throw forbidden("plaintext", "this port speaks TLS, and without it only health is shown: write https://");
        }
        if ((access != Access.READ || !request.safe()) && request.crossSite()) {
            throw forbidden(
                    "cross-site", "A page of another site must not change anything here: send it without a browser");
        }
        Optional<String[]> credentials = credentials(request.authorization());
        Authentication proofs = authenticators.of(request.peer());
        if (!request.certificates().isEmpty()) {
            proofs.certificates(request.certificates());
        }
        Caller caller = credentials.isPresent()
                ? user(request, credentials.get(), proofs)
                : certified(proofs).orElseGet(() -> anonymous(request));
        if (!caller.may(access)) {
            throw caller.name().isEmpty()
                    ? unauthorized("changes need a user" + (settings.users().isEmpty() ? NO_USERS : ""))
                    : forbidden(
                            "role",
                            caller.name() + " is no "
                                    + (access == Access.ADMIN ? "administrator" : "writer")
                                    + "; change the role in troupe.http");
        }
        return caller;
    }

    /** Who is a user by his certificate alone. */
    private Optional<Caller> certified(Authentication proofs) {
        List<Identity> identities = proofs.identities();
        Optional<String> subject = subject(identities);
        boolean above = identities.contains(AuthenticationProvider.SUPER_USER);
        return subject.flatMap(name -> Optional.ofNullable(above ? Role.ADMIN : settings.roleOf(name))
                .map(role -> new Caller(name, role, withRole(identities, role))));
    }

    private static Optional<String> subject(List<Identity> identities) {
        return identities.stream()
                .filter(i -> i.scheme().equals(AuthSettings.CERTIFICATES))
                .map(Identity::id)
                .findFirst();
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

    private Caller user(Incoming request, String[] credentials, Authentication proofs) {
        if (!request.encrypted() && !request.peer().isLoopbackAddress() && !settings.plaintextLogins()) {
            throw forbidden(
                    "plaintext",
                    "the password came over the network unencrypted, and should be replaced; connect from this host, or set "
                            + "troupe.http.plaintext-logins where nobody listens, or troupe.http.tls.key-store");
        }
        User user = logins.verify(request.peer(), credentials[0], credentials[1])
                .orElseThrow(() -> unauthorized(
                        "the user or the password is wrong" + (settings.users().isEmpty() ? NO_USERS : "")));
        // The same identity as a ZooKeeper client has that proves this name and password.
        proofs.packet("digest", (user.name() + ":" + credentials[1]).getBytes(StandardCharsets.UTF_8));
        return new Caller(user.name(), user.role(), withRole(proofs.identities(), user.role()));
    }

    private static List<Identity> withRole(List<Identity> proven, Role role) {
        List<Identity> identities = new ArrayList<>(proven);
        if (role == Role.ADMIN && !identities.contains(AuthenticationProvider.SUPER_USER)) {
            identities.add(AuthenticationProvider.SUPER_USER);
        }
        return identities;
    }

    /** Whom a request says that it comes from, proven or not; empty for nobody. */
    static String claimed(@Nullable String header) {
        try {
            return credentials(header).map(both -> both[0]).orElse("");
        } catch (Problem unreadable) {
            return "";
        }
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
