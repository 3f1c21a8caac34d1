package io.troupe.app.console;

import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Identity;
import io.troupe.request.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One watch as a stream of events, by a session of its own that only this node knows. The id of an event says that everything up to
 * that zxid has been told, so of the events of one transaction only the last has it: whoever comes back with an id, to whatever node,
 * is told the rest (decision 025). Called by the thread of the tree, and by a timer.
 */
final class WatchStream implements SessionSink {
    private static final int SESSION_MILLIS = 10_000;
    private static final int WATCH_XID = 1;
    private static final int PING_XID = 2;

    private final Frontend node;
    private final List<Identity> identities;
    private final Watch watch;
    private final EventStream out;
    private final CompletableFuture<Reply> begun = new CompletableFuture<>();
    /** Not written yet, because the next may belong to the same transaction. */
    private final List<Told> burst = new ArrayList<>();

    private volatile @Nullable SessionHandle handle;

    /**
     * What is watched.
     *
     * @param since the zxid up to which everything was told, null to begin now
     */
    record Watch(String path, boolean recursive, @Nullable Long since) {}

    private record Told(WatchEvent event, long zxid) {}

    WatchStream(Frontend node, List<Identity> identities, Watch watch, EventStream out) {
        this.node = node;
        this.identities = identities;
        this.watch = watch;
        this.out = out;
    }

    /** Begins. The stage tells that the answer has begun, or why it has not. */
    CompletionStage<Reply> open() {
        node.connect(new Connect(0, new byte[0], SESSION_MILLIS, 0, identities, true, true), this);
        return begun.orTimeout(NodeGate.PATIENCE_SECONDS, TimeUnit.SECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException ? NodeGate.late(false) : failure));
    }

    /** The port closes; readers go elsewhere. */
    void endForAll() {
        out.end();
    }

    /** Nobody listens any more. */
    void close() {
        node.disconnected(this);
    }

    /** Asks the node where it stands, which the reader is told then: he sees that all is well, and his id moves on. */
    void beat() {
        SessionHandle open = handle;
        if (open != null) {
            node.submit(List.of(
                    new ClientRequest.Read(open, PING_XID, 0, identities, new ReadOperation.Ping())));
        }
    }

    @Override
    public void connected(SessionHandle given, int timeoutMillis, boolean readOnly) {
        handle = given;
        List<String> path = List.of(watch.path());
        Long since = watch.since();
        ReadOperation asked = since == null
                ? new ReadOperation.AddWatch(watch.path(), watch.recursive() ? 1 : 0)
                : new ReadOperation.ResumeWatches(
                        since, watch.recursive() ? List.of() : path, watch.recursive() ? path : List.of());
        node.submit(List.of(new ClientRequest.Read(given, WATCH_XID, 0, identities, asked)));
    }

    @Override
    public void event(WatchEvent event, long zxid) {
        burst.add(new Told(event, zxid));
    }

    @Override
    public void reply(int xid, long zxid, Result result) {
        if (xid == PING_XID) {
            writeBurst();
            out.write(": beat\nid: " + Json.hex(zxid) + "\n\n");
        } else if (result instanceof Result.Failed failed) {
            begun.completeExceptionally(TreeErrors.problem(failed.error(), "watch " + watch.path()));
        } else {
            begin(zxid, result);
        }
    }

    private void begin(long zxid, Result result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", watch.path());
        fields.put("recursive", watch.recursive());
        fields.put("zxid", Json.hex(zxid));
        out.begin();
        begun.complete(Reply.STREAMED);
        if (result instanceof Result.Resumed resumed && !resumed.complete()) {
            Long since = watch.since();
            fields.put("since", since == null ? null : Json.hex(since));
            out.write(text("gap", fields, zxid));
        } else {
            writeBurst();
            out.write(text("watching", fields, zxid));
        }
    }

    private void writeBurst() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < burst.size(); i++) {
            Told told = burst.get(i);
            boolean last = i + 1 == burst.size() || burst.get(i + 1).zxid() != told.zxid();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", told.event().path());
            fields.put("zxid", Json.hex(told.zxid()));
            text.append(text(word(told.event().type()), fields, last ? told.zxid() : -1));
        }
        burst.clear();
        if (text.length() > 0) {
            out.write(text.toString());
        }
    }

    private static String word(WatchEvent.Type type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String text(String event, Map<String, Object> fields, long id) {
        return "event: " + event + "\ndata: " + Json.line(fields) + "\n" + (id < 0 ? "" : "id: " + Json.hex(id) + "\n")
                + "\n";
    }

    @Override
    public boolean overrun() {
        return out.ended();
    }

    @Override
    public void flush() {
        if (begun.isDone()) {
            writeBurst();
        }
    }

    @Override
    public void end(End reason) {
        if (begun.completeExceptionally(Problem.notServing("the node has stopped serving (" + reason + ")"))) {
            return;
        }
        writeBurst();
        out.end();
    }
}
