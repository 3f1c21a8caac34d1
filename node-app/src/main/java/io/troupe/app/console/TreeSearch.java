package io.troupe.app.console;

import io.troupe.edge.ReadOperation;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A walk through a part of the tree, for znodes whose names match: a step of it per request, which looks at so many znodes at most and
 * says where to go on. Each znode is looked at before its children, and children in the order of their pages. It reads as any client does,
 * so it finds what its caller may list, and what comes or goes meanwhile it may find or not.
 */
final class TreeSearch {
    /** Znodes that one step looks at. */
    static final int MOST_VISITS = 2_000;

    private static final int PAGE = 200;

    /** Questions that one step has for the tree, where znodes with many children lie below each other. */
    private static final int MOST_QUESTIONS = 10_000;

    /** A znode among whose children it looks. */
    private static final class Place {
        private final String path;
        private final Deque<Child> ahead = new ArrayDeque<>();
        /** The name that was looked at last, null for none. */
        private @Nullable String last;

        private boolean read;

        Place(String path, @Nullable String last) {
            this.path = path;
            this.last = last;
        }

        String child(String name) {
            return path.equals("/") ? "/" + name : path + "/" + name;
        }
    }

    /**
     * What a step has found.
     *
     * @param next where the next one goes on, null when all of the tree has been looked at
     * @param hidden znodes whose children the caller may not list
     */
    record Found(
            List<String> paths,
            int visited,
            int hidden,
            @Nullable String next) {}

    private record Child(String name, boolean parent) {}

    private final NodeGate gate;
    private final List<Identity> identities;
    private final String wanted;
    private final String prefix;
    private final int limit;
    private final Deque<Place> places = new ArrayDeque<>();
    private final List<String> paths = new ArrayList<>();
    private int visited;
    private int asked;
    private int hidden;

    /**
     * One step.
     *
     * @param root below which it looks
     * @param text what a name contains, in whatever case; or, beginning with a slash, how a path begins
     * @param after what the step before said is next, null to begin
     * @param limit most paths
     */
    TreeSearch(NodeGate gate, List<Identity> identities, String root, String text, @Nullable String after, int limit) {
        this.gate = gate;
        this.identities = identities;
        this.limit = limit;
        boolean byPath = text.startsWith("/");
        this.prefix = byPath ? text : "";
        this.wanted = byPath ? "" : text.toLowerCase(Locale.ROOT);
        String start = byPath ? parentOf(text) : root;
        if (after == null) {
            places.push(new Place(start, null));
        } else {
            goOn(start, after);
        }
    }

    private static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** {@code /a/b} stands for what comes behind b among the children of a; {@code /a/b/} for the children of b, and then the same. */
    private void goOn(String start, String after) {
        boolean within = after.length() > 1 && after.endsWith("/");
        String path = within ? after.substring(0, after.length() - 1) : after;
        String below = start.equals("/") ? "/" : start + "/";
        if (!path.startsWith(below) || path.length() == below.length()) {
            throw Problem.badRequest("after: it is not where a search below " + Exchange.printable(start) + " goes on");
        }
        String at = start;
        for (String name : path.substring(below.length()).split("/", -1)) {
            places.push(new Place(at, name));
            at = new Place(at, null).child(name);
        }
        if (within) {
            places.push(new Place(at, null));
        }
    }

    /** Does the step. */
    CompletionStage<Found> run() {
        while (!enough()) {
            Place place = places.peek();
            if (place == null) {
                break;
            }
            Child child = place.ahead.poll();
            if (child != null) {
                visit(place, child);
            } else if (place.read) {
                places.pop();
            } else {
                return read(place).thenCompose(done -> run());
            }
        }
        return CompletableFuture.completedFuture(new Found(paths, visited, hidden, next()));
    }

    private boolean enough() {
        return visited >= MOST_VISITS || paths.size() >= limit || (visited > 0 && asked >= MOST_QUESTIONS);
    }

    private void visit(Place place, Child child) {
        visited++;
        place.last = child.name();
        String path = place.child(child.name());
        boolean matches =
                prefix.isEmpty() ? child.name().toLowerCase(Locale.ROOT).contains(wanted) : path.startsWith(prefix);
        if (matches) {
            paths.add(path);
        }
        if (child.parent()) {
            places.push(new Place(path, null));
        }
    }

    private @Nullable String next() {
        Place place = places.peek();
        return place == null ? null : place.last == null ? place.path + "/" : place.child(place.last);
    }

    private CompletionStage<Void> read(Place place) {
        asked++;
        return gate.read(identities, new ReadOperation.GetChildrenPage(place.path, place.last, PAGE))
                .thenCompose(answer -> {
                    if (answer.result() instanceof Result.Children children) {
                        place.read = children.names().size() < PAGE;
                        return askForParents(place, children.names());
                    }
                    place.read = true;
                    hidden += answer.result() instanceof Result.Failed failed && failed.error() == ErrorCode.NO_AUTH
                            ? 1
                            : 0;
                    return CompletableFuture.completedFuture(null);
                });
    }

    /** Which of these children have children themselves: asked all at once, of those alone below which something may match. */
    private CompletionStage<Void> askForParents(Place place, List<String> names) {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (String name : names) {
            String path = place.child(name);
            CompletionStage<Boolean> parent = CompletableFuture.completedFuture(false);
            if (prefix.isEmpty() || path.startsWith(prefix)) {
                asked++;
                parent = gate.read(identities, new ReadOperation.Exists(path, false))
                        .thenApply(answer -> answer.result() instanceof Result.Found found
                                && found.stat().numChildren() > 0);
            }
            all = all.thenAcceptBoth(parent, (done, is) -> place.ahead.add(new Child(name, is)));
        }
        return all;
    }
}
