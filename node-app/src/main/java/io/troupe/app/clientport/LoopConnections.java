package io.troupe.app.clientport;

import io.netty.channel.EventLoop;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.Frontend;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The connections of one event loop. It gathers the requests that all of them read in one turn of the loop and hands
 * them to the node together, because the cost of a burst hardly depends on its size. One event loop only.
 */
final class LoopConnections {
    private final EventLoop loop;
    private final Frontend frontend;
    private final Set<ClientConnection> connections = new LinkedHashSet<>();
    private List<ClientRequest> burst = new ArrayList<>();

    LoopConnections(EventLoop loop, Frontend frontend) {
        this.loop = loop;
        this.frontend = frontend;
    }

    EventLoop loop() {
        return loop;
    }

    void add(ClientConnection connection) {
        connections.add(connection);
    }

    void remove(ClientConnection connection) {
        connections.remove(connection);
    }

    /** Hands over {@code request} at the end of this turn. */
    void submit(ClientRequest request) {
        if (burst.isEmpty()) {
            loop.execute(this::handOver);
        }
        burst.add(request);
    }

    /** Hands over what has been gathered. */
    void handOver() {
        if (!burst.isEmpty()) {
            List<ClientRequest> gathered = burst;
            burst = new ArrayList<>();
            frontend.submit(gathered);
        }
    }

    /** Ends connections that have been silent for too long. */
    void tick() {
        for (ClientConnection connection : List.copyOf(connections)) {
            connection.tick();
        }
    }

    void closeAll() {
        for (ClientConnection connection : List.copyOf(connections)) {
            connection.stop();
        }
    }

    List<ConnectionReport> reports() {
        return connections.stream().map(ClientConnection::report).toList();
    }

    void resetStatistics() {
        connections.forEach(ClientConnection::resetStatistics);
    }
}
