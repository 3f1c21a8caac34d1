package io.troupe.tree.local;

import io.troupe.edge.ClientRequest.Read;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.request.Identity;
import io.troupe.request.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session attached to this node by one connection, and what it waits for. Replies leave in the order of the requests: a
 * read waits for the writes submitted before it and for room for its reply, everything behind a waiting read waits too. Bounded by
 * the edge, which stops reading from a connection with too much outstanding.
 */
public final class LocalSession {
    private SessionHandle handle;
    private final boolean readOnly;
    /** Its handle before the whole ensemble knew the session, null when there was none. */
    private @Nullable SessionHandle unreplicated;

    private boolean closing;
    private final SessionSink sink;
    /** One that can be added to only while something waits. */
    private List<Waiting> waiting = List.of();
    /** Null until the first. */
    private @Nullable Set<String> watchedPaths;

    private List<Identity> identities;
    private long executedWrites;
    private boolean touched = true;

    /** Its neighbours in the order in which sessions were attached here: what {@link LocalSessions} links them by. */
    @Nullable
    LocalSession earlier;

    @Nullable
    LocalSession later;

    /**
     * One reply that cannot leave yet.
     *
     * @param afterWrites writes of this session that come before it
     * @param read null for the result of a write that was overtaken by what it must not overtake
     */
    private record Waiting(
            int xid,
            long afterWrites,
            @Nullable Read read,
            @Nullable Result result,
            Sync sync) {
        boolean ready(long executedWrites, long executedZxid) {
            return executedWrites >= afterWrites && executedZxid >= sync.zxid;
        }
    }

    /** Where the commit point of a sync stands; none for anything else. */
    private static final class Sync {
        private final long tag;
        private long zxid;

        Sync(long tag, long zxid) {
            this.tag = tag;
            this.zxid = zxid;
        }
    }

    public LocalSession(SessionHandle handle, SessionSink sink, List<Identity> identities, boolean readOnly) {
        this.readOnly = readOnly;
        this.handle = handle;
        this.sink = sink;
        this.identities = identities;
    }

    public SessionHandle handle() {
        return handle;
    }

    public long sessionId() {
        return handle.sessionId();
    }

    /** The whole ensemble knows the session now. */
    public void upgraded(SessionHandle replicated) {
        unreplicated = handle;
        handle = replicated;
    }

    /** Whether a request with this handle is its own: also one sent before the whole ensemble knew the session. */
    boolean isOf(SessionHandle other) {
        return other.attach() == handle.attach() || other.equals(unreplicated);
    }

    /** Whether it was given without a leader, for reads alone. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Whether its client has closed it, though only this node knows it. */
    public boolean closing() {
        return closing;
    }

    void close() {
        closing = true;
    }

    public SessionSink sink() {
        return sink;
    }

    /** Who the client is, as far as it has said. */
    public List<Identity> identities() {
        return identities;
    }

    Set<String> watchedPaths() {
        if (watchedPaths == null) {
            watchedPaths = new HashSet<>();
        }
        return watchedPaths;
    }

    /** The client was heard. */
    public void touch() {
        touched = true;
    }

    /** The client has proven who else it is: from now on watches tell it what these may read. */
    public void identify(List<Identity> latest) {
        identities = latest;
    }

    /** Whether the client was heard since the last call. */
    public boolean takeTouched() {
        boolean was = touched;
        touched = false;
        return was;
    }

    /** Whether a read may be answered at once. */
    public boolean mayAnswer(Read read) {
        return waiting.isEmpty() && executedWrites >= read.afterWrites() && sink.takesMore();
    }

    private List<Waiting> queue() {
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>();
        }
        return waiting;
    }

    private Waiting removeFirst() {
        Waiting first = waiting.remove(0);
        if (waiting.isEmpty()) {
            waiting = List.of();
        }
        return first;
    }

    /** A read must wait its turn. */
    public void park(Read read) {
        queue().add(new Waiting(read.xid(), read.afterWrites(), read, null, new Sync(0, 0)));
    }

    /** A sync waits for the answer to its question {@code tag}, and then for this node to get there. */
    public void parkSync(Read read, long tag) {
        queue().add(new Waiting(read.xid(), read.afterWrites(), read, null, new Sync(tag, Long.MAX_VALUE)));
    }

    /** The answer to a sync's question. */
    public void confirmed(long tag, long zxid) {
        for (Waiting w : waiting) {
            if (w.sync.tag == tag) {
                w.sync.zxid = zxid;
            }
        }
    }

    /** A write of this session has executed: its reply leaves now, unless something before it waits. */
    public void executed(int xid, Result result, long zxid) {
        long number = ++executedWrites;
        int place = 0;
        while (place < waiting.size() && waiting.get(place).afterWrites < number) {
            place++;
        }
        if (place == 0) {
            sink.reply(xid, zxid, result);
        } else {
            queue().add(place, new Waiting(xid, number, null, result, new Sync(0, 0)));
        }
    }

    /** Answers a read that has become due. */
    @FunctionalInterface
    public interface Answerer {
        Result answer(Read read);
    }

    /** Lets everything leave whose turn has come, as far as there is room for replies. */
    public void drain(long executedZxid, Answerer answerer) {
        while (!waiting.isEmpty()
                && waiting.get(0).ready(executedWrites, executedZxid)
                && (waiting.get(0).read == null || sink.takesMore())) {
            leave(removeFirst(), executedZxid, answerer);
        }
    }

    /**
     * The next write of this session is about to execute: what was requested before it is answered now, because it must
     * not see it. That holds for a sync too. The write was submitted after it and has committed, so a quorum still
     * followed its leader after the sync had arrived, and what had committed by then has a lower zxid and has executed.
     */
    public void drainBeforeWrite(long executedZxid, Answerer answerer) {
        while (!waiting.isEmpty() && waiting.get(0).afterWrites <= executedWrites) {
            leave(removeFirst(), executedZxid, answerer);
        }
    }

    private void leave(Waiting due, long executedZxid, Answerer answerer) {
        if (sink.overrun()) {
            return;
        }
        Result result = due.result;
        if (result == null && due.read != null) {
            result = answerer.answer(due.read);
        }
        if (result != null) {
            sink.reply(due.xid, executedZxid, result);
        }
    }

    /** Whether anything waits. */
    public boolean hasWaiting() {
        return !waiting.isEmpty();
    }
}
