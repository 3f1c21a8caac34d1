package io.troupe.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Clients that keep no rule, one after the other, in every state that a connection can be in. The same seed is the same
 * bytes. For one thread.
 */
final class FrameFuzzer {
    private static final int SESSION_BYTES = 41;
    private static final int QUIET_MILLIS = 20;
    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int PIPELINED = 150;
    private static final int LEFT_OPEN = 16;
    private static final int LOADS_OF_UNREAD = 40;

    /** What a connection is led into before frames come that do not belong there. */
    enum State {
        BEFORE_CONNECTING,
        CONNECTING,
        CONNECTED,
        UNREAD,
        CLOSING,
        UPGRADING,
        EXPIRED,
        MOVED,
        AUTH_FAILED,
        SASL_HALF_WAY,
        TLS_HANDSHAKE,
        INSIDE_TLS
    }

    private final List<Integer> ports;
    private final List<Long> othersSessions;
    private final @Nullable SSLContext tls;
    private final boolean readOnly;
    private final Random random;
    private final FuzzFrames frames;
    private final Map<State, Long> counts = new EnumMap<>(State.class);
    private final Deque<FuzzConnection> leftOpen = new ArrayDeque<>();
    private final LongAdder sent;
    private State state = State.CONNECTED;

    /**
     * A fuzzer of some servers.
     *
     * @param othersSessions ids of sessions that are not its own, whose passwords it does not know
     * @param tls null where the servers speak no TLS
     * @param readOnly whether it is content with a server that has no leader
     * @param sent counts frames that went out whole
     */
    FrameFuzzer(
            List<Integer> ports,
            List<Long> othersSessions,
            @Nullable SSLContext tls,
            boolean readOnly,
            LongAdder sent,
            long seed) {
        this.ports = List.copyOf(ports);
        this.othersSessions = List.copyOf(othersSessions);
        this.tls = tls;
        this.readOnly = readOnly;
        this.sent = sent;
        this.random = new Random(seed);
        this.frames = new FuzzFrames(random);
    }

    /** Frames that went out whole, by the state of their connection; for others when the thread that fuzzes has ended. */
    Map<State, Long> counts() {
        return counts;
    }

    /** Makes connections for as long as wanted, and ends them all. */
    void run(BooleanSupplier goOn) {
        try {
            while (goOn.getAsBoolean()) {
                connection();
            }
            for (FuzzConnection each : leftOpen) {
                each.close();
            }
            leftOpen.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void connection() throws IOException {
        int port = ports.get(random.nextInt(ports.size()));
        // Most frames belong to connections that go on, because the others end soon.
        state = random.nextBoolean() ? State.values()[random.nextInt(State.values().length)] : State.CONNECTED;
        if (state == State.INSIDE_TLS) {
            insideTls(port);
            return;
        }
        FuzzConnection connection;
        try {
            connection = new FuzzConnection(port);
        } catch (IOException full) {
            return;
        }
        try {
            lead(connection, port);
            leave(connection);
        } catch (IOException e) {
            // The server has closed the connection, which is its right.
            connection.close();
        }
    }

    private void leave(FuzzConnection connection) throws IOException {
        switch (random.nextInt(6)) {
            case 0 -> {
                leftOpen.add(connection);
                if (leftOpen.size() > LEFT_OPEN) {
                    leftOpen.remove().close();
                }
            }
            case 1 -> connection.reset();
            case 2 -> {
                connection.listen(QUIET_MILLIS);
                connection.close();
            }
            default -> connection.close();
        }
    }

    private void lead(FuzzConnection connection, int port) throws IOException {
        switch (state) {
            case BEFORE_CONNECTING -> beforeConnecting(connection);
            case CONNECTING -> {
                byte[] hello = random.nextBoolean() ? frames.oddHandshake() : handshake();
                connection.send(joined(FuzzFrames.framed(hello), frames.harmless(100), frames.harmful()));
                count(102);
                connection.listen(QUIET_MILLIS);
            }
            case UNREAD -> unread(connection);
            case UPGRADING -> {
                connect(connection, 0, new byte[0]);
                connection.send(joined(FuzzFrames.framed(frames.requests().ephemeral()), frames.harmless(200)));
                count(201);
                end(connection);
            }
            case CLOSING -> {
                connect(connection, 0, new byte[0]);
                byte[] close = FuzzFrames.framed(frames.requests().closeSession());
                connection.send(joined(frames.harmless(20), close, frames.harmless(50), frames.harmful()));
                count(72);
                connection.listen(QUIET_MILLIS);
            }
            case EXPIRED -> {
                long session = random.nextInt(3) == 0
                        ? random.nextLong()
                        : othersSessions.get(random.nextInt(othersSessions.size()));
                byte[] hello = FuzzFrames.handshake(session, frames.noise(), TIMEOUT_MILLIS, readOnly);
                connection.send(joined(FuzzFrames.framed(hello), frames.harmless(50)));
                count(51);
                connection.listen(QUIET_MILLIS);
            }
            case MOVED -> moved(connection, port);
            case AUTH_FAILED -> {
                connect(connection, 0, new byte[0]);
                byte[] refused = FuzzFrames.framed(frames.requests().refusedIdentity());
                connection.send(joined(frames.harmless(20), refused, frames.harmless(50)));
                count(71);
                connection.listen(QUIET_MILLIS);
            }
            case SASL_HALF_WAY -> {
                connect(connection, 0, new byte[0]);
                connection.send(frames.sasl(new byte[0]));
                if (random.nextBoolean()) {
                    connection.listen(QUIET_MILLIS);
                }
                connection.send(joined(frames.harmless(20), frames.sasl(frames.noise()), frames.harmless(20)));
                count(42);
                connection.listen(QUIET_MILLIS);
            }
            case TLS_HANDSHAKE -> tlsHandshake(connection);
            default -> connected(connection);
        }
    }

    private void beforeConnecting(FuzzConnection connection) throws IOException {
        switch (random.nextInt(5)) {
            case 0 -> connection.send(frames.noise());
            case 1 -> connection.send(frames.harmful());
            case 2 -> {
                connection.send(joined(frames.word(), frames.noise()));
                connection.listen(QUIET_MILLIS);
            }
            case 3 -> connection.send(frames.half(FuzzFrames.framed(handshake())));
            default -> connection.send(frames.harmless(5));
        }
        count(1);
    }

    private void connected(FuzzConnection connection) throws IOException {
        connect(connection, 0, new byte[0]);
        for (int i = random.nextInt(10); i >= 0; i--) {
            connection.send(frames.harmless(PIPELINED));
            count(PIPELINED);
        }
        end(connection);
    }

    private void end(FuzzConnection connection) throws IOException {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                connection.send(joined(frames.harmful(), frames.harmless(3)));
                count(4);
            }
            case 3 -> {
                if (random.nextInt(8) == 0) {
                    connection.send(joined(frames.huge(0), frames.huge(1)));
                    count(2);
                }
            }
            default -> {
                connection.send(FuzzFrames.framed(frames.requests().closeSession()));
                count(1);
            }
        }
        connection.listen(QUIET_MILLIS);
    }

