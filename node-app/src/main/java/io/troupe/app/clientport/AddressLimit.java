package io.troupe.app.clientport;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts connections, all and of each address. Thread-safe, because addresses are spread over the event loops. */
final class AddressLimit {
    private final int most;
    private final int mostOfAll;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> held = new ConcurrentHashMap<>();

    /**
     * @param most connections one address may hold; 0 for any number
     * @param mostOfAll connections all addresses may hold together; 0 for any number
     */
    AddressLimit(int most, int mostOfAll) {
        this.most = most;
        this.mostOfAll = mostOfAll;
    }

    /** Why {@code address} may not hold one more connection; null if it may, and then it must be {@link #release}d. */
    @Nullable
    String refusal(InetAddress address) {
        int total = all.incrementAndGet();
        int now = held.merge(address, 1, Integer::sum);
        if (mostOfAll > 0 && total > mostOfAll) {
            release(address);
            return "there are " + mostOfAll + " connections already";
        }
        if (most > 0 && now > most) {
            release(address);
            return "its address holds " + most + " connections already";
        }
        return null;
    }

    void release(InetAddress address) {
        all.decrementAndGet();
        held.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
    }
}
