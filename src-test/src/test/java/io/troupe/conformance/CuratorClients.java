package io.troupe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;

/** Curator's clients of one test. */
final class CuratorClients implements AutoCloseable {
    private final EnsembleProcesses ensemble;
    private final List<CuratorFramework> frameworks = new ArrayList<>();

    CuratorClients(EnsembleProcesses ensemble) {
        this.ensemble = ensemble;
    }

    /** One that is connected. */
    CuratorFramework open(int sessionMillis) throws InterruptedException {
        var framework = CuratorFrameworkFactory.builder()
                .connectString(ensemble.connectString())
                .sessionTimeoutMs(sessionMillis)
                .connectionTimeoutMs(10_000)
                .retryPolicy(new RetryForever(200))
                .zookeeperFactory((connectString, timeout, watcher, readOnly) ->
                        OfficialClient.watched(connectString, timeout, watcher))
                .build();
        frameworks.add(framework);
        framework.start();
        assertThat(framework.blockUntilConnected(20, TimeUnit.SECONDS)).isTrue();
        return framework;
    }

    /**
     * As if the process of this framework had been killed: its session stays behind. The recipes on it are not closed,
     * for that would remove their nodes; the framework is, for it would otherwise make a new session.
     */
    static void vanish(CuratorFramework framework) throws Exception {
        ((OfficialClient) framework.getZookeeperClient().getZooKeeper()).vanish();
        framework.close();
    }

    @Override
    public void close() {
        frameworks.forEach(CuratorFramework::close);
    }
}
