package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.Test;

/** Contract section 6: an ensemble of ZooKeeper's starts from its own files. */
class ZooCfgTest {
    @Test
    @Covers("6.5.1")
    void anEnsembleStartsFromZooKeepersFilesAndOutlivesItsLeader() throws Exception {
        var program = new ZooCfgProgram(TroupeProgram.packagedDistribution(), Tuning.TEST);
        try (var ensemble = EnsembleProcesses.prepare(program, 3)) {
            ensemble.startAll();
            try (var client = OfficialClient.connect(ensemble.connectString())) {
                client.createText("/before", "", CreateMode.PERSISTENT);
                assertThat(client.text(ZooDefs.CONFIG_NODE))
                        .contains("server.11=")
                        .contains("server.21=")
                        .contains("server.31=");
                var leader = ensemble.awaitLeader();
                leader.kill();
                client.awaitConnected();
                leader.start();
            }
            ensemble.awaitAllServing();
            for (ServerProcess server : ensemble.servers()) {
                try (var client = OfficialClient.connect(server.address().clientAddress())) {
                    client.syncAll();
                    assertThat(client.stat("/before").getVersion()).isZero();
                    client.createText("/of-" + server.id(), "", CreateMode.PERSISTENT);
                    assertThat(client.getSessionId() >>> 56).isEqualTo(ZooCfgProgram.number(server.id()));
                }
            }
        }
    }
}
