package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.troupe.app.clientport.jute.RequestShape;
import io.troupe.app.clientport.jute.ServerFrame;
import io.troupe.metrics.Metrics;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who writes when, of several connections of one event loop. */
class OutboxTest {
    private static final int LARGE = 1_000_000;
    private static final int WINDOW = 256 << 10;
    private static final Stat STAT = new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private final Queue<Runnable> nextTurns = new ArrayDeque<>();
    private final WriteTurns turns = new WriteTurns(nextTurns::add);
    private final AllUnsent all = new AllUnsent(Long.MAX_VALUE / 2, Long.MAX_VALUE);
    private final List<Connection> connections = new ArrayList<>();

    /** One whose socket takes everything. */
    private final class Connection {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final Outbox outbox = new Outbox(
                channel,
                new PortStatistics(new Metrics()),
                new Unsent(all) {
                    @Override
                    void hasRoomAgain() {
                        // Nobody is told.
                    }
                },
                turns,
                this::goOn);

        private void goOn() {
            channel.eventLoop().execute(() -> this.outbox.drain());
        }

        Connection due(int dataBytes) {
            outbox.add(new ServerFrame.Reply(
                    new RequestShape(1, 4, List.of()), 1, new Result.Data(new byte[dataBytes], STAT)));
            outbox.drain();
            return this;
        }

        /** How much has reached the socket since the last call. */
        int written() {
            channel.runPendingTasks();
            int bytes = 0;
            for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
                bytes += each.readableBytes();
                each.release();
            }
            return bytes;
        }
    }

    private Connection connection() {
        Connection made = new Connection();
        connections.add(made);
        return made;
    }

    private void turn() {
        nextTurns.remove().run();
    }

    @AfterEach
    void close() {
        connections.forEach(each -> each.channel.finishAndReleaseAll());
    }

    @Test
    void aShortReplyIsWrittenAtOnce() {
        assertThat(connection().due(100).written()).isGreaterThan(100);
        assertThat(nextTurns).isEmpty();
    }

    @Test
    void ofSeveralWithMuchToWriteEachHasAWindowInItsTurn() {
        Connection one = connection().due(LARGE);
        Connection two = connection().due(LARGE);
        assertThat(one.written() + two.written()).isZero();
        turn();
        assertThat(one.written()).isEqualTo(WINDOW);
        assertThat(two.written()).isZero();
        turn();
        assertThat(one.written()).isZero();
        assertThat(two.written()).isEqualTo(WINDOW);
        turn();
        assertThat(one.written()).isEqualTo(WINDOW);
    }

    @Test
    void nobodyWithLittleToWriteWaitsForThem() {
        for (int i = 0; i < 100; i++) {
            connection().due(LARGE);
        }
        assertThat(nextTurns).hasSize(1);
        assertThat(connection().due(100).written()).isGreaterThan(100);
    }

    @Test
    void whoseTurnHasNotComeIsNotStuck() {
        Connection waits = connection().due(LARGE);
        assertThat(waits.outbox.blocked()).isTrue();
        assertThat(waits.outbox.awaitsSocket()).isFalse();
        assertThat(waits.outbox.isStuck(0)).isFalse();
        assertThat(waits.outbox.isStuck(10_000)).isFalse();
    }

    @Test
    void everythingIsWrittenInTheEndAndNobodyHasATurnAnyMore() {
        Connection one = connection().due(LARGE).due(LARGE);
        int written = 0;
        while (!nextTurns.isEmpty()) {
            turn();
            written += one.written();
        }
        assertThat(written).isGreaterThan(2 * LARGE);
        assertThat(one.outbox.blocked()).isFalse();
        assertThat(all.bytes()).isZero();
    }

    @Test
    void whoHasGoneMissesItsTurnAndHoldsNobodyUp() {
        Connection gone = connection().due(LARGE);
        Connection other = connection().due(LARGE);
        gone.outbox.clear();
        turn();
        turn();
        assertThat(gone.written()).isZero();
        assertThat(other.written()).isEqualTo(WINDOW);
    }
}