    private void unread(FuzzConnection connection) throws IOException {
        connect(connection, 0, new byte[0]);
        int loads = 0;
        while (loads < LOADS_OF_UNREAD && connection.sendDeaf(frames.harmless(PIPELINED))) {
            count(PIPELINED);
            loads++;
        }
    }

    /** Takes the session to another connection, at another server most often, and goes on with the first. */
    private void moved(FuzzConnection first, int port) throws IOException {
        byte[] session = connect(first, 0, new byte[0]);
        first.send(frames.harmless(20));
        long id = ByteBuffer.wrap(session).getLong(12);
        byte[] password = Arrays.copyOfRange(session, 24, 40);
        int other = ports.get((ports.indexOf(port) + 1) % ports.size());
        try (FuzzConnection second = new FuzzConnection(other)) {
            second.send(FuzzFrames.framed(FuzzFrames.handshake(id, password, TIMEOUT_MILLIS, readOnly)));
            first.send(frames.harmless(50));
            second.send(frames.harmless(50));
            count(121);
            first.send(frames.harmless(20));
            second.listen(QUIET_MILLIS);
        }
        first.listen(QUIET_MILLIS);
    }

    private void tlsHandshake(FuzzConnection connection) throws IOException {
        byte[] hello = clientHello();
        connection.send(
                switch (random.nextInt(4)) {
                    case 0 -> frames.half(hello);
                    case 1 -> frames.damaged(hello, 1);
                    case 2 -> joined(hello, frames.noise());
                    default -> joined(new byte[] {22, 3, 1}, frames.noise());
                });
        count(1);
        connection.listen(QUIET_MILLIS);
        connection.send(joined(frames.noise(), FuzzFrames.framed(handshake())));
        count(2);
    }

    private byte[] clientHello() throws SSLException {
        if (tls == null) {
            return frames.noise();
        }
        SSLEngine engine = tls.createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer bytes = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), bytes);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private void insideTls(int port) {
        if (tls == null) {
            return;
        }
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
                SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", port, false)) {
            secure.setSoTimeout(2_000);
            secure.startHandshake();
            secure.getOutputStream().write(joined(FuzzFrames.framed(handshake()), frames.harmless(50)));
            count(51);
            if (secure.getInputStream().readNBytes(SESSION_BYTES).length == SESSION_BYTES && random.nextBoolean()) {
                secure.getOutputStream().write(joined(frames.harmless(50), frames.harmful()));
                count(51);
            }
            // Between the records of TLS.
            plain.getOutputStream().write(frames.noise());
            count(1);
        } catch (IOException e) {
            // The server has closed the connection, which is its right.
        }
    }

    private byte[] handshake() {
        return FuzzFrames.handshake(0, new byte[0], TIMEOUT_MILLIS, readOnly);
    }

    /** Opens a session and answers what the server says of it. */
    private byte[] connect(FuzzConnection connection, long session, byte[] password) throws IOException {
        connection.send(FuzzFrames.framed(FuzzFrames.handshake(session, password, TIMEOUT_MILLIS, readOnly)));
        count(1);
        return connection.receive(SESSION_BYTES);
    }

    private void count(long more) {
        sent.add(more);
        counts.merge(state, more, Long::sum);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
