package io.troupe.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access control lists as they are typed. */
class AclTextTest {
    @Test
    void subjectsOfCertificatesMayHaveCommas() throws CommandException {
        assertThat(AclText.parse("x509:CN=admin,O=Example:crwda,digest:bob:aGFzaA==:r,world:anyone:"))
                .extracting(acl -> acl.getPerms() + " " + acl.getId().getScheme() + " "
                        + acl.getId().getId())
                .containsExactly("31 x509 CN=admin,O=Example", "1 digest bob:aGFzaA==", "0 world anyone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "world:anyone", "world:anyone:r,", "world:anyone:x", "a:b:r,c"})
    void mistakesAreRefused(String written) {
        assertThatExceptionOfType(CommandException.class).isThrownBy(() -> AclText.parse(written));
    }
}
