package io.troupe.tree.state;

import io.troupe.ensemble.Zxid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Everything that is replicated, as text that two trees can be compared by. */
public final class TreeDump {
    private TreeDump() {}

    /** One line for each thing, in an order that depends on content alone. */
    public static List<String> of(DataTree tree) {
        List<String> lines = new ArrayList<>();
        lines.add("at " + Zxid.hex(tree.lastZxid()) + " digest " + Long.toHexString(tree.digest()));
        lines.add("counts " + tree.znodes() + " " + tree.ephemerals() + " " + tree.approximateDataBytes() + " "
                + tree.aclLists());
        lines.add(tree.membership().toString());
        tree.sessions()
                .all()
                .forEach(s -> lines.add(s + " owns " + tree.sessions().ephemeralsOf(s.id())));
        lines.add(tree.origins().all().toString());
        lines.add("containers " + tree.containers() + " ttl " + tree.ttlNodes());
        List<String> nodes = new ArrayList<>();
        add(nodes, tree, tree.root(), ZnodePath.ROOT);
        nodes.sort(null);
        lines.addAll(nodes);
        return lines;
    }

    private static void add(List<String> lines, DataTree tree, Znode node, String path) {
        ZnodeImage i = tree.image(node);
        lines.add(path + " " + node.stat() + " C " + i.childCreates() + " owner " + i.owner() + " "
                + Arrays.toString(i.data()) + " " + i.acl());
        Children children = node.children();
        if (children != null) {
            children.forEach(child -> add(lines, tree, child, ZnodePath.child(path, child.name())));
        }
    }
}
