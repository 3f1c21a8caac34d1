package io.troupe.app.clientport;

import io.netty.channel.EventLoop;
import io.troupe.actorport.Admission;
import io.troupe.env.Clock;
import io.troupe.env.Entropy;
import io.troupe.node.ClientLoad;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many clients of all ports there are, and how fast they may come (contract 1.5): those of the client port, and the sessions of actor
 * systems, each of which counts as a connection. Thread-safe.
 */
public final class ClientLimits implements Admission {
    /** An address, not a name that would have to be looked up. */
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]?");

    private final AddressLimit addresses;
    private final ClientLoad.Weights weights;
    private final TokenBucket connectRate;

    private ClientLimits(AddressLimit addresses, ClientLoad.Weights weights, TokenBucket connectRate) {
        this.addresses = addresses;
        this.weights = weights;
        this.connectRate = connectRate;
    }

    /** Nobody is there yet. */
    public static ClientLimits of(ClientPortSettings settings, Clock clock, Entropy entropy) {
        ClientLoad load = settings.load();
        return new ClientLimits(
                new AddressLimit(
                        settings.maxConnectionsPerAddress(),
                        load.connections().most(),
                        load.bounds().sessionsPerAddress(),
                        settings.authenticators()::ofEverybody),
                load.connectRate().weights(),
                new TokenBucket(load.connectRate(), clock, entropy));
    }

    AddressLimit addresses() {
        return addresses;
    }

    TokenBucket connectRate() {
        return connectRate;
    }

    /** Whether one more session may be asked for now, or one gone on with. */
    boolean mayAsk(boolean renewed) {
        return connectRate.take(renewed ? weights.renewed() : weights.opened());
    }

    /** Why a client that has a connection may not have a session; null if it may. */
    @Nullable
    String refusal(InetAddress address, boolean renewed, PortStatistics statistics) {
        boolean may = mayAsk(renewed);
        statistics.tokensShort(connectRate.deficit());
        if (!may) {
            return "came when too many others had";
        }
        if (!renewed && !addresses.maySession(address)) {
            statistics.sessionRefused();
            return "wants a session, of which its address has too many";
        }
        return null;
    }

    /**
     * A connection is over.
     *
     * @param timeoutMillis for how long its session lives on and counts; 0 where it has none any more
     */
    void over(InetAddress address, EventLoop loop, int timeoutMillis) {
        if (timeoutMillis > 0) {
            left(address, loop, timeoutMillis);
        }
        addresses.release(address);
    }

    private void left(InetAddress address, EventLoop loop, int timeoutMillis) {
        addresses.left(address);
        try {
            loop.schedule(() -> {}, timeoutMillis, TimeUnit.MILLISECONDS)
                    .addListener(over -> addresses.forgotten(address));
        } catch (RejectedExecutionException stopped) {
            addresses.forgotten(address);
        }
    }

    @Override
    public Optional<String> refusal(String host, boolean renewed) {
        Object place = place(host);
        String refusal =
                place instanceof InetAddress address ? addresses.refusal(address) : addresses.refusalOfNamed(place);
        if (refusal != null) {
            return Optional.of(refusal);
        }
        if (!mayAsk(renewed)) {
            addresses.release(place);
            return Optional.of("it came when too many others had");
        }
        return Optional.empty();
    }

    @Override
    public void release(String host) {
        addresses.release(place(host));
    }

    /** Its address, or its name where it has told no address. */
    private static Object place(String host) {
        try {
            return LITERAL.matcher(host).matches() ? InetAddress.getByName(host) : host;
        } catch (UnknownHostException e) {
            return host;
        }
    }
}
