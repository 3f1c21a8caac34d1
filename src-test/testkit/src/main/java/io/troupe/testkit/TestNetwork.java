package io.troupe.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Which nodes hear of each other. Thread-safe. */
final class TestNetwork {
    private record Pair(int lower, int higher) {
        static Pair of(int one, int other) {
            return new Pair(Math.min(one, other), Math.max(one, other));
        }
    }

    private final Map<Integer, Integer> nodeAtPort;
    private final Set<Pair> cut = ConcurrentHashMap.newKeySet();
    private final List<Runnable> whenHealed = new CopyOnWriteArrayList<>();

    /** @param peerPorts of all nodes, by id */
    TestNetwork(Map<Integer, Integer> peerPorts) {
        Map<Integer, Integer> nodes = new HashMap<>();
        peerPorts.forEach((node, port) -> nodes.put(port, node));
        this.nodeAtPort = Map.copyOf(nodes);
    }

    /** 0 for none of ours. */
    int nodeAt(int port) {
        return nodeAtPort.getOrDefault(port, 0);
    }

    boolean connects(int one, int other) {
        return !cut.contains(Pair.of(one, other));
    }

    void cut(int one, int other) {
        cut.add(Pair.of(one, other));
    }

    void heal() {
        cut.clear();
        whenHealed.forEach(Runnable::run);
    }

    /** Has something done whenever the network is whole again. */
    void onHealed(Runnable task) {
        whenHealed.add(task);
    }

    void forget(Runnable task) {
        whenHealed.remove(task);
    }
}
