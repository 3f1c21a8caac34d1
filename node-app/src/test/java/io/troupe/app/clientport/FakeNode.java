package io.troupe.app.clientport;

import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.LentSnapshot;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.TreeReport;
import io.troupe.edge.WatchEvent;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A node in memory: one thread, as the real one's tree actor, that answers from a {@link FakeTree}. */
final class FakeNode implements Frontend, AutoCloseable {
    final List<Connect> connects = new CopyOnWriteArrayList<>();
    final List<List<Identity>> identified = new CopyOnWriteArrayList<>();
    final List<List<ClientRequest>> bursts = new CopyOnWriteArrayList<>();
    final List<SessionSink> gone = new CopyOnWriteArrayList<>();
    final List<SessionHandle> upgrades = new CopyOnWriteArrayList<>();

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final FakeTree tree = new FakeTree();
    private final Map<Long, SessionSink> sinks = new LinkedHashMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    private boolean unreplicated;
    private SessionSink.@Nullable End refusal;
    private Function<ClientRequest, @Nullable Result> script = request -> null;
    private long nextSession = 0x100000000000001L;
    private volatile boolean serving = true;
    private volatile Role role = Role.LEADING;
    private volatile Membership membership = membership(3);

    private static Membership membership(int voters) {
        return new Membership(
                "e",
                0x10,
                IntStream.rangeClosed(1, voters)
                        .mapToObj(id -> new Member(id, "h" + id, 25520, "c" + id, 2181, id))
                        .toList(),
                null);
    }

    /** What it is, in an ensemble of so many voters. */
    void is(Role now, int voters) {
        role = now;
        membership = membership(voters);
    }

    /** Keeps everything that arrives until {@link #release}. */
    void hold() {
        run(() -> holding = true);
    }

    void release() {
        run(() -> {
            holding = false;
            held.forEach(Runnable::run);
            held.clear();
        });
    }

    /** Gives sessions that it alone knows. */
    void replicateNoSessions() {
        run(() -> unreplicated = true);
    }

    void refuse(SessionSink.End reason) {
        run(() -> refusal = reason);
    }

    /** Answers that come before the tree's. */
    void answer(Function<ClientRequest, @Nullable Result> answers) {
        run(() -> script = answers);
    }

    void serving(boolean now) {
        serving = now;
    }

    /** Acts as the node's thread on the connection of a session. */
    void toSink(long sessionId, java.util.function.Consumer<SessionSink> action) {
        run(() -> {
            SessionSink sink = sinks.get(sessionId);
            if (sink != null) {
                action.accept(sink);
                sink.flush();
            }
        });
    }

    List<ClientRequest> requests() {
        return bursts.stream().flatMap(List::stream).toList();
    }

    private void run(Runnable action) {
        thread.execute(action);
    }

    private void orHold(Runnable action) {
        run(() -> {
            if (holding) {
                held.add(action);
            } else {
                action.run();
            }
        });
    }

    @Override
    public void connect(Connect connect, SessionSink sink) {
        connects.add(connect);
        orHold(() -> {
            if (refusal != null) {
                sink.end(refusal);
            } else {
                long id = connect.sessionId() == 0 ? nextSession++ : connect.sessionId();
                sinks.put(id, sink);
                SessionHandle handle = unreplicated ? SessionHandle.unreplicated(id, 1) : new SessionHandle(id, 1);
                sink.connected(handle, connect.timeoutMillis(), false);
            }
            sink.flush();
        });
    }

    @Override
    public void submit(List<ClientRequest> burst) {
        bursts.add(List.copyOf(burst));
        orHold(() -> {
            Set<SessionSink> touched = new LinkedHashSet<>();
            for (ClientRequest request : burst) {
                SessionSink sink = sinks.get(request.session().sessionId());
                if (sink != null) {
                    touched.add(sink);
                    execute(request, sink);
                }
            }
            touched.forEach(SessionSink::flush);
        });
    }

    private void execute(ClientRequest request, SessionSink sink) {
        Result scripted = script.apply(request);
        Result result = scripted == null ? tree.execute(request, sink) : scripted;
        int xid = request instanceof ClientRequest.Write write ? write.xid() : ((ClientRequest.Read) request).xid();
        sink.reply(xid, tree.zxid(), result);
        if (request instanceof ClientRequest.Write write && write.operation() instanceof Operation.CloseSession) {
            sink.end(SessionSink.End.CLOSED);
        }
    }

    @Override
    public void upgrade(SessionHandle session, int timeoutMillis) {
        upgrades.add(session);
        orHold(() -> {
            SessionSink sink = sinks.get(session.sessionId());
            if (sink != null) {
                sink.connected(new SessionHandle(session.sessionId(), 1), timeoutMillis, false);
                sink.flush();
            }
        });
    }

    @Override
    public void identified(SessionHandle session, List<Identity> identities) {
        identified.add(identities);
    }

    @Override
    public void resume(SessionSink sink) {
        // It never asks whether a client takes more.
    }

    @Override
    public void disconnected(SessionSink sink) {
        gone.add(sink);
    }

    @Override
    public CompletionStage<TreeReport> report(TreeReport.Part part) {
        return CompletableFuture.completedFuture(
                switch (part) {
                    case SESSIONS ->
                        TreeReport.ofSessions(List.of(
                                        new TreeReport.SessionReport(0x10, 4000, List.of("/a", "/b"), true),
                                        new TreeReport.SessionReport(0x11, 6000, List.of(), false)))
                                .withExpiries(
                                        role == Role.LEADING
                                                ? new TreeMap<>(Map.of(
                                                        1_700_000_001_000L, List.of(0x10L),
                                                        1_700_000_003_000L, List.of(0x11L, 0x12L)))
                                                : null);
                    case WATCHES -> TreeReport.ofWatches(Map.of(0x10L, List.of("/a", "/b"), 0x11L, List.of("/b")));
                    case QUOTAS -> TreeReport.ofQuotas(Map.of("app", new TreeReport.QuotaReport(10, -1, 3, 40)));
                    case DIGESTS -> TreeReport.ofDigests(Map.of(0x100000001L, 5L, 0x100000002L, 6L));
                });
    }

    @Override
    public CompletionStage<LentSnapshot> snapshot() {
        return CompletableFuture.failedFuture(new IOException("nothing is kept on disk here"));
    }

    @Override
    public NodeStatus status() {
        return new NodeStatus(
                1,
                role,
                role.name().toLowerCase(Locale.ROOT),
                serving,
                false,
                1,
                1,
                7,
                7,
                7,
                0xabcL,
                5,
                0,
                1,
                0,
                2,
                30,
                2,
                0,
                0,
                membership);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    static boolean isPing(ClientRequest request) {
        return request instanceof ClientRequest.Read read && read.operation() instanceof ReadOperation.Ping;
    }

    static WatchEvent changed(String path) {
        return new WatchEvent(WatchEvent.Type.DATA_CHANGED, path);
    }
}
