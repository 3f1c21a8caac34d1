package io.troupe.app.zookeeper;

import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodePath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/** Visits a tree as ZooKeeper writes it down: each znode before its children, and these before its siblings. */
public final class TreeWalk {
    private TreeWalk() {}

    /** What to do at each znode. */
    @FunctionalInterface
    public interface Visitor<E extends Exception> {
        /** Called once for each. */
        void visit(String path, Znode node) throws E;
    }

    /** Visits all znodes. */
    public static <E extends Exception> void walk(DataTree tree, Visitor<E> visitor) throws E {
        Deque<String> unvisited = new ArrayDeque<>();
        unvisited.push(ZnodePath.ROOT);
        while (!unvisited.isEmpty()) {
            String path = unvisited.pop();
            Znode node = Objects.requireNonNull(tree.get(path));
            visitor.visit(path, node);
            List<String> names = tree.childNames(node);
            for (int i = names.size() - 1; i >= 0; i--) {
                unvisited.push(ZnodePath.child(path, names.get(i)));
            }
        }
    }
}
