package io.troupe.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.node.AuthSettings;
import io.troupe.node.ConfigurationException;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        System.clearProperty("zookeeper.snapCount");
        System.clearProperty("jute.maxbuffer");
        System.clearProperty("zookeeper.superUser");
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
        assertThat(node.seeds()).containsExactly(new NodeSettings.Seed("127.0.0.1", 12181));
        assertThat(node.bindHost()).isEqualTo("127.0.0.1");
        assertThat(node.clientBindHost()).isEqualTo("0.0.0.0");
        assertThat(node.clientPort()).isEqualTo(2181);
        assertThat(node.dataDir()).isEqualTo(directory.resolve("data/troupe").toString());
    }

    @Test
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
    void logInsBySaslAreConfiguredWithZooKeepersKeys() throws IOException {
        System.setProperty("zookeeper.superUser", "hdfs/a.example@EXAMPLE");
        AuthSettings auth = read("""
                        clientPort=2181
                        authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider
                        authProvider.2=org.apache.zookeeper.server.auth.DigestAuthenticationProvider
                        superUser.more=admin
                        sasl.serverconfig=Other
                        zookeeper.allowSaslFailedClients=true
                        kerberos.removeHostFromPrincipal=true
                        kerberos.removeRealmFromPrincipal=true
                        """).auth();

        assertThat(auth.providers()).containsExactly("sasl");
        assertThat(auth.sasl())
                .isEqualTo(
                        new AuthSettings.Sasl("Other", List.of("admin", "hdfs/a.example@EXAMPLE"), true, true, true));
    }

    @Test
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
    void systemPropertiesFillWhatTheFileLeavesOut() throws IOException {
        System.setProperty("zookeeper.snapCount", "7000");
        System.setProperty("jute.maxbuffer", "100000");

        assertThat(read("clientPort=2181\n").node().tree().snapshotEvery()).isEqualTo(7000);
        assertThat(read("clientPort=2181\n").maxRequestBytes()).isEqualTo(100000);
        assertThat(read("clientPort=2181\nsnapCount=8000\n").node().tree().snapshotEvery())
                .isEqualTo(8000);
    }

    @Test
    void anEnsembleIsTheServersInTheOrderOfTheirNumbers() throws IOException {
        myId("3\n");
        NodeSettings node = read(THREE).node();

        assertThat(node.nodeId()).isEqualTo(3);
        assertThat(node.seeds())
                .isEqualTo(List.of(
                        new NodeSettings.Seed("a.example", 2888),
                        new NodeSettings.Seed("b.example", 2888),
                        new NodeSettings.Seed("c.example", 2889)));
        assertThat(node.peerPort()).isEqualTo(2889);
        assertThat(node.clientPort()).isEqualTo(2183);
        assertThat(node.clientBindHost()).isEqualTo("::1");
    }

    @Test
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
        "tickTime=fast, 'zoo.cfg: 3', troupe.tick",
        "clientPort, 'zoo.cfg: 3', write key=value",
        "extendedTypesEnabled=perhaps, 'zoo.cfg: 3', true or false",
        "server.x=a:1:2, 'zoo.cfg: 3', a number from 1 to 254",
        "server.1=a, 'zoo.cfg: 3', host:port:port",
        "server.1=[::1]:1:2, 'zoo.cfg: 3', write a host name",
        "server.1=a:1:2:observer, 'zoo.cfg: 3', no observers yet",
        "server.1=a:1:2;2182, 'zoo.cfg: 2', remove one of the two",
    })
    void mistakesAreToldWithFileLineAndRemedy(String line, String place, String remedy) {
        assertRefused("clientPort=2181\n" + line + "\n", place, remedy);
    }

    @Test
    void aServerOfAnEnsembleMustKnowItsNumber() throws IOException {
        assertRefused(THREE, "myid", "write this server's number, 1 to 3");
        myId("4");
        assertRefused(THREE, "myid", "none of the servers 1 to 3");
    }

    @Test
    void numbersHaveNoGap() throws IOException {
        myId("1");
        assertRefused("server.1=a:1:2\nserver.3=b:1:2\n", "server.3", "without a gap");
    }

    @Test
    void dataOfZooKeeperIsNotPassedOverInSilence() throws IOException {
        Files.createDirectories(directory.resolve("data/version-2"));
        Files.writeString(directory.resolve("data/version-2/snapshot.0"), "");

        assertRefused("clientPort=2181\n", "holds data of ZooKeeper");
    }
}
