package io.troupe.node;

import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.LentSnapshot;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.SessionSink.End;
import io.troupe.edge.TreeReport;
import io.troupe.ensemble.Release;
import io.troupe.request.Identity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.agrona.collections.ObjectHashSet;
import org.jspecify.annotations.Nullable;

/**
 * What the edges hold on to while the node behind it starts again: until it is there, clients are sent elsewhere. Locked,
 * because any edge's thread calls it; held for no longer than a message to an actor takes.
 */
final class LastingFrontend implements Frontend {
    private final Set<SessionSink> connected = new ObjectHashSet<>();
    private @Nullable Frontend node;
    private NodeStatus last;

    LastingFrontend(Frontend first) {
        this.node = first;
        this.last = first.status();
    }

    /** The node is there again. */
    synchronized void arrived(Frontend next) {
        node = next;
    }

    /** The actors behind it are gone: what they owed their clients nobody can tell any more. */
    synchronized void gone() {
        if (node != null) {
            last = node.status().notServing();
            node = null;
        }
        connected.forEach(sink -> {
            sink.end(End.STOPPING);
            sink.flush();
        });
        connected.clear();
    }

    @Override
    public synchronized void connect(Connect connect, SessionSink sink) {
        if (node == null) {
            sink.end(End.NOT_SERVING);
            sink.flush();
        } else {
            connected.add(sink);
            node.connect(connect, sink);
        }
    }

    @Override
    public void submit(List<ClientRequest> burst) {
        Frontend to = node();
        if (to != null) {
            to.submit(burst);
        }
    }

    @Override
    public void upgrade(SessionHandle session, int timeoutMillis) {
        Frontend to = node();
        if (to != null) {
            to.upgrade(session, timeoutMillis);
        }
    }

    @Override
    public void identified(SessionHandle session, List<Identity> identities) {
        Frontend to = node();
        if (to != null) {
            to.identified(session, identities);
        }
    }

    @Override
    public void resume(SessionSink sink) {
        Frontend to = node();
        if (to != null) {
            to.resume(sink);
        }
    }

    @Override
    public synchronized void disconnected(SessionSink sink) {
        connected.remove(sink);
        if (node != null) {
            node.disconnected(sink);
        }
    }

    @Override
    public CompletionStage<TreeReport> report(TreeReport.Part part) {
        Frontend to = node();
        return to == null ? new CompletableFuture<>() : to.report(part);
    }

    @Override
    public CompletionStage<LentSnapshot> snapshot() {
        Frontend to = node();
        return to == null ? new CompletableFuture<>() : to.snapshot();
    }

    @Override
    public Map<Integer, Release> releases() {
        Frontend to = node();
        return to == null ? Map.of() : to.releases();
    }

    @Override
    public synchronized NodeStatus status() {
        return node == null ? last : node.status();
    }

    private synchronized @Nullable Frontend node() {
        return node;
    }
}
