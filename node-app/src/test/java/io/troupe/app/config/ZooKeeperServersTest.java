package io.troupe.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.node.NodeSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines that name the servers of an ensemble. Contract section 6.5. */
class ZooKeeperServersTest extends ZooKeeperConfigurationRig {
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

    /** ZooKeeper looks at them without regard to case. */
    @Test
    void rolesMayBeInCapitals() throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data").resolve("myid"), "9\n");
        NodeSettings node = read("""
                peerType=OBSERVER
                server.1=a:2888:3888:Participant;2181
                server.9=z:2888:3889:OBSERVER;2182
                """).node();

        assertThat(node.listed()).isFalse();
        assertThat(node.seeds()).containsExactly(new NodeSettings.Seed(1, "a", 2888));
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
}
