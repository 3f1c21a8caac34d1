package io.troupe.client;

import java.util.ArrayList;
import java.util.List;

/**
 * Up to where a session has been told everything. The changes of one zxid may be told by several events, and the connection may be lost
 * between two of them: they are told again then, and what was told already is left out.
 */
final class Position {
    private long complete;
    private long begun;
    private final List<Event.Change> toldOfBegun = new ArrayList<>();
    private final List<Event.Change> toldBefore = new ArrayList<>();

    /** All events of this zxid, and of those before, have been told. */
    long complete() {
        return complete;
    }

    /** The highest zxid that was seen. */
    long seen() {
        return Math.max(complete, begun);
    }

    /** An answer shows that the node has told all events up to this zxid. */
    void answered(long zxid) {
        if (zxid > complete) {
            complete = zxid;
        }
        if (complete >= begun) {
            toldOfBegun.clear();
            toldBefore.clear();
        }
    }

    /** Whether an event that has come is told for the first time. */
    boolean isNew(Event.Change change) {
        if (change.zxid() == begun && toldBefore.remove(change)) {
            return false;
        }
        if (change.zxid() > begun) {
            complete = Math.max(complete, change.zxid() - 1);
            begun = change.zxid();
            toldOfBegun.clear();
            toldBefore.clear();
        }
        toldOfBegun.add(change);
        return true;
    }

    /** Another connection: what lies behind {@link #complete} will come again. */
    void reconnected() {
        toldBefore.clear();
        toldBefore.addAll(toldOfBegun);
    }

    /** Nothing will come again. */
    void forgotten() {
        toldBefore.clear();
    }
}
