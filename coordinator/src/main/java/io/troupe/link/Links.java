package io.troupe.link;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one node. Artery loses, delays and even reorders messages and delivers old ones to restarted peers;
 * Zab assumes TCP. So every protocol message carries its connection and a number: a gap or an unknown connection is what
 * a reset is in TCP, and the layer above synchronizes anew (architecture section 2). At most one connection exists with
 * each peer. Not thread-safe: owned by one actor.
 */
public final class Links {
    private final int self;
    private final long incarnation;
    private final Map<Integer, LinkEnd> ends = new TreeMap<>();
    private final Map<Integer, ConnectionId> lastAccepted = new TreeMap<>();
    private int sessions;

    public Links(int self, long incarnation) {
        this.self = self;
        this.incarnation = incarnation;
    }

    /** What became of an incoming message. */
    public sealed interface Receipt {
        /** In order; {@code opened} when it is the first of a connection the peer has just opened. */
        record Deliver(LinkEnd end, boolean opened) implements Receipt {}

        /** A duplicate, or of a connection already replaced: forget it. */
        record Drop() implements Receipt {}

        /** Not of any connection we know of; tell the sender, so that it does not wait for us. */
        record Refuse() implements Receipt {}

        /** Messages before this one are missing: this connection is closed; tell the sender. */
        record Broken(LinkEnd end) implements Receipt {}
    }

    /** Opens a new connection to {@code peer}, replacing any other. */
    public LinkEnd dial(int peer) {
        sessions++;
        return replace(new LinkEnd(new ConnectionId(self, incarnation, sessions), peer));
    }

    private LinkEnd replace(LinkEnd end) {
        LinkEnd old = ends.put(end.peer(), end);
        if (old != null) {
            old.close();
        }
        return end;
    }

    /** Sorts an incoming message of {@code from}, whose sender runs as {@code fromIncarnation}. */
    public Receipt receive(int from, long fromIncarnation, ConnectionId id, long sequence) {
        LinkEnd end = ends.get(from);
        if (end != null && end.id().equals(id)) {
            return switch (end.check(fromIncarnation, sequence)) {
                case IN_ORDER -> new Receipt.Deliver(end, false);
                case DUPLICATE -> new Receipt.Drop();
                case BROKEN -> {
                    close(end);
                    yield new Receipt.Broken(end);
                }
            };
        }
        if (id.dialer() == self) {
            return id.incarnation() == incarnation ? new Receipt.Refuse() : new Receipt.Drop();
        }
        return accept(from, fromIncarnation, id, sequence);
    }

    private Receipt accept(int from, long fromIncarnation, ConnectionId id, long sequence) {
        ConnectionId last = lastAccepted.get(from);
        if (last != null && last.newerThan(id)) {
            return new Receipt.Drop();
        }
        if (sequence != 1 || id.equals(last)) {
            return new Receipt.Refuse();
        }
        lastAccepted.put(from, id);
        LinkEnd end = replace(new LinkEnd(id, from));
        end.check(fromIncarnation, sequence);
        return new Receipt.Deliver(end, true);
    }

    /** The peer does not know this connection: closes it. Null when it is none of ours any more. */
    public @Nullable LinkEnd reset(int from, ConnectionId id) {
        LinkEnd end = ends.get(from);
        if (end == null || !end.id().equals(id)) {
            return null;
        }
        close(end);
        return end;
    }

    /**
     * The peer says on which connection with us it sends, null for none, and how much it has sent. Returns null unless
     * something is lost, else the connection, now closed.
     */
    public @Nullable LinkEnd position(int from, @Nullable ConnectionId id, long lastSent) {
        LinkEnd end = ends.get(from);
        if (end == null) {
            return null;
        }
        boolean lost = end.id().equals(id) ? end.missing(lastSent) : end.droppedByPeer();
        if (!lost) {
            return null;
        }
        close(end);
        return end;
    }

    /** Closes a connection from this side. */
    public void close(LinkEnd end) {
        end.close();
        ends.remove(end.peer(), end);
    }

    /** Closes every connection. */
    public void closeAll() {
        ends.values().forEach(LinkEnd::close);
        ends.clear();
    }

    /** All open connections, by peer. */
    public Collection<LinkEnd> open() {
        return ends.values();
    }
}
