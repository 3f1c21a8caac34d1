package io.troupe.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.contract.Covers;
import io.troupe.node.AuditSettings;
import io.troupe.node.AuthSettings;
import io.troupe.node.HttpSettings;
import io.troupe.node.PeerSecurity;
import io.troupe.node.ProcessSettings;
import io.troupe.node.Secret;
import io.troupe.node.TlsSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys for authentication and TLS. Contract section 6.4. */
class ZooKeeperSecurityKeysTest extends ZooKeeperConfigurationRig {
    @Test
    @Covers("6.4.1")
    void authenticationIsDemandedInEitherSpelling() throws IOException {
        assertThat(read("clientPort=2181\nenforce.auth.enabled=true\nenforce.auth.schemes=digest\n")
                        .auth()
                        .requiredSchemes())
                .containsExactly("digest");
        assertThat(read("clientPort=2181\nenforce.auth.schemes=digest\n").auth().requiredSchemes())
                .isEmpty();
        assertRefused("clientPort=2181\nenforce.auth.enabled=true\n", "zoo.cfg: 3", "needs enforce.auth.schemes");
        assertThat(read("clientPort=2181\nsessionRequireClientSASLAuth=true\n")
                        .auth()
                        .requiredSchemes())
                .containsExactly("sasl");
    }

    @Test
    void theKeysOfTheAdminServerAreThoseOfTheHttpPort() throws IOException {
        HttpSettings moved = read("clientPort=2181\nadmin.serverPort=9090\nadmin.serverAddress=0.0.0.0\n")
                .http();
        assertThat(moved.port()).isEqualTo(9090);
        assertThat(moved.host()).isEqualTo("0.0.0.0");
        assertThat(read("clientPort=2181\nadmin.enableServer=false\nadmin.serverPort=9090\n")
                        .http()
                        .port())
                .isZero();
        assertThat(read("clientPort=2181\n").http()).isEqualTo(HttpSettings.DEFAULT);
        assertThat(read("clientPort=2181\n").audit()).isEqualTo(AuditSettings.DEFAULT);
        assertThat(read("clientPort=2181\naudit.enable=true\n").audit().level()).isEqualTo(AuditSettings.Level.ALL);
        assertThat(read("clientPort=2181\naudit.enable=false\n").audit().level())
                .isEqualTo(AuditSettings.Level.OFF);
    }

    @Test
    @Covers("6.4.1")
    void logInsBySaslAreConfiguredWithZooKeepersKeys() throws IOException {
        System.setProperty("zookeeper.superUser", "hdfs/a.example@EXAMPLE");
        AuthSettings auth = read("""
                        clientPort=2181
                        authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider
                        authProvider.2=org.apache.zookeeper.server.auth.DigestAuthenticationProvider
                        superUser.more=admin
                        sasl.serverconfig=Other
                        zookeeper.allowSaslFailedClients=true
                        security.auth_to_local=RULE:[1:$1]s/a/b/ DEFAULT
                        letAnySaslUserDoX=everybody
                        kerberos.removeHostFromPrincipal=true
                        kerberos.removeRealmFromPrincipal=true
                        """).auth();

        assertThat(auth.providers()).containsExactly("sasl");
        assertThat(auth.sasl())
                .isEqualTo(new AuthSettings.Sasl(
                        "Other",
                        List.of("admin", "hdfs/a.example@EXAMPLE"),
                        true,
                        true,
                        true,
                        "RULE:[1:$1]s/a/b/ DEFAULT",
                        "everybody"));
    }

    @Test
    @Covers("6.4.1")
    void providersAreConfiguredWithZooKeepersKeys() throws IOException {
        AuthSettings auth = read("""
                        clientPort=2181
                        authProvider.1=org.apache.zookeeper.server.auth.X509AuthenticationProvider
                        authProvider.2=org.apache.zookeeper.server.auth.EnsembleAuthenticationProvider
                        authProvider.x=com.example.Mine
                        DigestAuthenticationProvider.enabled=false
                        DigestAuthenticationProvider.digestAlg=SHA-256
                        X509AuthenticationProvider.superUser=CN=admin,O=Example
                        ensembleAuthName=left,right
                        skipACL=yes
                        """).auth();

        assertThat(auth.providers()).containsExactly("com.example.Mine", "ensemble", "x509");
        assertThat(auth.digestEnabled()).isFalse();
        assertThat(auth.digestAlgorithm()).isEqualTo("SHA-256");
        assertThat(auth.certificateSuperUser()).isEqualTo("CN=admin,O=Example");
        assertThat(auth.ensembleNames()).containsExactly("left", "right");
        assertThat(auth.skipAcl()).isTrue();
        assertRefused(
                "clientPort=2181\nauthProvider.1=org.apache.zookeeper.server.auth.NoSuchProvider\n",
                "zoo.cfg: 3",
                "NoSuchProvider");
    }

