package io.troupe.client;

import io.troupe.actorport.Admission;
import java.util.Optional;

/** Nodes that take on as many clients as the test says. */
final class Room implements Admission {
    private int taken;
    private int most = Integer.MAX_VALUE;

    /** No more than there are. */
    synchronized void close() {
        most = taken;
    }

    synchronized void open() {
        most = Integer.MAX_VALUE;
    }

    synchronized int taken() {
        return taken;
    }

    @Override
    public synchronized Optional<String> refusal(String host, boolean renewed) {
        if (taken >= most) {
            return Optional.of("there are " + most + " connections already");
        }
        taken++;
        return Optional.empty();
    }

    @Override
    public synchronized void release(String host) {
        taken--;
    }
}
