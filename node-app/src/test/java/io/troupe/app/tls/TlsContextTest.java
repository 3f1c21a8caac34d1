package io.troupe.app.tls;

import static io.troupe.app.tls.TestKeys.PASSWORD;
import static io.troupe.app.tls.TestKeys.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.node.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores of every kind, and what is wrong with them. */
class TlsContextTest {
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

    @TempDir
    private static Path directory;

    private static Path authorities;

    @BeforeAll
    static void makeStores() throws IOException, GeneralSecurityException {
        TestKeys keys = new TestKeys(directory);
        Path store = keys.make("good.p12", "CN=server");
        keys.make("good.jks", "CN=server", "-storetype", "JKS", "-keypass", PASSWORD);
        keys.make("other.jks", "CN=server", "-storetype", "JKS", "-keypass", "another one");
        authorities = keys.certificates("authorities.pem", store);
        keys.keyAndCertificate("good.pem", store, "PRIVATE KEY", false);
        keys.keyAndCertificate("encrypted.pem", store, "ENCRYPTED PRIVATE KEY", true);
        keys.keyAndCertificate("old.pem", store, "EC PRIVATE KEY", false);
        Files.copy(store, directory.resolve("nameless"));
        Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        Files.writeString(directory.resolve("empty.pem"), "");
        Files.writeString(directory.resolve("garbage.p12"), "nothing of the kind");
    }

    private static String file(String name) {
        return "\"" + directory.resolve(name) + "\"";
    }

    private static TlsContext load(String keys, String... lines) {
        return TlsContext.load(
                settings(directory.resolve(keys), authorities, lines).tls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"good.p12", "good.jks", "good.pem", "encrypted.pem"})
    void everyKindOfStoreIsRead(String keys) {
        SSLEngine engine = load(keys).engine(PEER);

        assertThat(engine.getUseClientMode()).isFalse();
        assertThat(engine.getNeedClientAuth()).isTrue();
        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
    }

    @Test
    void aKeyInTheClearNeedsNoPassword() {
        assertThat(load("good.pem", "troupe.tls.key-store-password = \"\"")
                        .engine(PEER)
                        .getNeedClientAuth())
                .isTrue();
    }

    @Test
    void whatTheSettingsAskForIsAskedOfTheEngine() {
        SSLEngine engine = load(
                        "good.p12",
                        "troupe.tls.client-auth = want",
                        "troupe.tls.protocols = TLSv1.3",
                        "troupe.tls.cipher-suites = \"TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256\"",
                        "troupe.tls.verify-client-host = true")
                .engine(PEER);

        assertThat(engine.getWantClientAuth()).isTrue();
        assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.3");
        assertThat(engine.getEnabledCipherSuites()).containsExactly("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");
        assertThat(engine.getSSLParameters().getEndpointIdentificationAlgorithm())
                .isEqualTo("HTTPS");
        assertThat(engine.getPeerHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void thePasswordMayStandInAFileAndTheTypeInASetting() {
        assertThat(TlsContext.load(settings(
                                        "troupe.secure-client-port = 2281",
                                        "troupe.tls.key-store = " + file("nameless"),
                                        "troupe.tls.key-store-type = pkcs12",
                                        "troupe.tls.key-store-password-file = " + file("password"),
                                        "troupe.tls.client-auth = none")
                                .tls())
                        .engine(PEER)
                        .getNeedClientAuth())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "absent.p12, does not exist",
        "garbage.p12, cannot be read as PKCS12",
        "empty.pem, there is no certificate in it",
        "authorities.pem, holds no private key",
        "old.pem, openssl pkcs8 -topk8",
        "other.jks, keytool -keypasswd",
    })
    void aKeyStoreThatIsNoneIsNamedWithItsRemedy(String keys, String remedy) {
        assertThatThrownBy(() -> load(keys))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(directory.resolve(keys).toString())
                .hasMessageContaining("troupe.tls.key-store (ssl.keyStore.location)")
                .hasMessageContaining(remedy)
                .message()
                .doesNotContain(PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"good.p12", "good.jks", "encrypted.pem"})
    void aWrongPasswordIsToldWithoutIt(String keys) {
        assertThatThrownBy(() -> load(keys, "troupe.tls.key-store-password = \"battery staple\""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(directory.resolve(keys).toString())
                .hasMessageContaining("troupe.tls.key-store-password; correct the password")
                .message()
                .doesNotContain("staple");
    }

    @ParameterizedTest
    @CsvSource({
        "troupe.tls.trust-store = %s, garbage.p12, troupe.tls.trust-store (ssl.trustStore.location)",
        "troupe.tls.trust-store = %s, empty.pem, there is no certificate in it",
        "troupe.tls.trust-store = %s, absent.pem, does not exist",
        "troupe.tls.trust-store-password-file = %s, absent, troupe.tls.trust-store-password-file (ssl.trustStore.passwordPath)",
    })
    void aTrustStoreThatIsNoneIsNamedWithItsRemedy(String line, String name, String remedy) {
        assertThatThrownBy(() -> load("good.p12", line.formatted(file(name))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(directory.resolve(name).toString())
                .hasMessageContaining(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "troupe.tls.protocols = TLSv7, TLSv7, TLSv1.3",
        "troupe.tls.cipher-suites = ROT13, ROT13, TLS_AES_256_GCM_SHA384",
    })
    void whatJavaDoesNotKnowIsNamedBesideWhatItKnows(String line, String unknown, String known) {
        assertThatThrownBy(() -> load("good.p12", line))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(unknown)
                .hasMessageContaining(known);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            troupe.tls.key-store = ""            | troupe.tls.key-store = ""         | private key and certificate
            troupe.tls.trust-store = ""          | troupe.tls.trust-store = ""       | client-auth = none
            troupe.tls.key-store = "k.txt"       | troupe.tls.key-store = "k.txt"    | .jks, .p12, .pfx or .pem
            troupe.tls.key-store-type = bcfks    | troupe.tls.key-store-type         | jks, pkcs12, pem
            troupe.tls.key-store-password-file=x | troupe.tls.key-store-password-file | remove one of the two
            troupe.tls.key-store-password = []   | troupe.tls.key-store-password     | write a text
            troupe.tls.client-auth = perhaps     | troupe.tls.client-auth            | need, want, none
            troupe.tls.protocols = ""            | troupe.tls.protocols              | TLSv1.3
            troupe.secure-client-port = 2181     | troupe.secure-client-port = 2181  | use two ports
            troupe.secure-client-port = 25520    | troupe.secure-client-port = 25520 | use two ports
            troupe { client-port = 0, tls.client-port-too = true } | troupe.tls.client-port-too | no troupe.client-port
            troupe { client-port = 0, secure-client-port = 0 } | troupe.client-port = 0 | set one of the two
            """)
    void settingsThatDoNotFitAreRefused(String line, String where, String remedy) {
        assertThatThrownBy(() -> settings(directory.resolve("good.p12"), authorities, line))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(where)
                .hasMessageContaining(remedy)
                .message()
                .doesNotContain(PASSWORD);
    }

    @Test
    void settingsPrintNoPassword() {
        assertThat(settings(directory.resolve("good.p12"), authorities).toString())
                .doesNotContain(PASSWORD);
    }
}
