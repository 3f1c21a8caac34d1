package io.troupe.testkit;

import com.typesafe.config.Config;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.server.Server;
import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Role;
import io.troupe.node.ExitReason;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.NodeStartException;
import io.troupe.node.ProcessSettings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One node of an ensemble and its starts, one after another on the same data. Thread-safe. */
final class TestNode {
    private final int id;
    private final Config configuration;
    private final ProcessSettings settings;
    private final TestNetwork network;
    private final TestClock clock;
    /** Held while it is started or ended, which takes a moment: what others look at is guarded by this object itself. */
    private final Object lifecycle = new Object();

    private @Nullable Running running;
    private boolean clientsAreLetIn = true;

    private static final class Running {
        private final Server server;
        private final Wiring wiring;
        private @Nullable Frontend frontend;
        private @Nullable String portProblem;

        Running(Server server, Wiring wiring) {
            this.server = server;
            this.wiring = wiring;
        }
    }

    /** @param configuration all that an operator's file would say */
    TestNode(int id, Config configuration, TestNetwork network, TestClock clock) {
        this.id = id;
        this.configuration = configuration;
        this.settings = NodeSettingsReader.read(configuration);
        this.network = network;
        this.clock = clock;
    }

    int id() {
        return id;
    }

    /** Does nothing where it runs. */
    void start() {
        synchronized (lifecycle) {
            if (!runs()) {
                Running start = startServer();
                started(start);
                start.server.node().frontend().thenAcceptAsync(frontend -> arrived(start, frontend));
            }
        }
    }

    private Running startServer() {
        Wiring wiring = new Wiring(id, network, clock);
        try {
            Authenticators passwords = Authenticators.of(settings.auth(), List.of());
            return new Running(Server.start(settings, configuration, passwords, null, wiring), wiring);
        } catch (NodeStartException e) {
            wiring.unplug();
            throw new IllegalStateException("node " + id + " cannot be started: " + e.getMessage(), e);
        }
    }

    private synchronized void started(Running start) {
        running = start;
    }

    private synchronized void arrived(Running start, Frontend frontend) {
        if (running == start) {
            openIfWanted(start, frontend);
            start.frontend = frontend;
        }
    }

    private void openIfWanted(Running start, Frontend frontend) {
        if (clientsAreLetIn) {
            try {
                start.server.open(frontend);
            } catch (IOException | RuntimeException e) {
                start.portProblem = "takes no clients: " + e.getMessage();
            }
        }
    }

    /** Nothing that it says from the first moment on reaches anybody. Does nothing where it does not run. */
    void kill() {
        synchronized (lifecycle) {
            Running killed = take();
            if (killed != null) {
                killed.wiring.unplug();
                killed.server.stopAtOnce();
            }
        }
    }

    /** As an operator stops it. */
    void stop() {
        synchronized (lifecycle) {
            Running stopped = take();
            if (stopped != null) {
                stopped.server.stop();
                stopped.wiring.unplug();
            }
        }
    }

    private synchronized @Nullable Running take() {
        Running taken = running;
        running = null;
        return taken;
    }

    synchronized void refuseClients() {
        clientsAreLetIn = false;
        if (running != null) {
            running.server.close();
        }
    }

    synchronized void letClientsIn() {
        clientsAreLetIn = true;
        Running start = running;
        if (start != null) {
            Frontend frontend = start.frontend;
            if (frontend != null) {
                openIfWanted(start, frontend);
            }
        }
    }

    synchronized boolean runs() {
        return running != null;
    }

    /** Empty until clients can be handed to it. */
    synchronized Optional<Frontend> frontend() {
        return Optional.ofNullable(running).map(start -> start.frontend);
    }

    Optional<NodeStatus> status() {
        return frontend().map(Frontend::status);
    }

    boolean serves() {
        return status().filter(NodeStatus::serving).isPresent();
    }

    boolean leads() {
        return status().filter(s -> s.serving() && s.role() == Role.LEADING).isPresent();
    }

    /** What an operator would like to know of it. */
    String describe() {
        String state = status().map(s -> "is " + s.role() + (s.serving() ? ", serving" : ", not serving"))
                .orElse(runs() ? "is starting" : "is down");
        return "node " + id + " " + problem().orElse(state);
    }

    /** Why it will not serve. */
    synchronized Optional<String> problem() {
        if (running == null) {
            return Optional.empty();
        }
        CompletableFuture<ExitReason> end = running.server.node().terminated().toCompletableFuture();
        return end.isDone()
                ? Optional.of("has ended: " + end.join().cause())
                : Optional.ofNullable(running.portProblem);
    }
}
