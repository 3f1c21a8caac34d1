package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopConnectionsTest {
    private static final int PATIENCE_SECONDS = 10;

    private final EventLoop loop = new DefaultEventLoop();
    private final FakeNode node = new FakeNode();
    private final LoopConnections connections = new LoopConnections(loop, node);

    @AfterEach
    void stop() {
        node.close();
        assertThat(loop.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                        .awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    private static ClientRequest ping(long sessionId) {
        return new ClientRequest.Read(new SessionHandle(sessionId, 1), -2, 0, List.of(), new ReadOperation.Ping());
    }

    private void inOneTurn(Runnable action) throws Exception {
        loop.submit(action).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        loop.submit(() -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whatOneTurnReadsFromSeveralClientsReachesTheNodeTogether() throws Exception {
        inOneTurn(() -> {
            connections.submit(ping(1));
            connections.submit(ping(2));
            connections.submit(ping(1));
        });
        inOneTurn(() -> connections.submit(ping(3)));
        assertThat(node.bursts).containsExactly(List.of(ping(1), ping(2), ping(1)), List.of(ping(3)));
    }

    @Test
    void whatWasHandedOverEarlyIsNotHandedOverAgain() throws Exception {
        inOneTurn(() -> {
            connections.submit(ping(1));
            connections.handOver();
            assertThat(node.bursts).hasSize(1);
            connections.submit(ping(2));
        });
        assertThat(node.bursts).containsExactly(List.of(ping(1)), List.of(ping(2)));
    }
}
