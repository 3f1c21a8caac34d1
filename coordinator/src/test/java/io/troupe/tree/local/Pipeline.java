package io.troupe.tree.local;

import io.troupe.edge.ClientRequest.Read;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.request.Result;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/** A client that sends reads, writes and syncs without waiting, and a node to which they come in any timing. */
final class Pipeline {
    static final int REQUESTS = 40;

    private static final Result DONE = Result.Done.INSTANCE;

    final RecordingSink sink = new RecordingSink();

    private final SplittableRandom random;
    private final LocalSession session = new LocalSession(new SessionHandle(7, 3), sink, List.of(), false);
    private final Deque<Integer> writes = new ArrayDeque<>();
    private final Deque<Long> syncs = new ArrayDeque<>();
    private int sent;
    private long written;
    private long zxid;
    private long tags;

    Pipeline(long seed) {
        this.random = new SplittableRandom(seed);
    }

    void run() {
        while (sent < REQUESTS || !writes.isEmpty() || !syncs.isEmpty() || session.hasWaiting()) {
            switch (random.nextInt(5)) {
                case 0 -> write();
                case 1 -> read();
                case 2 -> sync();
                case 3 -> execute();
                default -> confirm();
            }
        }
    }

    private void write() {
        if (sent < REQUESTS) {
            writes.add(++sent);
            written++;
        }
    }

    private void read() {
        if (sent < REQUESTS) {
            Read read = new Read(session.handle(), ++sent, written, List.of(), new ReadOperation.Ping());
            if (session.mayAnswer(read)) {
                sink.reply(read.xid(), zxid, DONE);
            } else {
                session.park(read);
            }
        }
    }

    private void sync() {
        if (sent < REQUESTS) {
            syncs.add(++tags);
            session.parkSync(new Read(session.handle(), ++sent, written, List.of(), new ReadOperation.Sync("/")), tags);
        }
    }

    private void execute() {
        if (writes.isEmpty()) {
            session.drain(++zxid, read -> DONE);
            return;
        }
        session.drainBeforeWrite(zxid, read -> DONE);
        session.executed(writes.remove(), DONE, ++zxid);
        session.drain(zxid, read -> DONE);
    }

    private void confirm() {
        if (!syncs.isEmpty()) {
            session.confirmed(syncs.remove(), zxid + random.nextInt(3));
            session.drain(zxid, read -> DONE);
        }
    }
}
