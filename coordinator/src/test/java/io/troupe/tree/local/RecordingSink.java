package io.troupe.tree.local;

import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection that keeps what it is delivered, in order. */
public final class RecordingSink implements SessionSink {
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private int flushed;
    private boolean full;
    private boolean overrun;

    /** Something that a client sees. */
    public sealed interface Seen {}

    /** The session is open. */
    public record Connected(SessionHandle handle, int timeoutMillis, boolean readOnly) implements Seen {}

    /** An answer. */
    public record Reply(int xid, long zxid, Result result) implements Seen {}

    /** A watch that fired. */
    public record Event(WatchEvent.Type type, String path, long zxid) implements Seen {}

    /** The connection ended. */
    public record Ended(End reason) implements Seen {}

    @Override
    public void connected(SessionHandle handle, int timeoutMillis, boolean readOnly) {
        seen.add(new Connected(handle, timeoutMillis, readOnly));
    }

    @Override
    public void reply(int xid, long zxid, Result result) {
        seen.add(new Reply(xid, zxid, result));
    }

    @Override
    public void event(WatchEvent event, long zxid) {
        seen.add(new Event(event.type(), event.path(), zxid));
    }

    @Override
    public boolean takesMore() {
        return !full;
    }

    @Override
    public boolean overrun() {
        return overrun;
    }

    /** Its client has left too much unread. */
    public void beOverrun() {
        overrun = true;
    }

    /** Whether its client leaves what it is sent unread. */
    public void full(boolean now) {
        full = now;
    }

    @Override
    public void end(End reason) {
        seen.add(new Ended(reason));
    }

    @Override
    public void flush() {
        flushed = seen.size();
    }

    /** All since the last call, in order. */
    public List<Seen> take() {
        List<Seen> taken = List.copyOf(seen);
        seen.clear();
        flushed = 0;
        return taken;
    }

    /** Whether everything delivered may be written. */
    public boolean isFlushed() {
        return flushed == seen.size();
    }

    /** Request numbers of the replies since the last {@link #take}, in order. */
    public List<Integer> xids() {
        List<Integer> xids = new ArrayList<>();
        seen.forEach(s -> {
            if (s instanceof Reply reply) {
                xids.add(reply.xid());
            }
        });
        return xids;
    }
}
