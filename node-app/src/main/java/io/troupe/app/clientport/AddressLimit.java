package io.troupe.app.clientport;

import io.troupe.request.Identity;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts connections, all and of each address, and knows what clients at an address have in common. Thread-safe, because addresses
 * are spread over the event loops.
 */
final class AddressLimit {
    private final int most;
    private final int mostOfAll;
    private final int mostSessions;
    private final AtomicInteger all = new AtomicInteger();
    private final Function<InetAddress, List<Identity>> identities;
    private final ConcurrentMap<Object, Held> held = new ConcurrentHashMap<>();

    /**
     * What an address has.
     *
     * @param left sessions that were not closed, and may not have expired yet
     */
    private record Held(int connections, int left, List<Identity> identities) {
        Held with(int more) {
            return new Held(connections + more, left, identities);
        }

        Held withLeft(int more) {
            return new Held(connections, left + more, identities);
        }

        @Nullable
        Held orNothing() {
            return connections == 0 && left == 0 ? null : this;
        }
    }

    /**
     * @param most connections one address may hold; 0 for any number
     * @param mostOfAll connections all addresses may hold together; 0 for any number
     * @param mostSessions sessions that one address may use or have left; 0 for any number
     * @param identities of every client at an address
     */
    AddressLimit(int most, int mostOfAll, int mostSessions, Function<InetAddress, List<Identity>> identities) {
        this.most = most;
        this.mostOfAll = mostOfAll;
        this.mostSessions = mostSessions;
        this.identities = identities;
    }

    /** Why {@code address} may not hold one more connection; null if it may, and then it must be {@link #release}d. */
    @Nullable
    String refusal(InetAddress address) {
        return refusal(address, () -> identities.apply(address));
    }

    /** The same for clients of whose address only a name is known. */
    @Nullable
    String refusalOfNamed(Object name) {
        return refusal(name, List::of);
    }

    private @Nullable String refusal(Object place, Supplier<List<Identity>> known) {
        int total = all.incrementAndGet();
        int now = held.compute(place, (p, before) -> before == null ? new Held(1, 0, known.get()) : before.with(1))
                .connections();
        if (mostOfAll > 0 && total > mostOfAll) {
            release(place);
            return "there are " + mostOfAll + " connections already";
        }
        if (most > 0 && now > most) {
            release(place);
            return "its address holds " + most + " connections already";
        }
        return null;
    }

    /** The connection that was not refused there is over. */
    void release(Object place) {
        all.decrementAndGet();
        held.computeIfPresent(place, (a, count) -> count.with(-1).orNothing());
    }

    /** Whether one more session may be opened by who has a connection at this address. */
    boolean maySession(InetAddress address) {
        Held now = held.get(address);
        return mostSessions == 0 || now == null || now.connections() + now.left() <= mostSessions;
    }

    /** The connection there is over, and its session is not. */
    void left(InetAddress address) {
        held.computeIfPresent(address, (a, count) -> count.withLeft(1));
    }

    /** A session that was left there has expired by now, unless it is used again. */
    void forgotten(InetAddress address) {
        held.computeIfPresent(address, (a, count) -> count.withLeft(-1).orNothing());
    }

    /** Of every client at this address; one list for all that hold a connection. */
    List<Identity> identities(InetAddress address) {
        Held known = held.get(address);
        return known == null ? identities.apply(address) : known.identities();
    }
}
