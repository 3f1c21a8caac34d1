package io.troupe.app.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.troupe.app.clientport.TestClock;
import io.troupe.app.clientport.auth.AuthenticationProvider;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.node.HttpSettings;
import io.troupe.node.HttpSettings.Role;
import io.troupe.node.HttpSettings.User;
import io.troupe.node.Secret;
import io.troupe.request.Identity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is let in, by what his request says: decision 036. */
class AccessRuleTest {
    private static final Secret HASH = new Secret(PasswordHash.of("right-word".toCharArray(), 100));
    private static final List<User> USERS = List.of(
            new User("rita", Role.READER, HASH),
            new User("wendy", Role.WRITER, HASH),
            new User("ada", Role.ADMIN, HASH));
    private static final HttpSettings SHIPPED = HttpSettings.DEFAULT;
    private static final HttpSettings WITH_USERS = new HttpSettings("0.0.0.0", 8080, false, 1, USERS, null, List.of());

    private final TestClock clock = new TestClock();

    private AccessRule rule(HttpSettings settings) {
        return new AccessRule(settings, Authenticators.usual(), new Logins(settings.users(), clock));
    }

    private static Incoming from(String peer, @Nullable String host, @Nullable String authorization) {
        return new Incoming(address(peer), false, true, host, null, null, false, authorization, List.of());
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static String as(String user) {
        return ConsoleRig.basic(user, "right-word");
    }

    private static void refused(int status, String detail, AccessRule rule, Incoming request, Access access) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> rule.admit(request, access))
                .withMessageContaining(detail)
                .satisfies(problem -> assertThat(problem.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, localhost:8080",
        "127.0.0.1, 127.0.0.1:8080",
        "127.0.0.1, LOCALHOST",
        "::1, [::1]:8080",
    })
    void whoeverIsOnThisHostMayRead(String peer, String host) {
        assertThat(rule(SHIPPED).admit(from(peer, host, null), Access.READ)).isEqualTo(Caller.NEIGHBOUR);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, rebound.example:8080",
        "127.0.0.1, localhost.rebound.example",
        "127.0.0.1, 127.0.0.1.rebound.example",
        "127.0.0.1, ",
        "10.0.0.7, localhost:8080",
    })
    void othersSeeHealthAlone(String peer, String host) {
        refused(403, "troupe.http.users", rule(SHIPPED), from(peer, host, null), Access.READ);
        refused(401, "log in", rule(WITH_USERS), from(peer, host, null), Access.READ);
        assertThat(rule(SHIPPED).admit(from(peer, host, null), Access.OPEN)).isEqualTo(Caller.NEIGHBOUR);
    }

    @Test
    void whatAProxyForwardsDoesNotComeFromThisHost() {
        Incoming forwarded =
                new Incoming(address("127.0.0.1"), false, true, "localhost", null, null, true, null, List.of());
        refused(403, "only health", rule(SHIPPED), forwarded, Access.READ);
    }

    @Test
    void changesNeedAUserWhoMay() {
        AccessRule rule = rule(WITH_USERS);
        refused(401, "changes need a user", rule, from("127.0.0.1", "localhost", null), Access.WRITE);
        refused(401, "password NAME prints", rule(SHIPPED), from("127.0.0.1", "localhost", null), Access.WRITE);
        refused(403, "rita is no writer", rule, from("127.0.0.1", "localhost", as("rita")), Access.WRITE);
        refused(403, "wendy is no administrator", rule, from("127.0.0.1", "localhost", as("wendy")), Access.ADMIN);
        assertThat(rule.admit(from("127.0.0.1", "localhost", as("ada")), Access.ADMIN)
                        .identities())
                .contains(AuthenticationProvider.SUPER_USER);
    }

    @Test
    void aUserHasTheIdentityThatAZooKeeperClientProvesByTheSamePassword() {
        Caller wendy = rule(WITH_USERS).admit(from("127.0.0.1", "localhost", as("wendy")), Access.WRITE);
        assertThat(wendy.identities())
                .contains(new Identity("digest", digest("wendy:right-word")))
                .doesNotContain(AuthenticationProvider.SUPER_USER);
    }

    private static String digest(String userAndPassword) {
        try {
            return DigestAuthenticationProvider.generateDigest(userAndPassword);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void passwordsComeFromOtherHostsOnlyWhereNobodyOnTheWayReadsThem() {
        Incoming remote = from("10.0.0.7", "troupe.example", as("ada"));
        refused(403, "unencrypted", rule(WITH_USERS), remote, Access.READ);
        Incoming encrypted =
                new Incoming(address("10.0.0.7"), true, true, "t", null, null, false, as("ada"), List.of());
        assertThat(rule(WITH_USERS).admit(encrypted, Access.ADMIN).name()).isEqualTo("ada");
        HttpSettings trusting = new HttpSettings("0.0.0.0", 8080, true, 1, USERS, null, List.of());
        assertThat(rule(trusting).admit(remote, Access.READ).name()).isEqualTo("ada");
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example, ",
        ", cross-site",
        ", same-site",
        "http://localhost:81, ",
        "null, ",
    })
    void aPageOfAnotherSiteChangesNothing(@Nullable String origin, @Nullable String fetchSite) {
        Incoming request = new Incoming(
                address("127.0.0.1"), false, false, "localhost:8080", origin, fetchSite, false, as("ada"), List.of());
        refused(403, "another site", rule(WITH_USERS), request, Access.WRITE);
    }

    @Test
    void aPageOfOurOwnMay() {
        Incoming request = new Incoming(
                address("127.0.0.1"),
                false,
                false,
                "localhost:8080",
                "http://localhost:8080",
                "same-origin",
                false,
                as("ada"),
                List.of());
        assertThat(rule(WITH_USERS).admit(request, Access.WRITE).name()).isEqualTo("ada");
    }

    @Test
    void whoGuessesMustWaitAndWhoWasRightBeforeNeedNot() {
        AccessRule rule = rule(WITH_USERS);
        Incoming right = from("127.0.0.1", "localhost", as("ada"));
        rule.admit(right, Access.READ);
        for (int i = 0; i < Logins.MOST_FAILURES; i++) {
            Incoming guess = from("127.0.0.1", "localhost", ConsoleRig.basic("ada", "guess" + i));
            refused(401, "wrong", rule, guess, Access.READ);
        }
        refused(429, "wait", rule, from("127.0.0.1", "localhost", as("wendy")), Access.READ);
        assertThat(rule.admit(right, Access.READ).name()).isEqualTo("ada");

        clock.advance(Duration.ofMinutes(2));
        assertThat(rule.admit(from("127.0.0.1", "localhost", as("wendy")), Access.READ)
                        .name())
                .isEqualTo("wendy");
    }

    @Test
    void credentialsThatCannotBeReadAreRefusedAndNotIgnored() {
        AccessRule rule = rule(WITH_USERS);
        for (String header : List.of("Bearer x", "Basic", "Basic %%%", "Basic " + "eA==")) {
            refused(401, "", rule, from("127.0.0.1", "localhost", header), Access.READ);
        }
        refused(401, "wrong", rule, from("127.0.0.1", "localhost", ConsoleRig.basic("nobody", "x")), Access.READ);
    }
}
