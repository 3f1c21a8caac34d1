package io.troupe.app.clientport.auth;

import static org.assertj.core.api.Assertions.assertThat;

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

    @ParameterizedTest
    @CsvSource({
        "world, anyone",
        "digest, bob:hash",
        "ip, 10.0.0.1",
        "ip, 10.0.0.0/8",
        "ip, 10.0.0.0/0",
        "ip, ::1",
        "ip, 2001:db8::/128"
    })
    void entriesThatMakeSenseAreKept(String scheme, String id) {
        assertThat(SYNTAX.resolve(List.of(entry(scheme, id)), List.of())).containsExactly(entry(scheme, id));
    }

    @ParameterizedTest
    @CsvSource({
        "world, nobody",
        "digest, bob",
        "digest, bob:",
        "digest, bob:a:b",
        "ip, localhost",
        "ip, 10.0.0",
        "ip, 10.0.0.0/33",
        "ip, 10.0.0.0/-1",
        "ip, 10.0.0.0/x",
        "ip, ::1/129",
        "super, ''",
        "sasl, bob",
        "x509, CN=bob",
        "nonsense, id"
    })
    void oneEntryThatMakesNoneInvalidatesTheList(String scheme, String id) {
        assertThat(SYNTAX.resolve(List.of(entry("world", "anyone"), entry(scheme, id)), List.of()))
                .isEmpty();
    }

    @Test
    void authStandsForEveryProvenIdentity() {
        assertThat(SYNTAX.resolve(List.of(entry("auth", "whatever")), List.of(ADDRESS, BOB, AMY)))
                .containsExactly(new Acl(Acl.READ, BOB), new Acl(Acl.READ, AMY));
    }

    @Test
    void authWithoutAProvenIdentityIsInvalid() {
        assertThat(SYNTAX.resolve(List.of(entry("auth", "")), List.of(ADDRESS))).isEmpty();
    }

    @Test
    void repetitionsAreDropped() {
        assertThat(SYNTAX.resolve(
                        List.of(entry("digest", "bob:x"), entry("auth", ""), entry("digest", "bob:x")), List.of(BOB)))
                .containsExactly(new Acl(Acl.READ, BOB));
    }
}
