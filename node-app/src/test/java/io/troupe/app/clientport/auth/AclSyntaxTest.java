package io.troupe.app.clientport.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AclSyntaxTest {
    private static final AclSyntax SYNTAX = Authenticators.usual().aclSyntax();
    private static final Identity ADDRESS = new Identity("ip", "127.0.0.1");
    private static final Identity BOB = new Identity("digest", "bob:x");
    private static final Identity AMY = new Identity("digest", "amy:y");

    private static Acl entry(String scheme, String id) {
        return new Acl(Acl.READ, new Identity(scheme, id));
    }

    private static boolean isValid(AclSyntax syntax, String scheme, String id) {
        return !syntax.resolve(List.of(entry("world", "anyone"), entry(scheme, id)), List.of())
                .isEmpty();
    }

    /** Verdicts of ZooKeeper 3.9.5. */
    @ParameterizedTest(name = "{0}:{1} is valid: {2}")
    @CsvSource({
        "world, anyone, true",
        "world, nobody, false",
        "digest, bob:hash, true",
        "digest, bob:hash:, true",
        "digest, ':hash', true",
        "digest, bob, false",
        "digest, bob:, false",
        "digest, bob:a:b, false",
        "digest, '::b', false",
        "digest, '', false",
        "ip, 10.0.0.1, true",
        "ip, 010.0.0.1, true",
        "ip, 10.0.0.0/8, true",
        "ip, 10.0.0.0/0, true",
        "ip, ::1, true",
        "ip, '::', true",
        "ip, 2001:db8::/128, true",
        "ip, localhost, false",
        "ip, 10.0.0, false",
        "ip, 10.0.0.0/33, false",
        "ip, 10.0.0.0/-1, false",
        "ip, 10.0.0.0/x, false",
        "ip, 10.0.0.0/, false",
        "ip, 10.0.0.0/8/9, false",
        "ip, ::1/129, false",
        "ip, '[::1]', false",
        "ip, fe80::1%eth0, false",
        "ip, ::ffff:10.0.0.1, false",
        "ip, '', false",
        "super, '', false",
        "sasl, bob, false",
        "x509, CN=bob, false",
        "ensemble, left, false",
        "nonsense, id, false"
    })
    @Covers("4.3.1")
    void withTheUsualProviders(String scheme, String id, boolean valid) {
        assertThat(isValid(SYNTAX, scheme, id)).isEqualTo(valid);
    }

    /** Verdicts of ZooKeeper 3.9.5. */
    @ParameterizedTest(name = "{0}:{1} is valid: {2}")
    @CsvSource({
        "sasl, bob, true",
        "sasl, '', true",
        "sasl, bob@X, true",
        "sasl, a/b@X, true",
        "sasl, a/b, true",
        "sasl, a/b/c, true",
        "sasl, @X, true",
        "sasl, a@, true",
        "sasl, a@b@c, false",
        "sasl, a/b/c@X, false",
        "sasl, a@X/y, false",
        "x509, CN=bob, true",
        "x509, 'cn=Bob, o=x', true",
        "x509, '', true",
        "x509, bob, false",
        "ensemble, left, false"
    })
    void withFurtherProviders(String scheme, String id, boolean valid) {
        AclSyntax syntax = Authenticators.of(
                        AuthConfiguration.of("troupe.auth.providers = \"sasl,x509,ensemble\""), List.of())
                .aclSyntax();
        assertThat(isValid(syntax, scheme, id)).isEqualTo(valid);
    }

    @Test
    @Covers("4.3.1")
    void authStandsForEveryProvenIdentity() {
        assertThat(SYNTAX.resolve(List.of(entry("auth", "whatever")), List.of(ADDRESS, BOB, AMY)))
                .containsExactly(new Acl(Acl.READ, BOB), new Acl(Acl.READ, AMY));
    }

    @Test
    void authWithoutAProvenIdentityIsInvalid() {
        assertThat(SYNTAX.resolve(List.of(entry("auth", "")), List.of(ADDRESS))).isEmpty();
    }

    @Test
    void repetitionsAreDroppedAsFarAsTheyWereSent() {
        assertThat(SYNTAX.resolve(
                        List.of(entry("digest", "bob:x"), entry("auth", ""), entry("digest", "bob:x")), List.of(BOB)))
                .containsExactly(new Acl(Acl.READ, BOB), new Acl(Acl.READ, BOB));
    }
}
