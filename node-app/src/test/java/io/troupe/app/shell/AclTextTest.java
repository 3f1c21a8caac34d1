package io.troupe.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access control lists as they are typed. */
class AclTextTest {
    @Test
    void subjectsOfCertificatesMayHaveCommas() throws CommandException {
        assertThat(AclText.parse("x509:CN=admin,O=Example:crwda,digest:bob:aGFzaA==:r,world:anyone:"))
                .extracting(ACL::toString)
                .containsExactly("31,'x509,'CN=admin,O=Example\n", "1,'digest,'bob:aGFzaA==\n", "0,'world,'anyone\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "world:anyone", "world:anyone:r,", "world:anyone:x", "a:b:r,c"})
    void mistakesAreRefused(String written) {
        assertThatExceptionOfType(CommandException.class).isThrownBy(() -> AclText.parse(written));
    }
}
