package io.troupe.testkit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an ensemble is to be like before it starts. Nodes are configured as in production, fsync included, but for what would slow
 * tests down or limit them: session timeouts from 200 ms, any number of connections, all status words, abandoned containers
 * removed after one second instead of sixty.
 */
public final class EnsembleBuilder {
    private static final int MOST = 9;

    /** Over the defaults of application.conf. */
    private static final Map<String, Object> FOR_TESTS = Map.ofEntries(
            Map.entry("troupe.tick", "500ms"),
            Map.entry("troupe.min-session-timeout", "200ms"),
            Map.entry("troupe.max-session-timeout", "60s"),
            Map.entry("troupe.connections-per-address", 0),
            Map.entry("troupe.four-letter-words", "*"),
            Map.entry("troupe.advanced.heartbeat.reap-every", "1s"),
            Map.entry("troupe.advanced.log.preallocate", "64 KiB"),
            // A test that forgets to close its ensemble ends all the same.
            Map.entry("akka.daemonic", "on"),
            // A node that is killed does not take leave of the others.
            Map.entry("akka.remote.artery.advanced.shutdown-flush-timeout", "1ms"),
            Map.entry("akka.coordinated-shutdown.run-by-actor-system-terminate", "off"),
            Map.entry("akka.coordinated-shutdown.terminate-actor-system", "off"));

    private final int size;
    private final Map<String, Object> settings = new LinkedHashMap<>(FOR_TESTS);
    private final Map<Integer, Integer> clientPorts = new HashMap<>();
    private final Map<Integer, Path> directories = new HashMap<>();

    EnsembleBuilder(int size) {
        if (size < 1 || size > MOST) {
            throw new IllegalArgumentException("an ensemble of " + size + " nodes: write 1 to " + MOST);
        }
        this.size = size;
    }

    /**
     * Sets a key of application.conf on every node.
     *
     * @param key such as {@code troupe.tick}
     * @param value a text, number or flag
     */
    public EnsembleBuilder set(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    /** Has a node's clients connect to this port instead of a free one; what holds it makes the start fail. */
    public EnsembleBuilder clientPort(int node, int port) {
        clientPorts.put(checked(node), port);
        return this;
    }

    /** Has a node keep its data below this directory, which stays when the ensemble is closed. */
    public EnsembleBuilder directory(int node, Path directory) {
        directories.put(checked(node), directory);
        return this;
    }

    private int checked(int node) {
        if (node < 1 || node > size) {
            throw new IllegalArgumentException("there is no node " + node + " among 1 to " + size);
        }
        return node;
    }

    /**
     * Starts the nodes and waits until all of them serve.
     *
     * @throws IllegalStateException when they do not within a minute, or cannot be started
     * @throws io.troupe.node.ConfigurationException when a key or value is none, with a remedy
     */
    public TroupeEnsemble start() {
        TroupeEnsemble ensemble = prepare();
        try {
            ensemble.startAll();
        } catch (RuntimeException e) {
            ensemble.close();
            throw e;
        }
        return ensemble;
    }

    /** As {@link #start}, without starting any node: {@link TroupeEnsemble#startAll} does, or {@link TroupeEnsemble#restart} one by one. */
    public TroupeEnsemble prepare() {
        TemporaryHome home = new TemporaryHome();
        try {
            return prepare(home);
        } catch (RuntimeException e) {
            home.close();
            throw e;
        }
    }

    private TroupeEnsemble prepare(TemporaryHome home) {
        List<NodePlace> places = new ArrayList<>();
        Map<Integer, Integer> peerPorts = new TreeMap<>();
        for (int id = 1; id <= size; id++) {
            Integer clientPort = clientPorts.get(id);
            Path directory = directories.get(id);
            places.add(new NodePlace(
                    id,
                    clientPort == null ? home.freePort() : clientPort,
                    home.freePort(),
                    directory == null ? home.directory() : directory));
            peerPorts.put(id, places.get(id - 1).peerPort());
        }
        TestNetwork network = new TestNetwork(peerPorts);
        TestClock clock = new TestClock();
        List<TestNode> nodes = places.stream()
                .map(place -> new TestNode(place.id(), configuration(place, places), network, clock))
                .toList();
        return new TroupeEnsemble(places, nodes, network, clock, home);
    }

    private Config configuration(NodePlace place, List<NodePlace> all) {
        Map<String, Object> own = new LinkedHashMap<>(settings);
        own.put(
                "akka.cluster.seed-nodes",
                all.stream().map(each -> "akka://troupe@" + each.peerAddress()).toList());
        own.put("troupe.host", NodePlace.HOST);
        own.put("troupe.client-port", place.clientPort());
        own.put("troupe.peer-port", place.peerPort());
        own.put("troupe.data-dir", place.data().resolve("data").toString());
        return ConfigFactory.parseMap(own);
    }
}
