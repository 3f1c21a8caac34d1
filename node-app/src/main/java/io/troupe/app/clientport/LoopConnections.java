package io.troupe.app.clientport;

import io.netty.channel.EventLoop;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.Frontend;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections of one event loop. It gathers the requests that all of them read in one turn of the loop and hands
 * them to the node together, because the cost of a burst hardly depends on its size. One event loop only.
 */
final class LoopConnections {
    /** The place of a connection that is not here, or not any more. */
    static final int NOWHERE = -1;

    private final EventLoop loop;
    private final Frontend frontend;
    private final WriteTurns writeTurns;
    private final List<ClientConnection> connections = new ArrayList<>();
    private List<ClientRequest> burst = new ArrayList<>();

    LoopConnections(EventLoop loop, Frontend frontend) {
        this.loop = loop;
        this.frontend = frontend;
        this.writeTurns = WriteTurns.of(loop);
    }

    EventLoop loop() {
        return loop;
    }

    /** Whose turn it is to write. */
    WriteTurns writeTurns() {
        return writeTurns;
    }

    void add(ClientConnection connection) {
        connection.place(connections.size());
        connections.add(connection);
    }

    void remove(ClientConnection connection) {
        if (connection.place() == NOWHERE) {
            return;
        }
        // The last takes its place.
        ClientConnection last = connections.remove(connections.size() - 1);
        if (last != connection) {
            last.place(connection.place());
            connections.set(connection.place(), last);
        }
        connection.place(NOWHERE);
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
