package io.troupe.app.shell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * Walks a znode and all below it: first the znode, then its children by name, then what is below the first of them, and so on.
 * While one answer is looked at, others are under way.
 */
final class Subtree {
    private static final int AHEAD = 64;

    /** What is done with each path. */
    interface Visitor {
        void visit(String path) throws KeeperException, InterruptedException;
    }

    private static final class Unlisted {
        private final String path;
        private @Nullable CompletableFuture<List<String>> children;

        Unlisted(String path) {
            this.path = path;
        }

        void askFor(ZooKeeper client) {
            if (children == null) {
                children = ask(client, path);
            }
        }

        CompletableFuture<List<String>> children(ZooKeeper client) {
            return children == null ? ask(client, path) : children;
        }
    }

    private final ZooKeeper client;
    private final Deque<Unlisted> unlisted = new ArrayDeque<>();

    private Subtree(ZooKeeper client) {
        this.client = client;
    }

    /** Visits every path; a znode that goes meanwhile is passed over, unless it is the first one. */
    static void walk(ZooKeeper client, String path, Visitor visitor) throws KeeperException, InterruptedException {
        if (client.exists(path, false) == null) {
            throw KeeperException.create(Code.NONODE, path);
        }
        visitor.visit(path);
        new Subtree(client).walk(path, visitor);
    }

    static String child(String parent, String name) {
        return parent.equals("/") ? "/" + name : parent + "/" + name;
    }

    private void walk(String root, Visitor visitor) throws KeeperException, InterruptedException {
        unlisted.push(new Unlisted(root));
        while (!unlisted.isEmpty()) {
            askAhead();
            Unlisted next = unlisted.pop();
            List<String> names = names(next.children(client), next.path);
            List<Unlisted> children = new ArrayList<>(names.size());
            for (String name : names) {
                String path = child(next.path, name);
                visitor.visit(path);
                children.add(new Unlisted(path));
            }
            for (int i = children.size() - 1; i >= 0; i--) {
                unlisted.push(children.get(i));
            }
        }
    }

    private void askAhead() {
        Iterator<Unlisted> next = unlisted.iterator();
        for (int i = 0; i < AHEAD && next.hasNext(); i++) {
            next.next().askFor(client);
        }
    }

    private static CompletableFuture<List<String>> ask(ZooKeeper client, String path) {
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        client.getChildren(
                path,
                false,
                (rc, asked, context, children) -> {
                    if (rc == Code.OK.intValue()) {
                        answer.complete(children);
                    } else {
                        answer.completeExceptionally(KeeperException.create(Code.get(rc), asked));
                    }
                },
                null);
        return answer;
    }

    private static List<String> names(CompletableFuture<List<String>> answer, String path)
            throws KeeperException, InterruptedException {
        try {
            List<String> names = new ArrayList<>(answer.get());
            names.sort(null);
            return names;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KeeperException.NoNodeException) {
                return List.of();
            }
            if (e.getCause() instanceof KeeperException failure) {
                throw failure;
            }
            throw new IllegalStateException("children of " + path, e);
        }
    }
}
