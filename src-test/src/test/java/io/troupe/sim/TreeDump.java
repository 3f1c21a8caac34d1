package io.troupe.sim;

import io.troupe.edge.ReadOperation;
import io.troupe.request.ErrorCode;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import io.troupe.tree.state.ZnodePath;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The whole tree as one node shows it to a client, after a sync. */
final class TreeDump {
    /** A znode. */
    record Znode(byte @Nullable [] data, Stat stat) {
        boolean same(Znode other) {
            return Arrays.equals(data, other.data) && stat.equals(other.stat);
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, Znode> znodes;

    private TreeDump(Map<String, Znode> znodes) {
        this.znodes = znodes;
    }

    Map<String, Znode> znodes() {
        return znodes;
    }

    /** Reads everything at a node. Empty when the node did not answer; the world has then failed. */
    static Optional<TreeDump> of(SimWorld world, SimNode node, String name) {
        return of(world, node, name, true);
    }

    /**
     * As {@link #of(SimWorld, SimNode, String)}.
     *
     * @param withConfiguration whether the list of members is read too: it changes by itself when a node that was taken off it
     *     starts again
     */
    static Optional<TreeDump> of(SimWorld world, SimNode node, String name, boolean withConfiguration) {
        return of(world, node, name, withConfiguration, false);
    }

    /** As {@link #of(SimWorld, SimNode, String)}, where the ensemble may remove empty directories meanwhile. */
    static Optional<TreeDump> amidRemovals(SimWorld world, SimNode node, String name) {
        return of(world, node, name, true, true);
    }

    private static Optional<TreeDump> of(
            SimWorld world, SimNode node, String name, boolean withConfiguration, boolean amidRemovals) {
        SimClient client = new SimClient(world, name, java.util.List.of(node), 30_000, new SimClient.Listener() {});
        client.start();
        Map<String, Znode> found = new TreeMap<>();
        Call sync = client.read(new ReadOperation.Sync("/"), call -> {});
        world.runUntil(sync::done, PATIENCE);
        ArrayDeque<String> todo = new ArrayDeque<>();
        todo.add("/");
        while (!todo.isEmpty() && sync.ok()) {
            String path = todo.remove();
            if (path.equals(ZnodePath.CONFIG) && !withConfiguration) {
                continue;
            }
            Call children = client.read(new ReadOperation.GetChildren(path, false, true), call -> {});
            Call data = client.read(new ReadOperation.GetData(path, false), call -> {});
            boolean answered = world.runUntil(data::done, PATIENCE);
            if (amidRemovals && answered && isGone(data)) {
                continue;
            }
            if (!answered || !data.ok() || !children.ok()) {
                world.fail("%s cannot be read: %s, %s".formatted(node, data, children));
                return Optional.empty();
            }
            if (data.result() instanceof Result.Data content) {
                found.put(path, new Znode(content.data(), content.stat()));
            }
            if (children.result() instanceof Result.Children names) {
                names.names().forEach(child -> todo.add(path.equals("/") ? "/" + child : path + "/" + child));
            }
        }
        client.stop();
        if (!sync.ok()) {
            world.fail("%s does not answer a sync: %s".formatted(node, sync));
            return Optional.empty();
        }
        return Optional.of(new TreeDump(found));
    }

    private static boolean isGone(Call call) {
        return call.result() instanceof Result.Failed failed && failed.error() == ErrorCode.NO_NODE;
    }

    /** The first difference, in words. */
    Optional<String> differenceFrom(TreeDump other) {
        for (Map.Entry<String, Znode> each : znodes.entrySet()) {
            Znode there = other.znodes.get(each.getKey());
            if (there == null) {
                return Optional.of(each.getKey() + " is missing");
            }
            if (!each.getValue().same(there)) {
                return Optional.of(each.getKey() + " is " + there.stat() + " instead of "
                        + each.getValue().stat());
            }
        }
        return other.znodes.keySet().stream()
                .filter(path -> !znodes.containsKey(path))
                .findFirst()
                .map(path -> path + " should not be there");
    }
}
