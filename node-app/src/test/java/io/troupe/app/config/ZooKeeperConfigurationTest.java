package io.troupe.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import io.troupe.broadcast.BroadcastSettings;
import io.troupe.contract.Covers;
import io.troupe.node.AuthSettings;
import io.troupe.node.ClientLoad;
import io.troupe.node.ConfigurationException;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
import io.troupe.node.Secret;
import io.troupe.node.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Contract section 6. */
class ZooKeeperConfigurationTest {
    private static final String THREE = """
            server.1=a.example:2888:3888
            server.2=b.example:2888:3888:participant;2182
            server.3=c.example:2889:3889;[::1]:2183
            """;

    @TempDir
    Path directory;

    @AfterEach
    void forgetProperties() {
        List.of(
                        "zookeeper.snapCount",
                        "zookeeper.leaderServes",
                        "zookeeper.tickTime",
                        "tickTime",
                        "jute.maxbuffer",
                        "troupe.host",
                        "zookeeper.superUser")
                .forEach(System::clearProperty);
    }

    private ProcessSettings read(String text) throws IOException {
        Path file = directory.resolve("zoo.cfg");
        Files.writeString(file, "dataDir=" + directory.resolve("data") + "\n" + text);
        return NodeSettingsReader.read(OperatorFile.load(file.toFile()));
    }

