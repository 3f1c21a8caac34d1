package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerAddress;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Clients that open a session, close it, and come again as new ones. One thread. */
final class PassingClients implements AutoCloseable {
    private static final int SESSION_TIMEOUT_MILLIS = 30_000;
    private static final int ANSWER_BYTES = 256;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final Selector selector = Selector.open();
    private final List<ServerAddress> servers;
    private final byte[] hello = Frames.connect(SESSION_TIMEOUT_MILLIS);
    private final List<Visit> visits = new ArrayList<>();
    private int dialled;
    private long closed;
    private long refused;

    /**
     * @param count how many there are at a time
     */
    PassingClients(EnsembleProcesses ensemble, int count) throws IOException {
        this.servers = ensemble.servers().stream().map(ServerProcess::address).toList();
        for (int i = 0; i < count; i++) {
            visits.add(new Visit());
        }
    }

    /** Lets them come and go for so long; answers how many sessions were closed. */
    long run(long nanos) throws IOException {
        long before = closed;
        long start = System.nanoTime();
        long lastSeen = closed;
        long lastChange = start;
        while (System.nanoTime() - start < nanos) {
            selector.select(1);
            for (SelectionKey key : selector.selectedKeys()) {
                ((Visit) key.attachment()).goOn(key);
            }
            selector.selectedKeys().clear();
            if (closed != lastSeen) {
                lastSeen = closed;
                lastChange = System.nanoTime();
            } else if (System.nanoTime() - lastChange > PATIENCE_NANOS) {
                throw new IOException("no session was closed for half a minute");
            }
        }
        return closed - before;
    }

    /** One client: it connects, is given a session, ends it, and is replaced. */
    private final class Visit {
        private final ByteBuffer in = ByteBuffer.allocate(ANSWER_BYTES);
        private SocketChannel channel;
        private boolean closing;

        Visit() throws IOException {
            channel = dial();
        }

        private SocketChannel dial() throws IOException {
            ServerAddress server = servers.get(dialled++ % servers.size());
            SocketChannel next = SocketChannel.open();
            next.configureBlocking(false);
            next.setOption(StandardSocketOptions.TCP_NODELAY, true);
            // Ends by a reset, so that no port stays taken for a minute.
            next.setOption(StandardSocketOptions.SO_LINGER, 0);
            closing = false;
            in.clear();
            if (next.connect(new InetSocketAddress(server.host(), server.clientPort()))) {
                next.write(ByteBuffer.wrap(hello));
                next.register(selector, SelectionKey.OP_READ, this);
            } else {
                next.register(selector, SelectionKey.OP_CONNECT, this);
            }
            return next;
        }

        /** Whoever is turned away goes to the next server, as any client does. */
        void goOn(SelectionKey key) throws IOException {
            boolean turnedAway;
            try {
                turnedAway = !advance(key);
            } catch (IOException e) {
                turnedAway = true;
            }
            if (turnedAway) {
                refused++;
                channel.close();
                channel = dial();
            }
        }

        private boolean advance(SelectionKey key) throws IOException {
            if (key.isConnectable()) {
                channel.finishConnect();
                channel.write(ByteBuffer.wrap(hello));
                key.interestOps(SelectionKey.OP_READ);
                return true;
            }
            if (channel.read(in) < 0) {
                return false;
            }
            if (in.position() < 4 || in.position() < 4 + in.getInt(0)) {
                return true;
            }
            in.clear();
            if (closing) {
                closed++;
                channel.close();
                channel = dial();
            } else {
                closing = true;
                channel.write(ByteBuffer.wrap(Frames.CLOSE));
            }
            return true;
        }
    }

    /** How many connections servers have ended before their clients were through with them. */
    long refused() {
        return refused;
    }

    @Override
    public void close() throws IOException {
        for (Visit visit : visits) {
            visit.channel.close();
        }
        selector.close();
    }
}
