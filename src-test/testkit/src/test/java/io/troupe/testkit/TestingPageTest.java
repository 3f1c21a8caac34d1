package io.troupe.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The snippets of docs/testing.md, which are those here. */
class TestingPageTest {
    @RegisterExtension
    static final TroupeExtension TROUPE = TroupeExtension.of(3);

    @Test
    void goesOnWithoutTheLeader(TroupeEnsemble ensemble) throws Exception {
        ensemble.kill(ensemble.leader());
        use(ensemble.connectString());
    }

    @Test
    void works_without_the_extension() throws Exception {
        try (TroupeEnsemble ensemble = TroupeEnsemble.start(3)) {
            ZooKeeper client = new ZooKeeper(ensemble.connectString(), 10_000, event -> {});
            ensemble.kill(ensemble.leader());
            use(client);
        }
    }

    @Test
    void is_configured_by_keys() throws Exception {
        EnsembleBuilder builder = TroupeEnsemble.of(1).set("troupe.max-request-size", 4_000_000);
        byte[] large = new byte[2_000_000];
        try (TroupeEnsemble ensemble = builder.start();
                Client client = Client.connect(ensemble.connectString())) {
            client.zooKeeper().create("/large", large, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            assertThat(client.zooKeeper().exists("/large", false).getDataLength())
                    .isEqualTo(large.length);
        }
    }

    private static void use(String connectString) throws Exception {
        use(new ZooKeeper(connectString, 10_000, event -> {}));
    }

    private static void use(ZooKeeper client) throws InterruptedException {
        Awaitility.await().atMost(Waiting.PATIENCE).until(() -> {
            try {
                client.create("/used", "data".getBytes(UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                return true;
            } catch (KeeperException.NodeExistsException e) {
                return true;
            } catch (KeeperException.ConnectionLossException e) {
                return false;
            }
        });
        client.close();
    }

    @Test
    void they_are_those_of_the_page() throws Exception {
        Path top = Path.of("../..").toAbsolutePath().normalize();
        String here = stripped(Files.readString(Path.of("src/test/java/io/troupe/testkit/TestingPageTest.java")));
        Matcher snippets = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(top.resolve("docs/testing.md")));

        int found = 0;
        while (snippets.find()) {
            for (String part : snippets.group(1).split("\n\n", -1)) {
                assertThat(here).contains(stripped(part));
                found++;
            }
        }
        assertThat(found).isEqualTo(4);
    }

    private static String stripped(String text) {
        return text.replaceAll("\\s+", "");
    }
}
