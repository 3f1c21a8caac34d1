package io.troupe.tree.local;

import io.troupe.edge.Connect;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sessions attached here, and the connections that still wait for theirs. */
public final class LocalSessions {
    private final Map<Long, LocalSession> bySessionId = new LinkedHashMap<>();
    private final IdentityHashMap<SessionSink, LocalSession> bySink = new IdentityHashMap<>();
    private final Map<Long, Pending> pending = new HashMap<>();
    private long tokens;

    /**
     * A connection whose session is being opened or attached.
     *
     * @param upgrading the session it has already, where that is being made known to the whole ensemble
     */
    public record Pending(
            Connect connect,
            SessionSink sink,
            long sessionId,
            @Nullable LocalSession upgrading) {}

    /** Remembers a connection until its request has executed; the token names it. */
    public long expect(Pending connection) {
        pending.put(++tokens, connection);
        return tokens;
    }

    /** The connection behind a token, which is then forgotten. */
    public @Nullable Pending arrived(long token) {
        return pending.remove(token);
    }

    public void add(LocalSession session) {
        bySessionId.put(session.handle().sessionId(), session);
        bySink.put(session.sink(), session);
    }

    public @Nullable LocalSession get(long sessionId) {
        return bySessionId.get(sessionId);
    }

    /** The session of this very attachment. */
    public @Nullable LocalSession get(SessionHandle handle) {
        LocalSession session = bySessionId.get(handle.sessionId());
        return session != null && session.isOf(handle) ? session : null;
    }

    /** The session that this connection is attached to. */
    public @Nullable LocalSession get(SessionSink sink) {
        return bySink.get(sink);
    }

    /** Ids of the sessions that all nodes know whose clients were heard of since the last call. */
    public List<Long> takeTouched() {
        List<Long> touched = new ArrayList<>();
        for (LocalSession session : all()) {
            if (session.takeTouched() && session.handle().replicated()) {
                touched.add(session.handle().sessionId());
            }
        }
        return touched;
    }

    public void remove(LocalSession session) {
        bySessionId.remove(session.handle().sessionId(), session);
        bySink.remove(session.sink());
    }

    /** The connection is gone: its session, if it had one, is no longer attached here. */
    public @Nullable LocalSession disconnected(SessionSink sink) {
        pending.values().removeIf(p -> p.sink() == sink);
        LocalSession session = bySink.get(sink);
        if (session != null) {
            remove(session);
        }
        return session;
    }

    public Collection<LocalSession> all() {
        return bySessionId.values();
    }

    /** Ends every connection for the same reason. */
    public List<SessionSink> clear() {
        List<SessionSink> sinks = new ArrayList<>();
        bySessionId.values().forEach(s -> sinks.add(s.sink()));
        pending.values().forEach(p -> sinks.add(p.sink()));
        bySessionId.clear();
        bySink.clear();
        pending.clear();
        return sinks;
    }
}
