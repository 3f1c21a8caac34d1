package io.troupe.resources;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.troupe.conformance.frames.Request;
import io.troupe.process.Footprint;
import io.troupe.process.OfficialClient;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.SetDataRequest;
import org.junit.jupiter.api.Test;

/**
 * Ten times as many writes as the servers can do: they take on what they can bear and leave the rest in the connections, so idle
 * sessions live, memory stays bounded, nobody loses a connection or the office of leader, and service is as before once it is over.
 */
class OverloadTest {
    /** 0 in a build: so much load takes the processors from all else that runs there. */
    private static final int MINUTES_OF_LOAD = Integer.getInteger("troupe.test.overload.minutes", 0);

    private static final int HEAP_MEBIBYTES = 256;
    private static final int IDLE = 1_000;
    private static final int IDLE_TIMEOUT = 6_000;
    private static final int WRITERS = 300;
    private static final int WRITERS_TIMEOUT = 30_000;

    /** What a writer has sent and waits for: more than the servers take on, all together. */
    private static final int MOST_UNANSWERED = 300;

    private static final long TURN_NANOS = 200_000_000;
    private static final double SECOND = 1e9;
    private static final int TIMES = 10;
    private static final int DATA_BYTES = 1_024;

    /** What is neither heap nor bounded by it: code, metaspace, threads, buffers of sockets. */
    private static final long BESIDE_HEAP_BYTES = 320L << 20;

    private static final long NORMAL_WITHIN_SECONDS = 5;

    /** Of a write and a read of a client, when nothing else is asked. */
    private static final long NORMAL_MILLIS = 100;

    private long offered;
    private long sent;

    @Test
    void whatIsTooMuchWaitsWithItsClients() throws Exception {
        assumeTrue(MINUTES_OF_LOAD > 0, "only with -Dtroupe.test.overload.minutes");
        try (Trial trial = Trial.start(HEAP_MEBIBYTES);
                OfficialClient client = OfficialClient.connect(
                        trial.ensemble().server(1).address().clientAddress());
                Crowd idle = new Crowd(trial.ensemble())) {
            client.create("/written", new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT);
            idle.comeBack(true);
            idle.join(IDLE, IDLE_TIMEOUT);
            await().atMost(Trial.PATIENCE).until(() -> idle.open() == IDLE);
            overload(trial);
            double seconds = secondsUntilNormal(client);
            System.out.printf("normal service %.1f s after the end of the load%n", seconds);
            idle.check();
            assertThat(idle.expiredSessions()).as("sessions that expired").isZero();
            await().atMost(Trial.PATIENCE).until(() -> idle.open() == IDLE);
            trial.assertUndisturbed(Trial.PATIENCE.toMillis());
            assertThat(seconds).isLessThan(NORMAL_WITHIN_SECONDS);
        }
    }

    private void overload(Trial trial) throws Exception {
        try (Crowd writers = new Crowd(trial.ensemble())) {
            writers.join(WRITERS, WRITERS_TIMEOUT);
            await().atMost(Trial.PATIENCE).until(() -> writers.open() == WRITERS);
            drive(writers, Duration.ofSeconds(10), Double.MAX_VALUE);
            long before = writers.replies();
            Duration measured = Duration.ofSeconds(10);
            drive(writers, measured, Double.MAX_VALUE);
            double capacity = (writers.replies() - before) / (double) measured.toSeconds();
            offered = 0;
            before = writers.replies();
            long residents = 0;
            for (int minute = 0; minute < MINUTES_OF_LOAD; minute++) {
                drive(writers, Duration.ofMinutes(1), TIMES * capacity);
                residents = Math.max(residents, mostResident(trial));
            }
            double seconds = MINUTES_OF_LOAD * 60.0;
            System.out.printf(
                    "capacity %.0f/s; offered %.0f/s, done %.0f/s for %.0f s; most resident %d MiB; %d errors%n",
                    capacity,
                    offered / seconds,
                    (writers.replies() - before) / seconds,
                    seconds,
                    residents >> 20,
                    writers.errors());
            writers.check();
            assertThat(writers.open()).as("writers that kept their connections").isEqualTo(WRITERS);
            assertThat((writers.replies() - before) / seconds)
                    .as("writes a second under load")
                    .isGreaterThan(capacity / 3);
            assertThat(residents).isLessThan(((long) HEAP_MEBIBYTES << 20) + BESIDE_HEAP_BYTES);
        }
    }

    /** Offers so many writes a second, spread over all writers; what they cannot send, because too much is unanswered, is lost. */
    private void drive(Crowd writers, Duration time, double perSecond) {
        Request write = Request.of("setData", OpCode.setData, new SetDataRequest("/written", new byte[DATA_BYTES], -1));
        long until = System.nanoTime() + time.toNanos();
        long turn = System.nanoTime();
        while (turn < until) {
            LockSupport.parkNanos(perSecond == Double.MAX_VALUE ? 1_000_000 : TURN_NANOS);
            long now = System.nanoTime();
            long due = (long) Math.min((double) Long.MAX_VALUE / 2, perSecond * (now - turn) / SECOND);
            turn = now;
            long room = (long) MOST_UNANSWERED * WRITERS - (sent - writers.replies());
            int each = (int) Math.max(0, Math.min(room, due) / WRITERS);
            offered += due;
            sent += (long) each * WRITERS;
            if (each > 0) {
                List<Request> some = Collections.nCopies(each, write);
                writers.ask(writer -> some);
            }
        }
    }

    private static long mostResident(Trial trial) {
        long most = 0;
        for (Footprint print : trial.footprints("under load")) {
            most = Math.max(most, print.residentBytes());
        }
        return most;
    }

    /** From the end of the load until what a client asks for takes as long as ever. */
    private static double secondsUntilNormal(OfficialClient client) {
        long end = System.nanoTime();
        await().atMost(Trial.PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
            long began = System.nanoTime();
            client.setData("/written", new byte[1], -1);
            client.getData("/written", false, null);
            return NANOSECONDS.toMillis(System.nanoTime() - began) < NORMAL_MILLIS;
        });
        return NANOSECONDS.toMillis(System.nanoTime() - end) / 1e3;
    }
}
