package io.troupe.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * Several servers that ZooKeeper clients connect to, in place of Curator's class of this name: change the import. What it does not have are
 * ZooKeeper's own servers and configuration objects. What declares an {@link
 * IOException} does so because Curator's does. Methods throw {@link IllegalStateException} when servers do not serve within a
 * minute. The ensemble behind it can do more, {@link #ensemble()}.
 */
public class TestingCluster implements Closeable {
    private final List<InstanceSpec> specs;
    private final TroupeEnsemble ensemble;
    private boolean closed;

    /** At free ports; {@link #start} starts them. */
    public TestingCluster(int instanceQty) {
        this(makeSpecs(instanceQty));
    }

    public TestingCluster(InstanceSpec... specs) {
        this(Arrays.asList(specs));
    }

    public TestingCluster(Collection<InstanceSpec> specs) {
        this.specs = List.copyOf(specs);
        EnsembleBuilder builder = TroupeEnsemble.of(this.specs.size());
        for (int node = 1; node <= this.specs.size(); node++) {
            InstanceSpec spec = this.specs.get(node - 1);
            builder.clientPort(node, spec.getPort())
                    .directory(node, spec.getDataDirectory().toPath());
        }
        this.ensemble = builder.prepare();
    }

    private static List<InstanceSpec> makeSpecs(int quantity) {
        List<InstanceSpec> specs = new ArrayList<>();
        for (int i = 0; i < quantity; i++) {
            specs.add(InstanceSpec.newInstanceSpec());
        }
        return specs;
    }

    /** The same servers by their numbers, 1 for the first instance, with all that can happen to them. */
    public TroupeEnsemble ensemble() {
        return ensemble;
    }

    public Collection<InstanceSpec> getInstances() {
        return specs;
    }

    /** All servers, with commas between them. */
    public String getConnectString() {
        return ensemble.connectString();
    }

    /** Starts those that do not run. */
    public void start() {
        if (closed) {
            throw new IllegalStateException("this cluster was closed and its data removed: make another");
        }
        ensemble.startAll();
    }

    /** Ends all of them; their data stay until {@link #close}. */
    public void stop() throws IOException {
        ensemble.nodes().parallelStream().forEach(ensemble::kill);
    }

    /** Ends a server as a crash would; whether there is one. */
    public boolean killServer(InstanceSpec instance) {
        int node = number(instance);
        if (node > 0) {
            ensemble.kill(node);
        }
        return node > 0;
    }

    /** Ends a server if it runs, and starts it on its data; whether there is one. */
    public boolean restartServer(InstanceSpec instance) {
        int node = number(instance);
        if (node > 0) {
            ensemble.restart(node);
        }
        return node > 0;
    }

    private int number(InstanceSpec instance) {
        return specs.indexOf(instance) + 1;
    }

    /** The server that a client is connected to; null while it is connected to none. */
    public @Nullable InstanceSpec findConnectionInstance(ZooKeeper client) {
        return ensemble.nodeOf(client.getSessionId())
                .map(node -> specs.get(node - 1))
                .orElse(null);
    }

    /** Ends all of them and removes their data, unless their specs keep them. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            ensemble.close();
            specs.forEach(InstanceSpec::release);
        }
    }
}
