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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch as a stream of events, by a session of its own that only this node knows. The id of an event says that everything up to
 * that zxid has been told, so of the events of one transaction only the last has it: whoever comes back with an id, to whatever node,
 * is told the rest (decision 025). What the thread of the tree tells is only kept there, and written by another.
 */
final class WatchStream implements SessionSink {
    private static final Logger LOG = LoggerFactory.getLogger(WatchStream.class);
    private static final int SESSION_MILLIS = 10_000;
    private static final int WATCH_XID = 1;
    private static final int PING_XID = 2;

    /** Bursts that may wait to be written: the port has few threads. */
    private static final int MOST_DUE = 10_000;

    private final Frontend node;
    private final List<Identity> identities;
    private final Watch watch;
    private final EventStream out;
    private final Executor executor;
    private final CompletableFuture<Reply> begun = new CompletableFuture<>();

    /** In the thread of the tree: what may be followed by more of the same transaction. */
    private List<Told> burst = new ArrayList<>();
    /** In the same thread: whether the watch is set, and what is told from then on can be written. */
    private boolean set;

    private final Deque<Runnable> due = new ArrayDeque<>();
    private boolean working;

    private volatile @Nullable SessionHandle handle;

    /**
     * What is watched.
     *
     * @param since the zxid up to which everything was told, null to begin now
     */
    record Watch(String path, boolean recursive, @Nullable Long since) {}

    private record Told(WatchEvent event, long zxid) {}

    /**
     * One that is not open.
     *
     * @param executor where it is written
     */
    WatchStream(Frontend node, List<Identity> identities, Watch watch, EventStream out, Executor executor) {
        this.node = node;
        this.identities = identities;
        this.watch = watch;
        this.out = out;
        this.executor = executor;
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
            node.submit(List.of(new ClientRequest.Read(open, PING_XID, 0, identities, new ReadOperation.Ping())));
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
            flush();
            later(() -> out.write(": beat\nid: " + Json.hex(zxid) + "\n\n"));
        } else {
            set = true;
            List<Told> before = takeBurst();
            later(() -> begin(before, zxid, result));
        }
    }

    private List<Told> takeBurst() {
        List<Told> taken = burst;
        burst = new ArrayList<>();
        return taken;
    }

    @Override
    public void flush() {
        if (set && !burst.isEmpty()) {
            List<Told> taken = takeBurst();
            later(() -> write(taken));
        }
    }

    @Override
    public boolean overrun() {
        return out.ended();
    }

    @Override
    public void end(End reason) {
        flush();
        later(() -> {
            Problem problem = Problem.notServing("the node has stopped serving (" + reason + ")");
            if (!begun.completeExceptionally(problem)) {
                out.end();
            }
        });
    }

    // ---- in other threads, one after the other ----

    private void later(Runnable action) {
        synchronized (due) {
            due.add(action);
            if (working) {
                if (due.size() > MOST_DUE) {
                    out.tooSlow();
                }
                return;
            }
            working = true;
        }
        try {
            executor.execute(this::work);
        } catch (RejectedExecutionException e) {
            LOG.debug("the HTTP port is closed, and with it a stream: {}", e.toString());
        }
    }

    private void work() {
        while (true) {
            Runnable next;
            synchronized (due) {
                next = due.poll();
                if (next == null) {
                    working = false;
                    return;
                }
            }
            next.run();
        }
    }

    private void begin(List<Told> before, long zxid, Result result) {
        if (begun.isDone()) {
            return;
        }
        if (result instanceof Result.Failed failed) {
            begun.completeExceptionally(TreeErrors.problem(failed.error(), "watch " + watch.path()));
            return;
        }
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
            write(before);
            out.write(text("watching", fields, zxid));
        }
    }

    private void write(List<Told> all) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < all.size(); i++) {
            Told told = all.get(i);
            boolean last = i + 1 == all.size() || all.get(i + 1).zxid() != told.zxid();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", told.event().path());
            fields.put("zxid", Json.hex(told.zxid()));
            text.append(text(word(told.event().type()), fields, last ? told.zxid() : -1));
        }
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
}
