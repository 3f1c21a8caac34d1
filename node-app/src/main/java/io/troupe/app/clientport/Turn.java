package io.troupe.app.clientport;

import io.netty.channel.EventLoop;
import io.troupe.app.clientport.jute.ClientFrame;
import io.troupe.edge.ReadOperation;
import io.troupe.env.Clock;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;

/** When one connection's next request may begin, where the port limits how many are worked at (contract 1.12). One event loop only. */
final class Turn {
    private static final long NOT_WAITING = -1;

    private final PortLoad load;
    private final Clock clock;
    private final EventLoop loop;
    private final Runnable resume;
    private long sinceMillis = NOT_WAITING;
    private boolean queued;

    /**
     * @param resume has the connection go on with the request that waits, if it still does
     */
    Turn(PortLoad load, Clock clock, EventLoop loop, Runnable resume) {
        this.load = load;
        this.clock = clock;
        this.loop = loop;
        this.resume = resume;
    }

    /** Whether the next request, which is here, may begin; otherwise {@code resume} is called once it may. */
    boolean hasCome(int xid) {
        if (xid <= 0 || !load.full()) {
            return true;
        }
        if (!waits()) {
            sinceMillis = clock.monotonicMillis();
        }
        if (!queued) {
            queued = true;
            load.await(() -> loop.execute(this::come));
        }
        return false;
    }

    private void come() {
        queued = false;
        resume.run();
        load.next();
    }

    /** Whether a request waits. */
    boolean waits() {
        return sinceMillis != NOT_WAITING;
    }

    /** A request of a connection that has never had to wait begins: what it asks for. */
    static ClientFrame.Body withoutWaiting(PortLoad load, ClientFrame.Body body) {
        load.waited(0);
        return body;
    }

    /** The request begins: what it asks for, or its refusal when it has waited too long. */
    ClientFrame.Body begin(ClientFrame.Body body) {
        long waited = waits() ? clock.monotonicMillis() - sinceMillis : 0;
        sinceMillis = NOT_WAITING;
        load.waited(waited);
        boolean refusable = (body instanceof ClientFrame.Read read && !(read.operation() instanceof ReadOperation.Ping))
                || (body instanceof ClientFrame.Write write && !(write.operation() instanceof Operation.CloseSession));
        if (!refusable || !load.isTooLate(waited)) {
            return body;
        }
        load.refusedLate();
        return new ClientFrame.Read(new ReadOperation.Refused(ErrorCode.THROTTLED_OP));
    }
}