    private void myId(String written) throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data").resolve("myid"), written);
    }

    private void assertRefused(String text, String... inMessage) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(inMessage);
    }

    @Test
    void aServerAloneNeedsNoMoreThanAPortAndADirectory() throws IOException {
        ProcessSettings process = read("clientPort=2181\n");
        NodeSettings node = process.node();

        assertThat(node.nodeId()).isEqualTo(1);
        assertThat(node.seeds()).containsExactly(new NodeSettings.Seed(1, "127.0.0.1", 12181));
        assertThat(node.bindHost()).isEqualTo("127.0.0.1");
        assertThat(node.clientBindHost()).isEqualTo("0.0.0.0");
        assertThat(node.clientPort()).isEqualTo(2181);
        assertThat(node.dataDir()).isEqualTo(directory.resolve("data/troupe").toString());
    }

    @Test
    @Covers({"6.2.1", "6.3.1"})
    void whatIsNotWrittenHasZooKeepersDefault() throws IOException {
        ProcessSettings process = read("clientPort=2181\n");

        assertThat(process.node().heartbeat().tick()).isEqualTo(Duration.ofSeconds(3));
        assertThat(process.node().minSessionTimeout()).isEqualTo(Duration.ofSeconds(6));
        assertThat(process.node().maxSessionTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(process.node().fourLetterWords()).containsExactly("srvr");
        assertThat(process.node().quotasEnforced()).isFalse();
        assertThat(process.ttlNodes()).isFalse();
    }

    @Test
    @Covers({"6.2.1", "6.3.1"})
    void whatIsWrittenTakesEffect() throws IOException {
        ProcessSettings process = read("""
                # a comment
                clientPort = 2191
                clientPortAddress=127.0.0.1
                tickTime=1000
                minSessionTimeout=1500
                maxSessionTimeout=-1
                maxClientCnxns=0
                snapCount=5000
                4lw.commands.whitelist=ruok, mntr
                extendedTypesEnabled=true
                zookeeper.enforceQuota=true
                DigestAuthenticationProvider.superDigest=super:abc=
                """);
        NodeSettings node = process.node();

        assertThat(node.clientPort()).isEqualTo(2191);
        assertThat(node.clientBindHost()).isEqualTo("127.0.0.1");
        assertThat(node.minSessionTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(node.maxSessionTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(node.maxConnectionsPerAddress()).isZero();
        assertThat(node.tree().snapshotEvery()).isEqualTo(5000);
        assertThat(node.fourLetterWords()).containsExactly("mntr", "ruok");
        assertThat(node.quotasEnforced()).isTrue();
        assertThat(process.ttlNodes()).isTrue();
        assertThat(process.auth().superDigest()).isEqualTo("super:abc=");
    }

    @Test
    void anObserverJoinsThroughThoseWhoVote() throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data").resolve("myid"), "9\n");
        NodeSettings node = read("""
                peerType=observer
                server.1=a:2888:3888;2181
                server.3=c:2888:3888;2181
                server.9=z:2888:3889:observer;2182
                """).node();

        assertThat(node.nodeId()).isEqualTo(9);
        assertThat(node.listed()).isFalse();
        assertThat(node.seeds())
                .containsExactly(new NodeSettings.Seed(1, "a", 2888), new NodeSettings.Seed(3, "c", 2888));
        assertThat(node.host()).isEqualTo("z");
        assertThat(node.clientPort()).isEqualTo(2182);
        assertThat(node.clientHost()).isEqualTo("0.0.0.0");
        assertThat(node.electionPort()).isEqualTo(3889);
    }

    @Test
    void limitsInTicksAreDurations() throws IOException {
        BroadcastSettings limits = read("clientPort=2181\ninitLimit=10\nsyncLimit=5\ntickTime=2000\n")
                .node()
                .broadcast();

        assertThat(limits.syncDeadline()).isEqualTo(Duration.ofSeconds(20));
        assertThat(limits.proposalDeadline()).isEqualTo(Duration.ofSeconds(10));
        assertRefused(
                "clientPort=1\ninitLimit=0\n", "zoo.cfg: 3: initLimit = 0: write a whole number from 1 to 1200 ticks");
    }

    @Test
    void limitsOfAllClientsHaveCounterparts() throws IOException {
        assertThat(read("clientPort=2181\n").load().requests().outstanding()).isEqualTo(1000);
        assertThat(read("""
                clientPort=2181
                maxCnxns=9
                clientPortListenBacklog=8
                clientTcpKeepAlive=true
                nio.sessionlessCnxnTimeout=7000
                globalOutstandingLimit=6
                request_throttle_max_requests=5
                throttled_op_wait_time=400
                largeRequestThreshold=-1
                largeRequestMaxBytes=3
                connection_throttle_tokens=2
                connection_throttle_fill_time=10
                connection_throttle_fill_count=11
                connection_throttle_weight_enabled=true
                connection_throttle_global_session_weight=2
                connection_throttle_renew_session_weight=1
                connection_throttle_local_session_weight=1
                connection_throttle_freeze_time=50
                connection_throttle_drop_increase=0.5
                connection_throttle_drop_decrease=0.25
                connection_throttle_decrease_ratio=0.75
                """).load())
                .isEqualTo(new ClientLoad(
                        new ClientLoad.Connections(9, 8, true, Duration.ofSeconds(7)),
                        new ClientLoad.ConnectRate(
                                2,
                                Duration.ofMillis(10),
                                11,
                                new ClientLoad.Weights(2, 1),
                                new ClientLoad.Dropping(Duration.ofMillis(50), 0.5, 0.25, 0.75)),
                        new ClientLoad.Requests(6, 5, Duration.ofMillis(400), 0, 3)));
    }

    @Test
    @Covers("6.3.1")
    void tooFewSnapshotsAreThreeWithAWarning() throws IOException {
        assertThat(read("clientPort=2181\nautopurge.snapRetainCount=1\n")
                        .node()
                        .snapshot()
                        .keep())
                .isEqualTo(3);
        assertThat(warnings(() -> read("clientPort=2181\nautopurge.snapRetainCount=1\n")))
                .singleElement()
                .asString()
                .contains("autopurge.snapRetainCount = 1: 3 are kept");
    }

    @Test
    void aDirectoryForTheLogIsSaidToBeUnused() throws IOException {
        assertThat(warnings(() -> read("clientPort=2181\ndataLogDir=" + directory.resolve("log") + "\n")))
                .singleElement()
                .asString()
                .contains("dataLogDir", "nothing is written there");
        assertThat(warnings(() -> read("clientPort=2181\ndataLogDir=" + directory.resolve("data") + "\n")))
                .isEmpty();
    }

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
                        .verifyClientHost())
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
    @Covers("6.1.2")
    void systemPropertiesFillWhatTheFileLeavesOut() throws IOException {
        System.setProperty("zookeeper.snapCount", "7000");
        System.setProperty("jute.maxbuffer", "100000");

        assertThat(read("clientPort=2181\n").node().tree().snapshotEvery()).isEqualTo(7000);
        assertThat(read("clientPort=2181\n").maxRequestBytes()).isEqualTo(100000);
        assertThat(read("clientPort=2181\nsnapCount=8000\n").node().tree().snapshotEvery())
                .isEqualTo(8000);
    }

    @ParameterizedTest
    @CsvSource({"zookeeper.tickTime=1000, 3000", "tickTime:1000, 1000"})
    @Covers("6.1.2")
    void coreKeysAreReadOnlyFromTheFileAndWithoutPrefix(String line, int tick) throws IOException {
        System.setProperty("tickTime", "500");
        System.setProperty("zookeeper.tickTime", "500");

        assertThat(read("clientPort=2181\n" + line + "\n").node().heartbeat().tick())
                .isEqualTo(Duration.ofMillis(tick));
    }

    @Test
    @Covers("6.1.2")
    void someKeysAreReadOnlyFromSystemProperties() throws IOException {
        assertThat(read("clientPort=2181\njute.maxbuffer=100000\n").maxRequestBytes())
                .isEqualTo(0xfffff);
        System.setProperty("jute.maxbuffer", "100");
        assertRefused("clientPort=2181\n", "-Djute.maxbuffer = 100: write a number of bytes from 1024 to 16777216");
        System.setProperty("jute.maxbuffer", "0x9fffff");
        assertThat(read("clientPort=2181\n").maxRequestBytes()).isEqualTo(0x9fffff);
        System.setProperty("jute.maxbuffer", "0x1000001");
        assertRefused("clientPort=2181\n", "0x400000");
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertRefused("clientPort=x\nsnapCount=y\nserver.x=a:1:2\n", "zoo.cfg: 2", "zoo.cfg: 3", "zoo.cfg: 4");
    }

    @Test
    @Covers("6.1.1")
    void whatNothingCorrespondsToIsToldInOneWarning() throws IOException {
        System.setProperty("zookeeper.leaderServes", "no");

        assertThat(
                        warnings(
                                () -> read(
                                        "clientPort=2181\nfastleader.minNotificationInterval=5\nelectionAlg=3\nobserverMasterPort=2191\n")))
                .singleElement()
                .asString()
                .contains("corresponds to ", "observerMasterPort")
                .contains("fastleader.minNotificationInterval", "-Dzookeeper.leaderServes")
                .doesNotContain("clientPort", "dataDir", "electionAlg");
    }

    @Test
    void zooKeepersPropertiesCountUnderOurOwnFormatToo() throws IOException {
        System.setProperty("zookeeper.snapCount", "7000");
        System.setProperty("zookeeper.leaderServes", "no");
        Path file = directory.resolve("application.conf");
        Files.writeString(file, """
                akka.cluster.seed-nodes = ["akka://troupe@127.0.0.1:25520"]
                troupe.snapshot-every = 5
                zookeeper.snapCount = 6000
                zookeeper { enforceQuota = no, 4lw.commands.whitelist = "mntr" }
                """);
        ProcessSettings process = NodeSettingsReader.read(OperatorFile.load(file.toFile()));

        assertThat(process.node().tree().snapshotEvery()).isEqualTo(7000);
        assertThat(process.node().quotasEnforced()).isFalse();
        assertThat(process.node().fourLetterWords()).containsExactly("mntr");
        assertThat(process.node().heartbeat().tick()).isEqualTo(Duration.ofSeconds(2));
        assertThat(warnings(() -> OperatorFile.load(file.toFile())))
                .singleElement()
                .asString()
                .contains("-Dzookeeper.leaderServes");
        System.setProperty("zookeeper.snapCount", "many");
        assertThatThrownBy(() -> OperatorFile.load(file.toFile()))
                .hasMessageContaining("-Dzookeeper.snapCount = many: write a whole number from 1");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 10, 1_024, 65_535, 60_000, 0xfffff, 1 << 20, 86_400_000, Integer.MAX_VALUE})
    void whatZooKeepersKeysTakeOursTakeToo(long number) {
        for (Counterpart counterpart : Counterpart.ALL) {
            if (counterpart.unit() != Unit.TEXT && counterpart.unit() != Unit.FLAG) {
                ours(counterpart, number)
                        .ifPresent(value -> assertThat(NodeSettingsReader.read(
                                        ConfigFactory.parseMap(Map.of(counterpart.ours(), value))
                                                .withFallback(ConfigFactory.parseString("""
                                                akka.cluster.seed-nodes = ["akka://troupe@127.0.0.1:25520"]
                                                troupe { min-session-timeout = 1ms, max-session-timeout = 1d }
                                                troupe.tls { key-store = k.pem, client-auth = none }
                                                """))))
                                .as("%s = %d", counterpart.key(), number)
                                .isNotNull());
            }
        }
    }

    private static Optional<Object> ours(Counterpart counterpart, long number) {
        try {
            return Optional.ofNullable(counterpart.unit().of(Long.toString(number)));
        } catch (IllegalArgumentException outOfBounds) {
            return Optional.empty();
        }
    }

    private static List<String> warnings(ThrowingRunnable action) throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger("io.troupe.app.config");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(appender);
        try {
            action.run();
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(null);
        }
        return appender.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private interface ThrowingRunnable {
        void run() throws IOException;
    }

    @Test
    @Covers("6.5.1")
    void anEnsembleIsTheServersInTheOrderOfTheirNumbers() throws IOException {
        myId("3\n");
        NodeSettings node = read(THREE).node();

        assertThat(node.nodeId()).isEqualTo(3);
        assertThat(node.seeds())
                .isEqualTo(List.of(
                        new NodeSettings.Seed(1, "a.example", 2888),
                        new NodeSettings.Seed(2, "b.example", 2888),
                        new NodeSettings.Seed(3, "c.example", 2889)));
        assertThat(node.peerPort()).isEqualTo(2889);
        assertThat(node.clientPort()).isEqualTo(2183);
        assertThat(node.clientBindHost()).isEqualTo("::1");
    }

    @Test
    @Covers("6.5.2")
    void theServersMayStandInAFileOfTheirOwn() throws IOException {
        myId("2");
        Path dynamic = directory.resolve("zoo.cfg.dynamic");
        Files.writeString(dynamic, THREE + "version=100000000\n");

        assertThat(read("dynamicConfigFile=" + dynamic + "\n").node().clientPort())
                .isEqualTo(2182);
        assertRefused("server.1=a:1:2\ndynamicConfigFile=" + dynamic + "\n", "zoo.cfg: 2", "beside dynamicConfigFile");
    }

    @ParameterizedTest
    @CsvSource({
        "tickTime=fast, 'zoo.cfg: 3: tickTime = fast', a number of milliseconds from 10 to 60000",
        "clientPort, 'zoo.cfg: 3: clientPort = ', a whole number from 1 to 65535",
        "preAllocSize=1, 'zoo.cfg: 3: preAllocSize = 1', a number of KiB from 4 to 1048576",
        "snapCount=0, 'zoo.cfg: 3: snapCount = 0', a whole number from 1",
        "group.1=1:2:3, 'zoo.cfg: 3: group.1 = 1:2:3', one equal vote",
        "weight.1=2, 'zoo.cfg: 3: weight.1 = 2', one equal vote",
        "electionAlg=0, 'zoo.cfg: 3: electionAlg = 0', 3 is the only election",
        "secureClientPort=x, 'zoo.cfg: 3: secureClientPort = x', a whole number from 1 to 65535",
        "sslQuorum=true, 'zoo.cfg: 3', firewall",
        "portUnification=true, 'zoo.cfg: 3', firewall",
        "zookeeper.ssl.quorum.keyStore.password=tell, 'zoo.cfg: 3: zookeeper.ssl.quorum.keyStore.password = ***', firewall",
        "ssl.crl=true, 'zoo.cfg: 3', no lists of revoked certificates",
        "ssl.ocsp=true, 'zoo.cfg: 3', no lists of revoked certificates",
        "ssl.allowReverseDnsLookup=true, 'zoo.cfg: 3', name their addresses",
        "ssl.context.supplier.class=a.B, 'zoo.cfg: 3', come from files",
        "quorum.auth.enableSasl=true, 'zoo.cfg: 3', firewall",
        "peerType=leader, 'zoo.cfg: 3', participant or observer",
        "extendedTypesEnabled=perhaps, 'zoo.cfg: 3', true or false",
        "server.x=a:1:2, 'zoo.cfg: 3: server.x = a:1:2', numbers from 1 to 254",
        "server.0=a:1:2, 'zoo.cfg: 3', numbers from 1 to 254",
        "server.255=a:1:2, 'zoo.cfg: 3', numbers from 1 to 254",
        "server.1=a, 'zoo.cfg: 3', host:port:port",
        "server.1=[b]:1:2, 'zoo.cfg: 3', an IPv6 address",
        "server.1=a:0:2, 'zoo.cfg: 3', ports are numbers from 1 to 65535",
        "server.1=a:1:2|b:1:2, 'zoo.cfg: 3', one address",
        "server.1=a:1:2:observer, 'zoo.cfg: 3', list a participant",
        "server.1=a:1:2;2182, 'zoo.cfg: 2', remove one of the two",
    })
    void mistakesAreToldWithFileLineAndRemedy(String line, String place, String remedy) {
        assertRefused("clientPort=2181\n" + line + "\n", place, remedy);
    }

    @Test
    @Covers("6.5.1")
    void aServerOfAnEnsembleMustKnowItsNumber() throws IOException {
        assertRefused(THREE, "myid", "write this server's number, one of 1, 2, 3");
        myId("4");
        assertRefused(THREE, "myid", "none of the listed servers' numbers, 1, 2, 3");
    }

    @Test
    @Covers("6.5.1")
    void numbersMayHaveGaps() throws IOException {
        myId("021\n");
        NodeSettings node = read("""
                clientPort=2181
                server.31=c:2888:3888
                server.21=b:2888:3888
                server.101=[fd00::2]:2888:3888
                """).node();

        assertThat(node.nodeId()).isEqualTo(21);
        assertThat(node.host()).isEqualTo("b");
        assertThat(node.seeds())
                .containsExactly(
                        new NodeSettings.Seed(21, "b", 2888),
                        new NodeSettings.Seed(31, "c", 2888),
                        new NodeSettings.Seed(101, "[fd00:0:0:0:0:0:0:2]", 2888));
        assertRefused("server.1=a:1:2\nserver.2=b:1:2\nserver.02=c:1:2\n", "server.02 = c:1:2", "another server");
    }

    @Test
    void aServerWithoutANameOfItsOwnTakesOneLikeTheOthers() throws IOException {
        myId("1");
        String line = "clientPort=2181\nserver.1=0.0.0.0:2888:3888\n";

        NodeSettings address = read(line + "server.2=127.0.0.1:2889:3889\n").node();
        assertThat(address.host()).isEqualTo("127.0.0.1");
        assertThat(address.bindHost()).isEqualTo("0.0.0.0");
        assertThat(address.seeds().get(0)).isEqualTo(new NodeSettings.Seed(1, "127.0.0.1", 2888));
        assertThat(read(line + "server.2=zoo2:2889:3889\n").node().host())
                .isEqualTo(InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", ""));
        System.setProperty("troupe.host", "zoo1");
        assertThat(read(line + "server.2=zoo2:2889:3889\n").node().seeds().get(0))
                .isEqualTo(new NodeSettings.Seed(1, "zoo1", 2888));
        myId("2");
        assertRefused(line + "server.2=zoo2:2889:3889\n", "zoo.cfg: 3: server.1", "only this server's own line");
    }

    @Test
    void dataOfZooKeeperIsNotPassedOverInSilence() throws IOException {
        Files.createDirectories(directory.resolve("data/version-2"));
        Files.writeString(directory.resolve("data/version-2/snapshot.0"), "");

        assertRefused("clientPort=2181\n", "holds data of ZooKeeper");
    }
}
