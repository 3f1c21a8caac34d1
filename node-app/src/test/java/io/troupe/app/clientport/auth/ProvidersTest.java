package io.troupe.app.clientport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.app.clientport.auth.AuthenticationProvider.Outcome;
import io.troupe.app.clientport.auth.AuthenticationProvider.Peer;
import io.troupe.contract.Covers;
import io.troupe.node.ConfigurationException;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contract 4.4, and providers of one's own. */
class ProvidersTest {
    private static final Peer PEER = new Peer(InetAddress.getLoopbackAddress(), List.of());

    /** Self-signed, of CN=Bob,OU=Staff,O=Example, valid until 2126. */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBtjCCAV2gAwIBAgIUbxDTMp3eZj0mOq8x2098mOP0SDkwCgYIKoZIzj0EAwIw
            MDEQMA4GA1UECgwHRXhhbXBsZTEOMAwGA1UECwwFU3RhZmYxDDAKBgNVBAMMA0Jv
            YjAgFw0yNjExMjEwODE3MTRaGA8yMTI2MTAyODA4MTcxNFowMDEQMA4GA1UECgwH
            RXhhbXBsZTEOMAwGA1UECwwFU3RhZmYxDDAKBgNVBAMMA0JvYjBZMBMGByqGSM49
            AgEGCCqGSM49AwEHA0IABC1pkfCC8FT3s47o/SqYjHZzLT0Ec8s1yteeBPOXHUzO
            xRiOdW5AkoiXYJlKjwbVGbctrh1SMgWBxP+4soaBIf2jUzBRMB0GA1UdDgQWBBQR
            xY3XobXLhvtNSJ4YMb5RdBqs2DAfBgNVHSMEGDAWgBQRxY3XobXLhvtNSJ4YMb5R
            dBqs2DAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIHxZlrW7pEib
            eQIh29sE7OzUgSVqlTsVz8aeordLdCWPAiBzryvJtsdz4NzFEBRSBMKkzXe1NbHu
            vpUUFUq9hfXcbQ==
            -----END CERTIFICATE-----
            """;

    private static Providers providers(String... settings) {
        return new Providers(AuthConfiguration.of(settings));
    }

    private static Outcome authenticate(Providers providers, String scheme, Peer peer, String data) {
        return providers.of(scheme).orElseThrow().authenticate(peer, data.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "SHA1, super:xQJmxLMiHGwaqBvst5y6rkB6HQs=",
        "SHA-256, super:wtZw1Um4mq1rRKbXqxHs8ueodBP35/JhtBP/nwJ62WY=",
    })
    @Covers("6.4.1")
    void aDigestIsMadeByTheConfiguredAlgorithm(String algorithm, String digest) {
        Providers providers =
                providers("troupe.auth.digest-algorithm = " + algorithm, "troupe.super-digest = \"" + digest + "\"");
        assertThat(authenticate(providers, "digest", PEER, "super:admin"))
                .isEqualTo(
                        new Outcome.Proven(List.of(new Identity("digest", digest), AuthenticationProvider.SUPER_USER)));
    }

    @Test
    void anUnknownAlgorithmIsRefused() {
        assertThatThrownBy(() -> providers("troupe.auth.digest-algorithm = SHA7"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SHA7");
    }

    @Test
    void aCertificateProvesItsSubject() throws CertificateException {
        X509Certificate bob = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(CERTIFICATE.getBytes(StandardCharsets.US_ASCII)));
        Peer peer = new Peer(InetAddress.getLoopbackAddress(), List.of(bob));
        Identity identity = new Identity("x509", "CN=Bob,OU=Staff,O=Example");

        assertThat(authenticate(providers("troupe.auth.providers = x509"), "x509", peer, ""))
                .isEqualTo(new Outcome.Proven(List.of(identity)));
        assertThat(authenticate(
                        providers(
                                "troupe.auth.providers = x509",
                                "troupe.auth.x509-super-user = \"CN=Bob,OU=Staff,O=Example\""),
                        "x509",
                        peer,
                        ""))
                .isEqualTo(new Outcome.Proven(List.of(identity, AuthenticationProvider.SUPER_USER)));
        assertThat(authenticate(providers("troupe.auth.providers = x509"), "x509", PEER, ""))
                .isEqualTo(new Outcome.Refused());
    }

    @Test
    @Covers("4.4.8")
    void aProviderOfOnesOwnIsLoadedByItsName() {
        Authenticators authenticators = Authenticators.of(
                AuthConfiguration.of(
                        "troupe.auth.providers = [\"" + Badges.class.getName() + "\"]",
                        "troupe.required-auth-schemes = badge"),
                List.of());
        Authentication client = authenticators.of(InetAddress.getLoopbackAddress());

        assertThat(client.suffices()).isFalse();
        assertThat(client.packet("badge", new byte[] {'n', 'o'})).isInstanceOf(AuthReply.Refused.class);
        assertThat(client.packet("badge", new byte[] {'7'})).isEqualTo(new AuthReply.Accepted(null));
        assertThat(client.suffices()).isTrue();
        assertThat(client.shown(client.identities()))
                .containsExactly(new Identity("ip", "127.0.0.1"), new Identity("badge", "number 7"));
        Acl named = new Acl(Acl.READ, new Identity("badge", "7"));
        assertThat(authenticators.aclSyntax().resolve(List.of(named), List.of()))
                .containsExactly(named);
        assertThat(authenticators
                        .aclSyntax()
                        .resolve(List.of(new Acl(Acl.READ, new Identity("auth", ""))), client.identities()))
                .containsExactly(named);
        assertThat(authenticators
                        .aclSyntax()
                        .resolve(List.of(new Acl(Acl.READ, new Identity("badge", "x"))), List.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "no.such.Provider, class path",
        "java.lang.String, AuthenticationProvider",
        "java.lang.Integer, public constructor",
        "io.troupe.app.clientport.auth.ProvidersTest$Everybody, world",
        "io.troupe.app.clientport.auth.ProvidersTest$OtherPasswords, one of the two"
    })
    void aClassThatCannotBeOneIsRefused(String name, String reason) {
        assertThatThrownBy(() -> providers("troupe.auth.providers = [\"" + name + "\"]"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(reason);
    }

    /** Accepts numbers. */
    public static class Badges implements AuthenticationProvider {
        @Override
        public String scheme() {
            return "badge";
        }

        @Override
        public Outcome authenticate(Peer peer, byte @Nullable [] data) {
            String number = data == null ? "" : new String(data, StandardCharsets.UTF_8);
            return isValid(number) ? new Outcome.Proven(List.of(new Identity("badge", number))) : new Outcome.Refused();
        }

        @Override
        public boolean isValid(String id) {
            return id.matches("\\d+");
        }

        @Override
        public boolean provesIdentity() {
            return true;
        }

        @Override
        public String userName(String id) {
            return "number " + id;
        }
    }

    /** Wants a scheme that has a meaning of its own. */
    public static final class Everybody extends Badges {
        @Override
        public String scheme() {
            return "world";
        }
    }

    /** Wants a scheme that is taken. */
    public static final class OtherPasswords extends Badges {
        @Override
        public String scheme() {
            return "digest";
        }
    }
}
