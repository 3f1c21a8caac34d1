package io.troupe.tree.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import io.troupe.request.IpRange;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contract 4.2 and 4.4. */
class AccessControlTest {

    @ParameterizedTest(name = "{0}:{1} admits {2}:{3}: {4}")
    @CsvSource({
        "world, anyone, digest, a:b, true",
        "digest, a:b, digest, a:b, true",
        "digest, a:b, digest, a:c, false",
        "digest, a:b, sasl, a:b, false",
        "sasl, joe, sasl, joe, true",
        "sasl, joe, sasl, super, true",
        "sasl, joe, sasl, ann, false",
        "x509, CN=a, x509, CN=a, true",
        "x509, CN=a, x509, CN=b, false",
        "ip, 10.1.2.3, ip, 10.1.2.3, true",
        "ip, 10.1.2.3, ip, 10.1.2.4, false",
        "ip, 10.1.0.0/16, ip, 10.1.200.4, true",
        "ip, 10.1.0.0/16, ip, 10.2.0.1, false",
        "ip, 10.1.2.128/25, ip, 10.1.2.127, false",
        "ip, 10.1.2.128/25, ip, 10.1.2.200, true",
        "ip, 0.0.0.0/0, ip, 255.1.2.3, true",
        "ip, 0.0.0.0/0, ip, ::1, false",
        "ip, fe80::/10, ip, fe80::1, true",
        "ip, fe80::/10, ip, fec0::1, false",
        "ip, ::ffff:10.0.0.1, ip, 0:0:0:0:0:ffff:a00:1, true",
        "ip, 2001:db8::1, ip, 2001:DB8:0:0:0:0:0:1, true",
        "ip, nonsense, ip, 10.0.0.1, false",
        "custom, x, custom, x, true",
        "custom, x, custom, y, false",
        "custom, x, other, x, false",
        "digest, a:b, super, '', true",
    })
    @Covers({"4.2.1", "4.4.1"})
    void matchesByScheme(String scheme, String id, String theirScheme, String theirId, boolean admitted) {
        List<Acl> acl = List.of(new Acl(Acl.READ, new Identity(scheme, id)));
        assertThat(AccessControl.permits(acl, Acl.READ, List.of(new Identity(theirScheme, theirId))))
                .isEqualTo(admitted);
    }

    @Test
    @Covers("4.2.1")
    void oneOfTheRequestedPermissionsSuffices() {
        List<Acl> acl = Acl.READ_ONLY;
        assertThat(AccessControl.permits(acl, Acl.READ | Acl.ADMIN, List.of())).isTrue();
        assertThat(AccessControl.permits(acl, Acl.WRITE | Acl.ADMIN, List.of())).isFalse();
        assertThat(AccessControl.permits(List.of(), Acl.ADMIN, List.of())).isTrue();
        assertThat(AccessControl.permits(List.of(new Acl(0, Identity.ANYONE)), Acl.READ, List.of()))
                .isFalse();
    }

    @ParameterizedTest(name = "{0} is a range: {1}")
    @CsvSource({
        "1.2.3.4, true",
        "1.2.3.4/0, true",
        "1.2.3.4/32, true",
        "1.2.3.4/33, false",
        "1.2.3.4/, false",
        "1.2.3.4/-1, false",
        "1.2.3, false",
        "1.2.3.4.5, false",
        "1.2.3.256, false",
        "1..3.4, false",
        "'', false",
        "'::', true",
        "::1, true",
        "'1::', true",
        "1:2:3:4:5:6:7:8, true",
        "1:2:3:4:5:6:7, false",
        "1:2:3:4:5:6:7:8:9, false",
        "1::2::3, false",
        "1:2:3:4::5:6:7:8, false",
        "':1', false",
        "1:2:3:4:5:6:1.2.3.4, true",
        "::1.2.3.4, true",
        "::1.2.3, false",
        "12345::, false",
        "g::, false",
        "::1/128, true",
        "::1/129, false",
    })
    void parsesAddressesWithoutAskingTheDns(String text, boolean valid) {
        assertThat(IpRange.parse(text).isPresent()).isEqualTo(valid);
    }
}
