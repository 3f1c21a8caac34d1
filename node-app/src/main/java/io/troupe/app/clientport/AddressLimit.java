package io.troupe.app.clientport;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts the connections of each address. Thread-safe, because addresses are spread over the event loops. */
final class AddressLimit {
    private final int most;
    private final ConcurrentMap<InetAddress, Integer> held = new ConcurrentHashMap<>();

    /** {@code most}: connections one address may hold; 0 for any number. */
    AddressLimit(int most) {
        this.most = most;
    }

    /** Whether {@code address} may hold one more connection; if so it must be {@link #release}d. */
    boolean acquire(InetAddress address) {
        int now = held.merge(address, 1, Integer::sum);
        if (most > 0 && now > most) {
            release(address);
            return false;
        }
        return true;
    }

    void release(InetAddress address) {
        held.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
    }

    int most() {
        return most;
    }
}
