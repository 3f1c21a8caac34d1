package io.troupe.app.shell;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ConfigException;
import org.jspecify.annotations.Nullable;

/** The session of a shell; when it expires, another takes its place. May be used by any thread. */
final class Connection {
    /** What is told of events. Called by the client's own thread. */
    interface Listener {
        void watched(WatchedEvent event);

        /** The state is another one; {@code text} says which, and what that means. */
        void changed(String text);
    }

    /** ZooKeeper's client, which tells the server it is connected to. */
    @SuppressWarnings("try") // close may be interrupted; nothing opens it in a try
    static final class Client extends ZooKeeperAdmin {
        Client(String server, int timeoutMillis, Watcher watcher, boolean readOnly, ZKClientConfig configuration)
                throws IOException {
            super(server, timeoutMillis, watcher, readOnly, configuration);
        }

        @Nullable
        InetSocketAddress remote() {
            return testableRemoteSocketAddress() instanceof InetSocketAddress address ? address : null;
        }
    }

    private record Identity(String scheme, byte[] proof) {}

    private static final int FAREWELL_MILLIS = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int timeoutMillis;
    private final boolean readOnly;
    private final @Nullable Path configuration;
    private final Listener listener;
    private final List<Identity> identities = new ArrayList<>();
    private String server;
    private @Nullable Client client;
    private boolean refused;
    private boolean lost;

    Connection(ShellSettings settings, Listener listener) {
        this.server = settings.server();
        this.timeoutMillis = settings.timeoutMillis();
        this.readOnly = settings.readOnly();
        this.configuration = settings.clientConfiguration();
        this.listener = listener;
    }

    /** Closes what is open and begins to connect; does not wait. */
    void open(String to) throws CommandException, InterruptedException {
        close();
        lock.lock();
        try {
            server = to;
            refused = false;
            client = begin();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Client begin() throws CommandException {
        Binding binding = new Binding();
        Client begun;
        try {
            begun = new Client(server, timeoutMillis, binding, readOnly, clientConfiguration());
        } catch (IOException | IllegalArgumentException e) {
            throw CommandException.usage(
                    "cannot connect to " + server + ": " + e.getMessage(), "write host:port,host:port");
        }
        binding.client = begun;
        identities.forEach(identity -> begun.addAuthInfo(identity.scheme(), identity.proof()));
        return begun;
    }

    private ZKClientConfig clientConfiguration() throws CommandException {
        if (configuration == null) {
            return new ZKClientConfig();
        }
        try {
            return new ZKClientConfig(configuration);
        } catch (ConfigException e) {
            throw CommandException.usage(
                    "cannot read " + configuration + ": " + e.getMessage(),
                    "name a properties file of ZooKeeper's client with -client-configuration");
        }
    }

    /** The client, connected; waits for at most the timeout. */
    Client client() throws CommandException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (true) {
                Client current = client;
                if (current == null) {
                    throw closed();
                }
                if (refused) {
                    throw CommandException.failed(
                            "AUTHFAILED",
                            "Authentication failed at " + server,
                            "the session is lost: connect opens a new one");
                }
                if (current.getState().isConnected()) {
                    return current;
                }
                if (left <= 0) {
                    throw CommandException.failed(
                            "CONNECTIONLOSS",
                            "cannot connect to " + server + ", tried for " + timeoutMillis + " ms",
                            "see that a server runs and serves there (echo srvr | nc host port), or name another with"
                                    + " -server; -timeout waits longer");
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The client, connected or not. */
    Client session() throws CommandException {
        lock.lock();
        try {
            if (client == null) {
                throw closed();
            }
            return client;
        } finally {
            lock.unlock();
        }
    }

    private static CommandException closed() {
        return CommandException.failed("NOTCONNECTED", "Not connected", "connect host:port opens a session");
    }

    /** Identifies this session and all that follow it. */
    void identify(String scheme, String proof) throws CommandException, InterruptedException {
        Client current = client();
        Identity identity = new Identity(scheme, proof.getBytes(StandardCharsets.UTF_8));
        lock.lock();
        try {
            identities.add(identity);
        } finally {
            lock.unlock();
        }
        current.addAuthInfo(scheme, identity.proof());
    }

    /** Ends the session, if there is one. */
    void close() throws InterruptedException {
        Client ended;
        lock.lock();
        try {
            ended = client;
            client = null;
        } finally {
            lock.unlock();
        }
        if (ended != null) {
            // Waits for its threads, so that events that have come are told.
            ended.close(FAREWELL_MILLIS);
        }
    }

    /** The server it is connected to, or those it looks for one among. */
    String address() {
        lock.lock();
        try {
            InetSocketAddress remote = client == null || lost ? null : client.remote();
            return remote == null ? server : text(remote);
        } finally {
            lock.unlock();
        }
    }

    private static String text(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        return (resolved == null ? address.getHostString() : resolved.getHostAddress()) + ":" + address.getPort();
    }

    /** What {@code connect} was told. */
    String server() {
        lock.lock();
        try {
            return server;
        } finally {
            lock.unlock();
        }
    }

    /** ZooKeeper's word for the state of the connection. */
    String state() {
        lock.lock();
        try {
            return client == null ? "CLOSED" : client.getState().name();
        } finally {
            lock.unlock();
        }
    }

    /** The client if it is connected at this moment. */
    @Nullable
    Client ifConnected() {
        lock.lock();
        try {
            return client != null && client.getState().isConnected() ? client : null;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the events of one client; those of one that was closed concern nobody. */
    private final class Binding implements Watcher {
        private @Nullable Client client;

        @Override
        public void process(WatchedEvent event) {
            if (event.getType() != Event.EventType.None) {
                listener.watched(event);
                return;
            }
            String text = "";
            lock.lock();
            try {
                if (client == Connection.this.client) {
                    text = told(event.getState());
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (!text.isEmpty()) {
                listener.changed(text);
            }
        }

        private String told(Event.KeeperState state) {
            return switch (state) {
                case Disconnected -> {
                    lost = true;
                    yield "connection to " + server + " lost; looking for a server";
                }
                case SyncConnected, ConnectedReadOnly -> {
                    boolean again = lost;
                    lost = false;
                    yield again ? "connected again to " + address() : "";
                }
                case AuthFailed -> {
                    refused = true;
                    yield "authentication failed; the session is lost: connect opens a new one";
                }
                case Expired -> replaced();
                default -> "";
            };
        }

        private String replaced() {
            Client expired = client;
            String id = expired == null ? "" : " 0x" + Long.toHexString(expired.getSessionId());
            try {
                Connection.this.client = begin();
                return "session" + id + " expired: its ephemeral znodes and its watches are gone; a new one is opened";
            } catch (CommandException e) {
                Connection.this.client = null;
                return "session" + id + " expired, and no new one can be opened: " + e.text();
            }
        }
    }
}
