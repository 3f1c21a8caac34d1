package io.troupe.conformance;

import static org.awaitility.Awaitility.await;

import io.troupe.conformance.frames.FrameSession;
import io.troupe.conformance.frames.FrameSession.Received;
import io.troupe.conformance.frames.Names;
import io.troupe.conformance.frames.Request;
import io.troupe.process.FourLetterWord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of the two systems as a sequence of operations sees it: its clients, and what its zxids and session ids are called where
 * texts are compared. zxids count from the beginning of the sequence, without those that only this system has spent.
 */
final class Side implements Names {
    private static final String CLOSED = "closed without an answer";

    /** A server that is behind with what the client has seen turns it away for a moment. */
    private static final int ATTEMPTS = 500;

    private final List<Integer> ports;
    private final Map<Long, String> sessions = new HashMap<>();
    private final NavigableSet<Long> extra = new TreeSet<>();
    private final List<Seat> seats = new ArrayList<>();
    private long origin;
    private long last;

    /** A client, who may have lost its connection or its session. */
    static final class Seat {
        @Nullable
        FrameSession connection;

        /** Read already, and not yet taken. */
        @Nullable
        Received ahead;

        int server;
        long session;
        byte[] password = new byte[16];
        final List<Long> zxids = new ArrayList<>();

        /** The zxid of the reply {@code back} replies ago, as far as there were so many; 0 before the first. */
        long seen(int back) {
            return zxids.isEmpty() ? 0 : zxids.get(Math.max(0, zxids.size() - 1 - back));
        }
    }

    Side(List<Integer> ports, int clients) {
        this.ports = ports;
        for (int i = 0; i < clients; i++) {
            Seat seat = new Seat();
            seat.server = i;
            seats.add(seat);
        }
    }

    Seat seat(int client) {
        return seats.get(client);
    }

    FrameSession connection(int client) {
        FrameSession connection = seat(client).connection;
        if (connection == null) {
            throw new IllegalStateException("client " + client + " is not connected");
        }
        return connection;
    }

    /** Zxids are counted from this one. */
    void beginAt(long zxid) {
        origin = zxid;
        last = zxid;
    }

    /** This system has spent a zxid where the other spends none. */
    void spentExtra(long zxid) {
        extra.add(zxid);
    }

    /** What a zxid is called, as a number. */
    long counted(long zxid) {
        return zxid - origin - extra.headSet(zxid, true).size();
    }

    @Override
    public String zxid(long zxid) {
        if (zxid == 0 || zxid == -1) {
            return "none " + zxid;
        }
        return zxid <= origin ? "earlier" : "" + counted(zxid);
    }

    @Override
    public String session(long id) {
        return sessions.getOrDefault(id, "a stranger");
    }

    /** Opens a session. */
    String open(int client, String name, int timeout) throws IOException {
        Seat seat = seat(client);
        String outcome = handshake(seat, client, 0, timeout, 0, new byte[16]);
        sessions.put(seat.session, name);
        return outcome;
    }

    /** Takes up the client's session again, as one that has seen the replies up to {@code back} ago. */
    String attach(int client, int back, int timeout) throws IOException {
        Seat seat = seat(client);
        String outcome = CLOSED;
        for (int i = 0; i < ATTEMPTS && outcome.equals(CLOSED); i++) {
            outcome = handshake(seat, client, seat.seen(back), timeout, seat.session, seat.password);
        }
        return outcome;
    }

    /** The same with a password that is wrong, after which the client is not connected. */
    String attachWithWrongPassword(int client) throws IOException {
        Seat seat = seat(client);
        byte[] wrong = seat.password.clone();
        wrong[3]++;
        try (FrameSession intruder = FrameSession.connected(port(client))) {
            boolean answered = intruder.handshake(0, FrameSession.TIMEOUT_MILLIS, seat.session, wrong);
            return answered + " " + intruder.timeoutMillis() + " " + intruder.id() + " " + intruder.isClosedByServer();
        }
    }

    /** A client that has seen what this server has not. */
    String attachFromTheFuture(int client) throws IOException {
        Seat seat = seat(client);
        try (FrameSession visitor = FrameSession.connected(port(client))) {
            return "answered "
                    + visitor.handshake(last + (1L << 40), FrameSession.TIMEOUT_MILLIS, seat.session, seat.password);
        }
    }

    private String handshake(Seat seat, int client, long lastZxid, int timeout, long id, byte[] password)
            throws IOException {
        FrameSession connection = FrameSession.connected(port(client));
        if (!connection.handshake(lastZxid, timeout, id, password)) {
            connection.close();
            return CLOSED;
        }
        if (connection.timeoutMillis() == 0) {
            String end = connection.isClosedByServer() ? "closed" : "not closed";
            connection.close();
            seat.session = 0;
            return "expired and " + end;
        }
        seat.connection = connection;
        seat.session = connection.id();
        seat.password = connection.password();
        return "timeout " + connection.timeoutMillis();
    }

    private int port(int client) {
        return ports.get(seat(client).server % ports.size());
    }

    /** Loses the connection; the session stays behind. */
    void vanish(int client) throws IOException {
        Seat seat = seat(client);
        if (seat.connection != null) {
            seat.connection.close();
            seat.connection = null;
        }
    }

    /** Returns once the client's server has executed all that any client of this system was told of. */
    void awaitCaughtUp(int client) {
        await().pollInterval(1, TimeUnit.MILLISECONDS).pollDelay(Duration.ZERO).until(() -> executed(client) >= last);
    }

    private long executed(int client) throws IOException {
        String key = "Zxid: ";
        return FourLetterWord.ask(port(client), "srvr")
                .lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.decode(line.substring(key.length())))
                .findFirst()
                .orElse(-1);
    }

    void send(int client, List<Request> requests) throws IOException {
        connection(client).send(requests);
    }

    /** The next reply, or all events of the next request at once; empty when the connection is at its end. */
    List<Received> receive(int client) throws IOException {
        List<Received> together = new ArrayList<>();
        Received next = next(client);
        while (next != null && (together.isEmpty() || sameEvents(together.get(0), next))) {
            together.add(next);
            if (next.request() != null || next.reply().zxid() <= 0) {
                return together;
            }
            next = next(client);
        }
        seat(client).ahead = next;
        return together;
    }

    private static boolean sameEvents(Received first, Received next) {
        return next.request() == null && next.reply().zxid() == first.reply().zxid();
    }

    private @Nullable Received next(int client) throws IOException {
        Seat seat = seat(client);
        if (seat.ahead != null) {
            Received ahead = seat.ahead;
            seat.ahead = null;
            return ahead;
        }
        if (seat.connection == null) {
            return null;
        }
        Received received = seat.connection.receive();
        if (received == null) {
            vanish(client);
        } else if (received.request() != null) {
            last = Math.max(last, received.reply().zxid());
            if (received.reply().zxid() > 0) {
                seat.zxids.add(received.reply().zxid());
            }
        }
        return received;
    }
}
