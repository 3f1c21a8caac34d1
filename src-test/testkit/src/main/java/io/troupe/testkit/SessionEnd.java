package io.troupe.testkit;

import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionPassword;
import io.troupe.edge.SessionSink;
import io.troupe.edge.TreeReport.SessionReport;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Takes a session over from its client and closes it. */
final class SessionEnd implements SessionSink {
    /** Whoever asked looks again whether the session is gone. */
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    private final Frontend frontend;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private SessionEnd(Frontend frontend) {
        this.frontend = frontend;
    }

    /** Tries once, and returns when there is nothing more to wait for: its client may have taken it back in between. */
    static void of(Frontend frontend, SessionReport session) {
        SessionEnd end = new SessionEnd(frontend);
        long id = session.sessionId();
        frontend.connect(new Connect(id, SessionPassword.of(id), session.timeoutMillis(), 0, List.of(), false), end);
        end.over
                .completeOnTimeout(null, ATTEMPT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        frontend.disconnected(end);
    }

    @Override
    public void connected(SessionHandle handle, int timeoutMillis, boolean readOnly) {
        frontend.submit(List.of(new ClientRequest.Write(handle, 1, List.of(), new Operation.CloseSession(0, 0))));
    }

    @Override
    public void reply(int xid, long zxid, Result result) {
        over.complete(null);
    }

    @Override
    public void event(WatchEvent event, long zxid) {
        // It sets no watch.
    }

    @Override
    public void end(End reason) {
        over.complete(null);
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }
}
