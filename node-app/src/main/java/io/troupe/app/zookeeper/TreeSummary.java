package io.troupe.app.zookeeper;

import io.troupe.ensemble.Zxid;
import io.troupe.request.Acl;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.EphemeralOwner;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What there is in a tree, counted: what an operator compares before and after a move. */
public final class TreeSummary {
    private static final int LARGEST = 5;
    private static final Pattern NUMBERED = Pattern.compile("\\d{10}$");

    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Map<String, Long> schemes = new TreeMap<>();
    private final List<Large> largest = new ArrayList<>();
    private final long lastZxid;
    private long firstZxid = -1;
    private String deepest = ZnodePath.ROOT;
    private int depth;

    private record Large(String path, int bytes) {}

    private TreeSummary(DataTree tree) {
        lastZxid = tree.lastZxid();
        for (String kind : List.of(
                "znodes",
                "persistent",
                "ephemeral",
                "container",
                "ttl",
                "sequential",
                "null_data",
                "data_bytes",
                "quotas")) {
            counts.put(kind, 0L);
        }
        TreeWalk.walk(tree, (path, node) -> count(path, node, tree.acl(node)));
        counts.put("sessions", (long) tree.sessions().count());
        counts.put("acl_lists", (long) tree.aclLists());
    }

    /** Walks the tree once. */
    public static TreeSummary of(DataTree tree) {
        return new TreeSummary(tree);
    }

    private void add(String kind, long more) {
        counts.merge(kind, more, Long::sum);
    }

    private void count(String path, Znode node, List<Acl> acl) {
        add("znodes", 1);
        add(kind(node.owner()), 1);
        add("sequential", NUMBERED.matcher(path).find() ? 1 : 0);
        add("null_data", node.data() == null ? 1 : 0);
        add("data_bytes", node.dataLength());
        add("quotas", path.startsWith(ZnodePath.QUOTA + "/") && path.endsWith("/zookeeper_limits") ? 1 : 0);
        acl.stream().map(entry -> entry.who().scheme()).distinct().forEach(s -> schemes.merge(s, 1L, Long::sum));
        if (node.czxid() != 0 && (firstZxid == -1 || Long.compareUnsigned(node.czxid(), firstZxid) < 0)) {
            firstZxid = node.czxid();
        }
        int slashes = path.equals(ZnodePath.ROOT)
                ? 0
                : (int) path.chars().filter(c -> c == '/').count();
        if (slashes > depth) {
            depth = slashes;
            deepest = path;
        }
        if (largest.size() < LARGEST
                || node.dataLength() > largest.get(LARGEST - 1).bytes()) {
            largest.add(new Large(path, node.dataLength()));
            largest.sort(Comparator.comparingInt(Large::bytes).reversed());
            if (largest.size() > LARGEST) {
                largest.remove(LARGEST);
            }
        }
    }

    private static String kind(long owner) {
        if (owner == EphemeralOwner.PERSISTENT) {
            return "persistent";
        }
        return owner == EphemeralOwner.CONTAINER ? "container" : EphemeralOwner.isTtl(owner) ? "ttl" : "ephemeral";
    }

    /** Each count by its name. */
    public Map<String, Long> counts() {
        return counts;
    }

    /** How many znodes have a time to live, which ZooKeeper's servers know only when they are told to. */
    public long ttlNodes() {
        return counts.getOrDefault("ttl", 0L);
    }

    /** A few lines for people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("znodes      %,d: %,d persistent, %,d ephemeral, %,d container, %,d with a time to live; %,d numbered"
                .formatted(
                        counts.get("znodes"),
                        counts.get("persistent"),
                        counts.get("ephemeral"),
                        counts.get("container"),
                        counts.get("ttl"),
                        counts.get("sequential")));
        lines.add("data        %,d bytes; null in %,d znodes; largest: %s"
                .formatted(counts.get("data_bytes"), counts.get("null_data"), shownLargest()));
        lines.add("depth       %d, at %s".formatted(depth, shortened(deepest)));
        lines.add("sessions    %,d".formatted(counts.get("sessions")));
        lines.add("ACLs        %,d lists; znodes by scheme: %s".formatted(counts.get("acl_lists"), schemes));
        lines.add("quotas      %,d".formatted(counts.get("quotas")));
        lines.add("zxids       %s to %s".formatted(Zxid.hex(Math.max(0, firstZxid)), Zxid.hex(lastZxid)));
        return lines;
    }

    private String shownLargest() {
        List<String> shown = new ArrayList<>();
        largest.stream()
                .filter(large -> large.bytes() > 0)
                .forEach(large ->
                        shown.add(String.format(Locale.ROOT, "%s (%,d)", shortened(large.path()), large.bytes())));
        return shown.isEmpty() ? "none" : String.join(", ", shown);
    }

    private static String shortened(String path) {
        return path.length() <= 100 ? path : path.substring(0, 60) + "..." + path.substring(path.length() - 30);
    }
}
