package io.troupe.resources;

import io.troupe.process.OfficialClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/** Makes many znodes by large multis, a few of them under way at a time. */
final class Znodes {
    private static final int BATCH = 1_000;
    private static final int UNDER_WAY = 8;
    private static final int PATIENCE_SECONDS = 60;

    private Znodes() {}

    /** A parent with so many children, which hold so many bytes each. */
    static void create(OfficialClient client, String parent, int count, int bytes) throws Exception {
        client.create(parent, new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT);
        Semaphore places = new Semaphore(UNDER_WAY);
        AtomicInteger failure = new AtomicInteger();
        byte[] data = new byte[bytes];
        for (int from = 0; from < count; from += BATCH) {
            List<Op> ops = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + BATCH); i++) {
                ops.add(Op.create(child(parent, i), data, OfficialClient.OPEN, CreateMode.PERSISTENT));
            }
            acquire(places, 1);
            client.multi(
                    ops,
                    (code, path, context, results) -> {
                        failure.compareAndSet(Code.OK.intValue(), code);
                        places.release();
                    },
                    null);
        }
        acquire(places, UNDER_WAY);
        if (failure.get() != Code.OK.intValue()) {
            throw new AssertionError("creating children of " + parent + ": " + Code.get(failure.get()));
        }
    }

    /** The path of one of the children. */
    static String child(String parent, int number) {
        return "%s/n%07d".formatted(parent, number);
    }

    private static void acquire(Semaphore places, int count) throws InterruptedException {
        if (!places.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("no answer to a multi");
        }
    }
}
