package io.troupe.app.console;

import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.TreeReport;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands requests to the node and their answers back. All share one session, which only this node knows: each request brings the
 * identities of its own caller, and none of them waits for those of others. The session is opened by the first request, and costs
 * nothing while there are none. Thread-safe.
 */
final class NodeGate {
    /** How long the node may take; without a leader it lets everything wait until there is one. */
    static final int PATIENCE_SECONDS = 10;

    private final Supplier<Optional<Frontend>> node;
    private final Executor executor;
    private @Nullable Attachment attachment;

    /** An answer and the zxid up to which the node had executed then. */
    record Answer(long zxid, Result result) {}

    /**
     * Without a session yet.
     *
     * @param executor where answers are worked on: not in the thread of the tree
     */
    NodeGate(Supplier<Optional<Frontend>> node, Executor executor) {
        this.node = node;
        this.executor = executor;
    }

    /** The node, while it serves clients, or reads at least. */
    Frontend serving() {
        Frontend frontend =
                node.get().orElseThrow(() -> Problem.notServing("the node has not got its tree and its ensemble yet"));
        if (!frontend.status().serving() && !frontend.status().readOnly()) {
            throw Problem.notServing("it is " + frontend.status().phase()
                    + "; ask another node, or again in a moment (/readyz says more)");
        }
        return frontend;
    }

    /** A part of what the tree knows. */
    CompletionStage<TreeReport> report(TreeReport.Part part) {
        return serving()
                .report(part)
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .thenApplyAsync(found -> found, executor);
    }

    /** Where answers are worked on. */
    Executor executor() {
        return executor;
    }

    /** Reads what these identities may see. */
    CompletionStage<Answer> read(List<Identity> identities, ReadOperation operation) {
        return submit(false, handle -> xid -> new ClientRequest.Read(handle, xid, 0, identities, operation));
    }

    /** Has it executed. */
    CompletionStage<Answer> write(List<Identity> identities, Operation operation) {
        return submit(true, handle -> xid -> new ClientRequest.Write(handle, xid, identities, operation));
    }

    /** What a request is in the session that it goes by. */
    private interface Form {
        IntFunction<ClientRequest> in(SessionHandle handle);
    }

    private CompletionStage<Answer> submit(boolean write, Form form) {
        Frontend frontend = serving();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        attached(frontend).submit(new Waiting(write, form, answer));
        return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .exceptionally(failure -> {
                    throw failure instanceof TimeoutException ? late(write) : asProblem(failure);
                })
                .thenApplyAsync(found -> found, executor);
    }

    private static Problem asProblem(Throwable failure) {
        return failure instanceof Problem problem ? problem : Problem.notServing("the node failed: " + failure);
    }

    static Problem late(boolean write) {
        return Problem.of(
                504,
                "no-answer",
                "The node has not answered in time",
                "there was no answer within " + PATIENCE_SECONDS + " s, because there is no leader or too much to do"
                        + (write ? "; the change may still happen: look before you repeat it" : ""));
    }

    private synchronized Attachment attached(Frontend frontend) {
        Attachment now = attachment;
        if (now == null || now.over()) {
            now = new Attachment(frontend);
            attachment = now;
            frontend.connect(new Connect(0, new byte[0], PATIENCE_SECONDS * 1_000, 0, List.of(), true, true), now);
        }
        return now;
    }

    /** Gives the session up. */
    synchronized void close() {
        Attachment now = attachment;
        if (now != null) {
            now.close();
        }
    }

    private record Waiting(boolean write, Form form, CompletableFuture<Answer> answer) {}

    /** One session of the gate, from its request to its end. */
    private static final class Attachment implements SessionSink {
        private final Frontend frontend;
        private final List<Waiting> early = new ArrayList<>();
        private final Map<Integer, Waiting> asked = new HashMap<>();
        private @Nullable SessionHandle handle;
        private boolean readOnly;
        private boolean over;
        private int lastXid;

        Attachment(Frontend frontend) {
            this.frontend = frontend;
        }

        synchronized boolean over() {
            return over;
        }

        void submit(Waiting request) {
            ClientRequest sent;
            synchronized (this) {
                SessionHandle open = handle;
                if (over) {
                    request.answer().completeExceptionally(ended(request, End.NOT_SERVING));
                    return;
                } else if (open == null) {
                    early.add(request);
                    return;
                }
                sent = numbered(request, open);
            }
            if (sent != null) {
                frontend.submit(List.of(sent));
            }
        }

        private @Nullable ClientRequest numbered(Waiting request, SessionHandle open) {
            if (readOnly && request.write()) {
                request.answer()
                        .completeExceptionally(Problem.notServing("there is no leader: nothing can be changed"));
                return null;
            }
            lastXid = lastXid == Integer.MAX_VALUE ? 1 : lastXid + 1;
            asked.put(lastXid, request);
            return request.form().in(open).apply(lastXid);
        }

        @Override
        public void connected(SessionHandle given, int timeoutMillis, boolean forReadsAlone) {
            List<ClientRequest> burst = new ArrayList<>();
            synchronized (this) {
                handle = given;
                readOnly = forReadsAlone;
                for (Waiting request : early) {
                    ClientRequest sent = numbered(request, given);
                    if (sent != null) {
                        burst.add(sent);
                    }
                }
                early.clear();
            }
            frontend.submit(burst);
        }

        @Override
        public void reply(int xid, long zxid, Result result) {
            Waiting request;
            synchronized (this) {
                request = asked.remove(xid);
            }
            if (request != null) {
                request.answer().complete(new Answer(zxid, result));
            }
        }

        @Override
        public void event(WatchEvent event, long zxid) {
            // It watches nothing: streams have sessions of their own.
        }

        @Override
        public void end(End reason) {
            List<Waiting> left;
            synchronized (this) {
                over = true;
                left = new ArrayList<>(early);
                left.addAll(asked.values());
                early.clear();
                asked.clear();
            }
            left.forEach(request -> request.answer().completeExceptionally(ended(request, reason)));
        }

        private static Problem ended(Waiting request, End reason) {
            return Problem.notServing("the node has stopped serving (" + reason + ")"
                    + (request.write() ? "; the change may have happened: look before you repeat it" : ""));
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        void close() {
            end(End.CLOSED);
            frontend.disconnected(this);
        }
    }
}
