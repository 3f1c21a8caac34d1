package io.troupe.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.troupe.broadcast.BroadcastSettings;
import io.troupe.contract.Covers;
import io.troupe.node.ClientLoad;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract section 6. */
class ZooKeeperConfigurationTest extends ZooKeeperConfigurationRig {
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
                        new ClientLoad.Requests(6, 5, Duration.ofMillis(400), 0, 3),
                        ClientLoad.DEFAULT.bounds()));
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
}
