package io.troupe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.node.ConfigurationException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ensemble's beginning and end, and what it takes from the machine meanwhile. */
class LifeTest {
    @Test
    void three_nodes_are_addressed_together_and_alone() {
        try (TroupeEnsemble ensemble = TroupeEnsemble.of(3).prepare()) {
            assertThat(ensemble.nodes()).containsExactly(1, 2, 3);
            List<String> all = Arrays.asList(ensemble.connectString().split(","));
            assertThat(all).hasSize(3).doesNotHaveDuplicates().allMatch(place -> place.startsWith("127.0.0.1:"));
            assertThat(ensemble.connectString(3, 1)).isEqualTo(all.get(2) + "," + all.get(0));
            assertThat(ensemble.contactPoints())
                    .hasSize(3)
                    .doesNotHaveDuplicates()
                    .doesNotContainAnyElementsOf(all);
        }
    }

    @Test
    void closing_removes_the_directories_and_frees_the_ports() throws Exception {
        List<Path> before = directories();
        TroupeEnsemble ensemble = TroupeEnsemble.start(1);
        assertThat(directories()).hasSize(before.size() + 1);
        try (Client client = Client.connect(ensemble.connectString())) {
            client.create("/something", CreateMode.PERSISTENT);
        }

        ensemble.close();

        assertThatThrownBy(ensemble::startAll).hasMessageContaining("closed");
        assertThat(directories()).containsExactlyElementsOf(before);
        for (String place :
                List.of(ensemble.connectString(), ensemble.contactPoints().get(0))) {
            int port = Integer.parseInt(place.substring(place.indexOf(':') + 1));
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(socket.isBound()).isTrue();
            }
        }
    }

    private static List<Path> directories() throws Exception {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName()
                            .toString()
                            .startsWith("troupe-test-" + ProcessHandle.current().pid()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void a_directory_of_ones_own_stays_with_its_data(@TempDir Path directory) throws Exception {
        try (TroupeEnsemble first = TroupeEnsemble.of(1).directory(1, directory).start();
                Client client = Client.connect(first.connectString())) {
            client.create("/kept", CreateMode.PERSISTENT);
        }

        assertThat(directory.resolve("data")).isNotEmptyDirectory();
    }

    @Test
    void a_port_that_is_taken_is_named() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EnsembleBuilder builder = TroupeEnsemble.of(1).clientPort(1, taken.getLocalPort());

            assertThatThrownBy(builder::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
        }
    }

    @Test
    void mistakes_are_refused() {
        assertThatThrownBy(() -> TroupeEnsemble.of(0)).hasMessageContaining("1 to 9");
        assertThatThrownBy(() -> TroupeEnsemble.of(10)).hasMessageContaining("1 to 9");
        assertThatThrownBy(() -> TroupeEnsemble.of(3).clientPort(4, 2181)).hasMessageContaining("no node 4");
        assertThatThrownBy(() -> TroupeEnsemble.of(1).set("troupe.tik", "1s").start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("troupe.tik");
        try (TroupeEnsemble ensemble = TroupeEnsemble.of(1).prepare()) {
            assertThatThrownBy(() -> ensemble.kill(2)).hasMessageContaining("no node 2");
        }
    }

    @Test
    void ports_are_nobody_elses_until_they_are_given_back() {
        try (FreePorts others = new FreePorts()) {
            int first;
            try (FreePorts some = new FreePorts()) {
                first = some.take();
                assertThat(others.take()).isNotEqualTo(first);
            }

            assertThat(others.take()).isEqualTo(first);
        }
    }
}