    @Test
    void tlsIsConfiguredWithZooKeepersKeys() throws IOException {
        ProcessSettings process = read("""
                        clientPort=2181
                        secureClientPort=2281
                        secureClientPortAddress=127.0.0.1
                        serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
                        ssl.keyStore.location=/keys/server.store
                        ssl.keyStore.type=PKCS12
                        ssl.keyStore.password=told
                        ssl.trustStore.location=/keys/authorities.jks
                        zookeeper.ssl.trustStore.password=not taken
                        ssl.trustStore.passwordPath=/keys/password
                        ssl.protocol=TLSv1.2
                        ssl.enabledProtocols=TLSv1.3,TLSv1.2
                        ssl.ciphersuites=TLS_B,TLS_A
                        ssl.clientAuth=want
                        ssl.clientHostnameVerification=true
                        ssl.handshakeDetectionTimeoutMillis=700
                        netty.server.outstandingHandshake.limit=9
                        client.certReload=true
                        client.portUnification=true
                        """);
        TlsSettings tls = process.tls();

        assertThat(process.node().secureClientPort()).isEqualTo(2281);
        assertThat(process.node().secureClientBindHost()).isEqualTo("127.0.0.1");
        assertThat(tls)
                .isEqualTo(new TlsSettings(
                        new TlsSettings.Store(
                                "troupe.tls.key-store",
                                "/keys/server.store",
                                TlsSettings.StoreType.PKCS12,
                                new Secret("told"),
                                ""),
                        new TlsSettings.Store(
                                "troupe.tls.trust-store",
                                "/keys/authorities.jks",
                                TlsSettings.StoreType.JKS,
                                Secret.NONE,
                                "/keys/password"),
                        List.of("TLSv1.3", "TLSv1.2"),
                        List.of("TLS_B", "TLS_A"),
                        TlsSettings.ClientAuth.WANT,
                        true,
                        Duration.ofMillis(700),
                        9,
                        true,
                        true));
        assertThat(process.auth().providers()).containsExactly("x509");
        assertThat(process.auth().certificateScheme()).isEqualTo("x509");
    }

    @Test
    void clientsMayHaveThePortForTlsAlone() throws IOException {
        String stores = "secureClientPort=2281\nssl.keyStore.location=k.p12\nssl.trustStore.location=t.pem\n";
        ProcessSettings alone = read(stores);

        assertThat(alone.node().clientPort()).isZero();
        assertThat(alone.node().listedClientPort()).isEqualTo(2281);
        assertThat(alone.node().secureClientBindHost()).isEqualTo("0.0.0.0");
        assertThat(alone.node().peerPort()).isEqualTo(12281);
        assertThat(alone.tls().reload()).isFalse();
        myId("1");
        assertThat(read(stores + "server.1=a:2888:3888\nserver.2=b:2888:3888\n")
                        .node()
                        .listedClientPort())
                .isEqualTo(2281);
        myId("3");
        assertThat(read(stores + THREE).node().listedClientPort()).isEqualTo(2183);
    }

    @Test
    void aSwitchedOffVerificationOfHostsIsOffForClientsToo() throws IOException {
        assertThat(read("clientPort=1\nssl.hostnameVerification=false\nssl.clientHostnameVerification=true\n")
                        .tls()
                        .verifyHost())
                .isFalse();
    }

    @Test
    void keysThatNoPortUsesAreTold() throws IOException {
        assertThat(warnings(() -> read("clientPort=2181\nssl.keyStore.location=k.p12\n")))
                .singleElement()
                .asString()
                .contains("ssl.keyStore.location = k.p12: of no effect without secureClientPort");
    }

    @Test
    void passwordsAreInNoMessage() {
        assertRefused("clientPort=2181\nsecureClientPort=2281\nssl.keyStore.password=tell\n", "troupe.tls.key-store");
        assertThatThrownBy(() -> read("clientPort=2181\nsecureClientPort=2281\nssl.keyStore.password=tell\n"))
                .message()
                .doesNotContain("= tell");
    }

    @Test
    void serversKnowEachOtherByTheCertificatesOfTheirQuorum() throws IOException {
        PeerSecurity peers = read("""
                        clientPort=2181
                        sslQuorum=true
                        ssl.quorum.keyStore.location=/keys/node.p12
                        ssl.quorum.keyStore.passwordPath=/keys/password
                        ssl.quorum.trustStore.location=/keys/nodes.pem
                        ssl.quorum.hostnameVerification=false
                        ssl.quorum.enabledProtocols=TLSv1.2,TLSv1.3
                        """).peers();

        assertThat(peers).isInstanceOfSatisfying(PeerSecurity.Certificates.class, certificates -> {
            TlsSettings tls = certificates.tls();
            assertThat(tls.keyStore().file()).isEqualTo("/keys/node.p12");
            assertThat(tls.keyStore().passwordFile()).isEqualTo("/keys/password");
            assertThat(tls.trustStore().type()).isEqualTo(TlsSettings.StoreType.PEM);
            assertThat(tls.verifyHost()).isFalse();
            assertThat(tls.protocols()).containsExactly("TLSv1.2", "TLSv1.3");
        });
    }

    /** As with ZooKeeper: a firewall admits the servers, or nobody else is there. */
    @Test
    void serversWithoutCertificatesListenBeyondLoopbackAllTheSame() throws IOException {
        myId("1");
        assertThat(read("clientPort=2181\nserver.1=zoo1:2888:3888\nserver.2=zoo2:2888:3888\n")
                        .peers())
                .isEqualTo(new PeerSecurity.None(true));
    }
}
