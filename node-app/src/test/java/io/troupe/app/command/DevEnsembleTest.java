package io.troupe.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DevEnsembleTest {
    private final DevEnsemble ensemble = new DevEnsemble(3, Path.of("some \"data"), 2181, 25520, 8080);

    @Test
    void eachNodeReadsItsConfigurationAsItself() {
        for (int node = 1; node <= 3; node++) {
            ProcessSettings process = NodeSettingsReader.read(ConfigFactory.parseString(ensemble.configuration(node)));
            NodeSettings settings = process.node();

            assertThat(settings.nodeId()).isEqualTo(node);
            assertThat(settings.clientPort()).isEqualTo(2180 + node);
            assertThat(process.http().port()).isEqualTo(8079 + node);
            assertThat(settings.dataDir()).endsWith("node-" + node + "/data").contains("some \"data");
            assertThat(settings.fourLetterWords()).containsExactly("*");
        }
    }

    @Test
    void clientsAreToldOfAllNodes() {
        assertThat(ensemble.connectString()).isEqualTo("127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183");
    }
}
