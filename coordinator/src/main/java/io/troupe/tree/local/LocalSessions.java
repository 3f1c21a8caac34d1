package io.troupe.tree.local;

import io.troupe.edge.Connect;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.tree.state.BySessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sessions attached here, and the connections that still wait for theirs. */
public final class LocalSessions {
    private final BySessionId<LocalSession> bySessionId = new BySessionId<>(LocalSession::sessionId);
    private final IdentityHashMap<SessionSink, LocalSession> bySink = new IdentityHashMap<>();
    private final Map<Long, Pending> pending = new HashMap<>();
    private long tokens;
    private @Nullable LocalSession first;
    private @Nullable LocalSession last;

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
        LocalSession before = bySessionId.put(session);
        if (before != null) {
            unlink(before);
        }
        append(session);
        bySink.put(session.sink(), session);
    }

    private void append(LocalSession session) {
        session.earlier = last;
        if (last == null) {
            first = session;
        } else {
            last.later = session;
        }
        last = session;
    }

    private void unlink(LocalSession session) {
        if (session.earlier == null) {
            first = session.later;
        } else {
            session.earlier.later = session.later;
        }
        if (session.later == null) {
            last = session.earlier;
        } else {
            session.later.earlier = session.earlier;
        }
        session.earlier = null;
        session.later = null;
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
        for (LocalSession session = first; session != null; session = session.later) {
            if (session.takeTouched() && session.handle().replicated()) {
                touched.add(session.sessionId());
            }
        }
        return touched;
    }

    public void remove(LocalSession session) {
        if (bySessionId.get(session.sessionId()) == session) {
            bySessionId.remove(session.sessionId());
            unlink(session);
        }
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

    /** All of them, in the order in which they were attached. */
    public List<LocalSession> all() {
        List<LocalSession> all = new ArrayList<>(bySessionId.size());
        for (LocalSession session = first; session != null; session = session.later) {
            all.add(session);
        }
        return all;
    }

    /** Ends every connection for the same reason. */
    public List<SessionSink> clear() {
        List<SessionSink> sinks = new ArrayList<>();
        all().forEach(s -> sinks.add(s.sink()));
        pending.values().forEach(p -> sinks.add(p.sink()));
        bySessionId.clear();
        first = null;
        last = null;
        bySink.clear();
        pending.clear();
        return sinks;
    }
}
