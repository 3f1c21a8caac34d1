package io.troupe.app.console;

import io.troupe.app.tls.TlsContext;
import io.troupe.node.HttpSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP port of a node with everything that can be asked there. Thread-safe. */
public final class Console implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    /** How often the files of keys and certificates are looked at. */
    private static final long REFRESH_MILLIS = 2_000;

    private final @Nullable TlsContext tls;
    private final HttpPort port;
    private final NodeGate gate;
    private final WatchApi watches;
    private final NodePicture picture;
    private final LiveApi live;
    private final MetricsRoute metrics;
    private final RequestHandler handler;
    private volatile boolean closed;

    private Console(Surroundings around) {
        HttpSettings settings = around.settings().http();
        tls = around.tls();
        port = new HttpPort(settings, tls);
        gate = new NodeGate(around.node(), port.executor());
        watches = new WatchApi(gate, settings.watchStreams());
        metrics = new MetricsRoute(around, watches::open, port.executor());
        Health health = new Health(around);
        History history = new History();
        Happenings happenings = new Happenings();
        picture = new NodePicture(around, health, history);
        live = new LiveApi(
                new LiveState(around, picture),
                history,
                happenings,
                new Observer(around, history, happenings),
                this::later);
        int largest = around.settings().maxRequestBytes();
        Operations operations = new Operations(
                around.settings().ttlNodes(), largest, around.authenticators().aclSyntax());
        List<Route> routes = new ArrayList<>();
        for (Route.Source source : List.of(
                health,
                new Commands(around, gate),
                metrics,
                new EnsembleApi(gate, picture),
                new TreeApi(gate, operations),
                new SearchApi(gate),
                new QueueApi(gate, around.clock()),
                watches,
                new AuditApi(around.audit()),
                live,
                new UiFiles(),
                new OpenApi())) {
            routes.addAll(source.routes());
        }
        AccessRule access =
                new AccessRule(settings, around.authenticators(), new Logins(settings.users(), around.clock()));
        // As base64 and with escapes, the largest data takes more than it has.
        handler = new RequestHandler(routes, access, new HttpAudit(around.audit()), (int)
                Math.min(Integer.MAX_VALUE, 2L * largest + (64 << 10)));
    }

    /**
     * Listens. A port that cannot be had is no reason for a node not to serve: it is told once, with the remedy.
     */
    public static Console open(Surroundings around) {
        Console console = new Console(around);
        HttpSettings settings = around.settings().http();
        try {
            console.port.open(console.handler);
            LOG.info(
                    "HTTP for operators is at {}://{}:{}",
                    console.tls == null ? "http" : "https",
                    settings.host(),
                    console.port());
            console.picture.listensAt(console.port());
            around.overview().describe(console.picture::bytes);
            console.beatLater();
            console.refreshLater();
            console.live.start();
        } catch (IOException e) {
            LOG.warn(
                    "HTTP is off, clients are served without: {}:{} cannot be listened on ({}); stop what uses it, or set"
                            + " troupe.http.port, 0 for none, and start the node again",
                    settings.host(),
                    settings.port(),
                    e.getMessage());
        }
        return console;
    }

    /** Where it listens; below 0 where it does not. */
    public int port() {
        return port.port();
    }

    List<Route> routes() {
        return handler.routes();
    }

    private void beatLater() {
        later(this::beat, WatchApi.BEAT_MILLIS);
    }

    private void refreshLater() {
        TlsContext context = tls;
        if (context != null) {
            later(
                    () -> {
                        context.refresh();
                        refreshLater();
                    },
                    REFRESH_MILLIS);
        }
    }

    private void beat() {
        try {
            watches.beat();
        } catch (RuntimeException e) {
            LOG.error("HTTP: readers of watch streams could not be told that all is well", e);
        }
        beatLater();
    }

    /** In a thread that may work on it; not when the port is closed by then. */
    private void later(Runnable action, long millis) {
        Runnable unlessClosed = () -> {
            if (!closed) {
                port.executor().execute(action);
            }
        };
        if (!closed) {
            port.schedule(unlessClosed, millis);
        }
    }

    @Override
    public void close() {
        closed = true;
        watches.end();
        live.end();
        gate.close();
        port.close();
        metrics.close();
    }
}
