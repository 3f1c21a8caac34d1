package io.troupe.env.system;

import io.troupe.link.PeerProbe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A silent TCP connection to each peer's port. The operating system closes it the moment the peer's process dies; whether the
 * process is really gone, a second connection tells: refused is gone, accepted is not. A connection that merely cannot be made
 * (a partition) tells nothing.
 */
public final class SocketPeerProbe implements PeerProbe {
    private static final Logger LOG = LoggerFactory.getLogger(SocketPeerProbe.class);
    private static final long RETRY_MILLIS = 200;
    private static final long CONNECT_MILLIS = 2_000;

    private final Selector selector;
    private final Queue<Peer> added = new ConcurrentLinkedQueue<>();
    private final List<Peer> peers = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    private static final class Peer {
        private final int nodeId;
        private final InetSocketAddress address;
        private final Listener listener;
        private @Nullable SocketChannel channel;
        private boolean up;
        private @Nullable Boolean reported;
        private long since;

        Peer(int nodeId, InetSocketAddress address, Listener listener) {
            this.nodeId = nodeId;
            this.address = address;
            this.listener = listener;
        }
    }

    /**
     * @throws IOException when the operating system has no selector to give
     */
    public SocketPeerProbe() throws IOException {
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "troupe-probe");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    @Override
    public void watch(int nodeId, String host, int port, Listener listener) {
        added.add(new Peer(nodeId, new InetSocketAddress(host, port), listener));
        selector.wakeup();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(RETRY_MILLIS);
                takeAdded();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.attachment() instanceof Peer peer && key.isValid()) {
                        onReady(peer, key);
                    }
                }
                selector.selectedKeys().clear();
                peers.forEach(this::retry);
            }
            peers.forEach(this::drop);
            selector.close();
        } catch (IOException e) {
            LOG.warn("Dead peers will be noticed by their silence only: {}", e.toString());
        }
    }

    private void takeAdded() {
        Peer peer = added.poll();
        while (peer != null) {
            int nodeId = peer.nodeId;
            peers.stream().filter(p -> p.nodeId == nodeId).forEach(this::drop);
            peers.removeIf(p -> p.nodeId == nodeId);
            peers.add(peer);
            peer = added.poll();
        }
    }

    private static long now() {
        return System.nanoTime() / 1_000_000L;
    }

    private void retry(Peer peer) {
        if (peer.channel == null) {
            if (now() - peer.since >= RETRY_MILLIS) {
                connect(peer);
            }
        } else if (!peer.up && now() - peer.since > CONNECT_MILLIS) {
            drop(peer);
        }
    }

    private void connect(Peer peer) {
        peer.since = now();
        try {
            SocketChannel channel = SocketChannel.open();
            peer.channel = channel;
            channel.configureBlocking(false);
            if (channel.connect(peer.address)) {
                connected(peer, channel.register(selector, SelectionKey.OP_READ, peer));
            } else {
                channel.register(selector, SelectionKey.OP_CONNECT, peer);
            }
        } catch (IOException e) {
            refused(peer);
        }
    }

    private void onReady(Peer peer, SelectionKey key) {
        SocketChannel channel = peer.channel;
        if (channel == null || key.channel() != channel) {
            return;
        }
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                connected(peer, key);
            } else if (key.isReadable() && channel.read(ByteBuffer.allocate(256)) < 0) {
                lost(peer);
            }
        } catch (IOException e) {
            if (peer.up) {
                lost(peer);
            } else {
                refused(peer);
            }
        }
    }

    private void connected(Peer peer, SelectionKey key) {
        key.interestOps(SelectionKey.OP_READ);
        peer.up = true;
        report(peer, true);
    }

    private static void report(Peer peer, boolean up) {
        if (peer.reported == null || peer.reported != up) {
            peer.reported = up;
            peer.listener.onReachability(peer.nodeId, up);
        }
    }

    /** The connection closed: ask at once whether anybody is there. */
    private void lost(Peer peer) {
        drop(peer);
        connect(peer);
    }

    private void refused(Peer peer) {
        drop(peer);
        report(peer, false);
    }

    private void drop(Peer peer) {
        peer.up = false;
        peer.since = now();
        SocketChannel channel = peer.channel;
        peer.channel = null;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("Closing a probe of node {} failed: {}", peer.nodeId, e.toString());
            }
        }
    }
}
