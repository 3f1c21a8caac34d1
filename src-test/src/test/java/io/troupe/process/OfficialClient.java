package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/** The official client as released, with what a test wants to know about its connection. */
public final class OfficialClient extends ZooKeeper {
    /** Longer than a failover on a busy host, short enough to wait for an expiry in a test. */
    public static final int SESSION_TIMEOUT_MILLIS = 8_000;

    /** The longest that servers of tests grant: for a client that must outlive the restart of its only server. */
    public static final int PATIENT_TIMEOUT_MILLIS = 20_000;

    /** Everybody may do everything. */
    public static final List<ACL> OPEN = Ids.OPEN_ACL_UNSAFE;

    private final EventLog events;

    private OfficialClient(String connectString, int timeoutMillis, EventLog events) throws IOException {
        super(connectString, timeoutMillis, events);
        this.events = events;
    }

    private OfficialClient(String connectString, int timeoutMillis, Watcher watcher) throws IOException {
        super(connectString, timeoutMillis, watcher);
        this.events = new EventLog();
    }

    private OfficialClient(String connectString, int timeoutMillis, Watcher watcher, boolean mayBeReadOnly)
            throws IOException {
        super(connectString, timeoutMillis, watcher, mayBeReadOnly);
        this.events = new EventLog();
    }

    private OfficialClient(String connectString, int timeoutMillis, EventLog events, long sessionId, byte[] password)
            throws IOException {
        super(connectString, timeoutMillis, events, sessionId, password);
        this.events = events;
    }

    private OfficialClient(String connectString, int timeoutMillis, EventLog events, ZKClientConfig configuration)
            throws IOException {
        super(connectString, timeoutMillis, events, configuration);
        this.events = events;
    }

    /** A client that logs in by SASL with a section of the JAAS configuration; does not wait. */
    public static OfficialClient loggingIn(String connectString, String jaasSection) {
        var configuration = new ZKClientConfig();
        configuration.setProperty(ZKClientConfig.LOGIN_CONTEXT_NAME_KEY, jaasSection);
        // Otherwise the client does without DIGEST-MD5, the only mechanism that needs no Kerberos.
        configuration.setProperty("zookeeper.fips-mode", "false");
        return configured(connectString, configuration);
    }

    /** A client with settings of its own; does not wait. */
    public static OfficialClient configured(String connectString, ZKClientConfig configuration) {
        try {
            return new OfficialClient(connectString, PATIENT_TIMEOUT_MILLIS, new EventLog(), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new session through any server of {@code connectString}; returns when it is connected. */
    public static OfficialClient connect(String connectString) {
        return connect(connectString, SESSION_TIMEOUT_MILLIS);
    }

    /** A new session with a wish for a timeout; returns when it is connected. */
    public static OfficialClient connect(String connectString, int timeoutMillis) {
        try {
            return new OfficialClient(connectString, timeoutMillis, new EventLog()).awaitConnected();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client whose events go to a watcher of the caller, for libraries that bring their own; does not wait. */
    public static OfficialClient watched(String connectString, int timeoutMillis, Watcher watcher) throws IOException {
        return new OfficialClient(connectString, timeoutMillis, watcher);
    }

    /** A client that is content with a server that has no leader and answers reads alone; does not wait. */
    public static OfficialClient contentWithReading(String connectString, int timeoutMillis, Watcher watcher) {
        try {
            return new OfficialClient(connectString, timeoutMillis, watcher, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks to go on with an existing session; does not wait for the server's answer. */
    public static OfficialClient attach(String connectString, long sessionId, byte[] password) {
        try {
            return new OfficialClient(connectString, SESSION_TIMEOUT_MILLIS, new EventLog(), sessionId, password);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the session is connected. */
    public OfficialClient awaitConnected() {
        await("client connected")
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> getState().isConnected());
        return this;
    }

    /** What the client's default watcher has seen. */
    public EventLog events() {
        return events;
    }

    /** The server that this client is connected to at the moment. */
    public ServerProcess connectedServer(EnsembleProcesses ensemble) {
        var remote = await("a connection to a server")
                .atMost(EnsembleProcesses.PATIENCE)
                .until(this::testableRemoteSocketAddress, address -> address instanceof InetSocketAddress);
        return ensemble.serverAt(((InetSocketAddress) remote).getPort());
    }

    /** Ends the session. */
    @Override
    public synchronized void close() {
        try {
            super.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Drops the connection and never comes back, as a client process does that is killed; the session stays behind. */
    public void vanish() {
        cnxn.disconnect();
    }

    /** Creates a node with text as data and open to everybody; answers its path. */
    public String createText(String path, String data, CreateMode mode) throws KeeperException, InterruptedException {
        return create(path, data.getBytes(UTF_8), OPEN, mode);
    }

    /** A node's data as text. */
    public String text(String path) throws KeeperException, InterruptedException {
        return new String(getData(path, false, null), UTF_8);
    }

    /** A node's Stat; fails when it does not exist. */
    public Stat stat(String path) throws KeeperException, InterruptedException {
        var stat = exists(path, false);
        if (stat == null) {
            throw KeeperException.create(KeeperException.Code.NONODE, path);
        }
        return stat;
    }

    /** Waits until everything committed so far is visible on the connected server. */
    public void syncAll() throws InterruptedException {
        var done = new CompletableFuture<Integer>();
        sync("/", (code, path, context) -> done.complete(code), null);
        try {
            if (done.get(30, SECONDS) != KeeperException.Code.OK.intValue()) {
                throw new IllegalStateException("sync failed with " + done.get());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no answer to sync", e);
        }
    }
}
