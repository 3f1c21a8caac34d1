package io.troupe.app.clientport;

import io.troupe.app.clientport.jute.RequestShape;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The unanswered requests of one connection, in the order in which they will be answered. One event loop only. */
final class Outstanding {
    /**
     * One of them.
     *
     * @param bytes length of its frame
     * @param receivedMillis monotonic time of its arrival
     * @param write whether it is one to be replicated
     * @param known false for a request of unknown type, whose answer ends the connection
     */
    record Pending(RequestShape shape, int bytes, long receivedMillis, boolean write, boolean known) {}

    private final Queue<Pending> pending = new ArrayDeque<>();
    private final ClientPortSettings.Limits limits;
    private final PortLoad load;
    private long bytes;

    Outstanding(ClientPortSettings.Limits limits, PortLoad load) {
        this.limits = limits;
        this.load = load;
    }

    void add(Pending request) {
        pending.add(request);
        bytes += request.bytes();
        load.begin(request.shape().xid(), request.bytes());
    }

    @Nullable
    Pending next() {
        Pending answered = pending.poll();
        if (answered != null) {
            bytes -= answered.bytes();
            load.end(answered.shape().xid(), answered.bytes());
        }
        return answered;
    }

    /** None of them will be answered. */
    void abandon() {
        while (!pending.isEmpty()) {
            next();
        }
    }

    int size() {
        return pending.size();
    }

    boolean hasRoom() {
        return pending.isEmpty()
                || (pending.size() < limits.maxOutstandingRequests()
                        && bytes < limits.maxOutstandingBytes()
                        && !load.crowded());
    }
}
