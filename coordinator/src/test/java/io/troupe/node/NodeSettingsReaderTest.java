package io.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.ConfigFactory;
import io.troupe.broadcast.BroadcastSettings;
import io.troupe.election.ElectionSettings;
import io.troupe.heartbeat.HeartbeatSettings;
import io.troupe.log.LogSettings;
import io.troupe.snapshot.SnapshotSettings;
import io.troupe.tree.TreeSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsReaderTest {
    private static final String THREE = """
            akka.cluster.seed-nodes = ["akka://troupe@a:1", "akka://troupe@b:2", "akka://troupe@c:3"]
            troupe { host = b, peer-port = 2, peer-open = true }
            """;

    @Test
    void aNodesIdIsThePositionOfItsAddressInTheSeedList() {
        assertThat(read(THREE).nodeId()).isEqualTo(2);
        assertThat(read(THREE).seeds()).hasSize(3);
    }

    @Test
    void aNodeThatIsNotInTheListIsAssignedAnIdUnlessItHasOne() {
        assertThat(read(THREE + "troupe.peer-port = 9").nodeId()).isZero();
        assertThat(read(THREE + "troupe.peer-port = 9\n troupe.id = 9").nodeId())
                .isEqualTo(9);
    }

    @Test
    void whatIsNotWrittenHasTheDefaultOfTheCode() {
        NodeSettings settings = read(THREE);

        assertThat(settings.election()).isEqualTo(ElectionSettings.DEFAULT);
        assertThat(settings.heartbeat()).isEqualTo(HeartbeatSettings.DEFAULT);
        assertThat(settings.broadcast()).isEqualTo(BroadcastSettings.DEFAULT);
        assertThat(settings.tree()).isEqualTo(TreeSettings.DEFAULT);
        assertThat(settings.log()).isEqualTo(LogSettings.DEFAULT);
        assertThat(settings.snapshot()).isEqualTo(SnapshotSettings.DEFAULT);
        assertThat(process(THREE).load()).isEqualTo(ClientLoad.DEFAULT);
        assertThat(process(THREE).http()).isEqualTo(HttpSettings.DEFAULT);
        assertThat(settings.bindHost()).isEqualTo("b");
        assertThat(settings.fourLetterWords()).containsExactly("isro", "ruok", "srvr");
    }

    @Test
    void sessionTimeoutsFollowTheTickUnlessWritten() {
        NodeSettings settings = read(THREE + "troupe.tick = 1s\n troupe.max-session-timeout = 60s");

        assertThat(settings.minSessionTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.maxSessionTimeout()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void theListMayNumberItsNodesItself() {
        NodeSettings settings = read(THREE + "troupe.seed-ids = [11, 31, 21]");

        assertThat(settings.nodeId()).isEqualTo(31);
        assertThat(settings.seeds()).extracting(NodeSettings.Seed::id).containsExactly(11, 31, 21);
    }

    @Test
    void aMessageHoldsABatchThatEndsWithTheGreatestRequest() {
        assertThat(read(THREE).maxMessageBytes()).isEqualTo(2 << 20);
        assertThat(read(THREE + "troupe.max-request-size = 4 MiB\n troupe.advanced.broadcast.batch-size = 1 MiB")
                        .maxMessageBytes())
                .isGreaterThan(5 << 20);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            troupe.client-prot = 1               | troupe.client-prot (test: 3) is no key | did you mean troupe.client-port?
            troupe.client-port = many            | troupe.client-port = "many" (test: 3)  | whole number from 0 to 65535
            troupe.client-port = 70000           | troupe.client-port = 70000             | whole number from 0 to 65535
            troupe.client-port = 2               | troupe.client-port = 2                 | use two ports
            troupe.http.port = -1                | troupe.http.port = -1                  | whole number from 0 to 65535
            troupe.http.users = ["eve:root:x"]   | troupe.http.users: entry 1 is none     | troupe password NAME
            troupe.tick = fast                   | troupe.tick = "fast"                   | such as 500ms
            troupe.id = 3                        | troupe.id = 3                          | is number 2 of
            troupe.seed-ids = [1, 2]             | troupe.seed-ids = [1,2]                | one number from 1 to 254 for each
            troupe.seed-ids = [0, 1, 2]          | troupe.seed-ids                        | one number from 1 to 254 for each
            troupe.seed-ids = [4, 1, 4]          | troupe.seed-ids                        | each once
            troupe.data-dir = ""                 | troupe.data-dir = ""                   | must not be empty
            troupe.min-session-timeout = 10m     | troupe.min-session-timeout             | longer than
            troupe.four-letter-words = "wise,up" | troupe.four-letter-words               | four letters
            troupe.super-digest = nobody         | troupe.super-digest                    | user:base64
            troupe.advanced.snapshot.keep = 1    | troupe.advanced.snapshot.keep = 1      | from 2
            troupe.advanced.log = 1              | troupe.advanced.log (test: 3)          | did you mean troupe.advanced.log.
            akka.cluster.seed-nodes = []         | akka.cluster.seed-nodes = []           | name the nodes
            akka.cluster.seed-nodes = ["b:2"]    | akka.cluster.seed-nodes                | akka://troupe@host:port
            akka.cluster.seed-nodes = ["akka://troupe@b:2","akka://troupe@b:2"] | seed-nodes | name each node once
            """)
    void aMistakeIsNamedWithKeyValuePlaceAndRemedy(String line, String where, String remedy) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(THREE + line))
                .withMessageContaining(where)
                .withMessageContaining(remedy);
    }

    @Test
    void allMistakesAreNamedAtOnce() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(THREE + "troupe.tick = x\n troupe.snapshot-every = 0"))
                .withMessageContaining("troupe.tick")
                .withMessageContaining("troupe.snapshot-every");
    }

    private static NodeSettings read(String text) {
        return process(text).node();
    }

    private static ProcessSettings process(String text) {
        return NodeSettingsReader.read(ConfigFactory.parseString(
                text, com.typesafe.config.ConfigParseOptions.defaults().setOriginDescription("test")));
    }
}
