package io.troupe.app.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe dev [N]}: an ensemble of real server processes on this host, to try things with. */
@Command(
        name = "dev",
        mixinStandardHelpOptions = true,
        description = "Runs an ensemble on this host until Ctrl-C. What it stores is kept for the next time.")
public final class DevCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int MOST_NODES = 9;
    private static final long POLL_MILLIS = 250;

    @Parameters(paramLabel = "N", arity = "0..1", defaultValue = "3", description = "nodes, 1 to 9 (default 3)")
    int nodes;

    @Option(names = "--data", paramLabel = "DIR", description = "directory (default ./troupe-dev-data)")
    Path data = Path.of("troupe-dev-data");

    @Option(names = "--client-port", paramLabel = "PORT", description = "first client port (default 2181)")
    int clientPort = 2181;

    @Option(names = "--peer-port", paramLabel = "PORT", description = "first peer port (default 25520)")
    int peerPort = 25520;

    @Option(names = "--http-port", paramLabel = "PORT", description = "first HTTP port (default 8080)")
    int httpPort = 8080;

    private final Path launcher;
    private final String jvmOptions;
    private final PrintStream output;
    private final PrintStream errors;

    /**
     * A command that can be run once.
     *
     * @param launcher the script that starts servers
     * @param jvmOptions what the user wants all of them to have
     */
    public DevCommand(Path launcher, String jvmOptions, PrintStream output, PrintStream errors) {
        this.launcher = launcher;
        this.jvmOptions = jvmOptions;
        this.output = output;
        this.errors = errors;
    }

    @Override
    public Integer call() throws IOException {
        Optional<String> problem = problem();
        if (problem.isPresent()) {
            errors.println("troupe dev: " + problem.get());
            return FAILED;
        }
        DevEnsemble ensemble = new DevEnsemble(nodes, data, clientPort, peerPort, httpPort);
        problem = ensemble.portProblem();
        if (problem.isPresent()) {
            errors.println("troupe dev: " + problem.get());
            return FAILED;
        }
        return run(ensemble);
    }

    private Optional<String> problem() {
        if (nodes < 1 || nodes > MOST_NODES) {
            return Optional.of("runs 1 to " + MOST_NODES + " nodes, not " + nodes);
        }
        for (int first : new int[] {clientPort, peerPort, httpPort}) {
            if (first < 1 || first + nodes - 1 > 65_535) {
                return Optional.of(nodes + " ports from " + first + " on do not exist; choose a port from 1 to 65526");
            }
        }
        boolean overlap = Math.abs(clientPort - peerPort) < nodes
                || Math.abs(clientPort - httpPort) < nodes
                || Math.abs(peerPort - httpPort) < nodes;
        return overlap
                ? Optional.of("the ports for clients, peers and HTTP overlap; choose them further apart")
                : Optional.empty();
    }

    private int run(DevEnsemble ensemble) throws IOException {
        List<DevNode> running = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        CompletableFuture<Void> stopping = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopping.complete(null);
            stop(List.copyOf(running));
        }));
        List<Path> files = ensemble.writeConfigurations();
        CompletableFuture<Integer> firstEnd = new CompletableFuture<>();
        for (int node = 1; node <= nodes; node++) {
            DevNode started =
                    DevNode.start(launcher, files.get(node - 1), jvmOptions, ensemble.clientPort(node), output);
            running.add(started);
            String again = launcher + " server " + files.get(node - 1);
            ends.add(reported("node " + node + " (pid " + started.pid() + ")", again, started, stopping, firstEnd));
        }
        if (serving(ensemble, running, firstEnd)) {
            output.println(Welcome.text(ensemble, running));
            output.flush();
        }
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new)).join();
        if (!stopping.isDone()) {
            errors.println("troupe dev: no node is left");
        }
        return FAILED;
    }

    /** {@code again} is the command that starts the node by itself. */
    private CompletableFuture<Void> reported(
            String name,
            String again,
            DevNode started,
            CompletableFuture<Void> stopping,
            CompletableFuture<Integer> firstEnd) {
        return started.exit().thenAccept(status -> {
            firstEnd.complete(status);
            if (!stopping.isDone()) {
                errors.println("troupe dev: " + name + " ended with status " + status
                        + "; the others go on, Ctrl-C stops them. To start it again, in another terminal: " + again);
            }
        });
    }

    /** Waits until every node serves; false when one ended before that. */
    private static boolean serving(DevEnsemble ensemble, List<DevNode> running, CompletableFuture<Integer> firstEnd) {
        Executor later = CompletableFuture.delayedExecutor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        int node = 1;
        while (node <= ensemble.nodes() && !firstEnd.isDone()) {
            if (running.get(node - 1).mode().isPresent()) {
                node++;
            } else {
                try {
                    CompletableFuture.runAsync(() -> {}, later).join();
                } catch (CompletionException e) {
                    return false;
                }
            }
        }
        return node > ensemble.nodes();
    }

    private static void stop(List<DevNode> nodes) {
        nodes.forEach(DevNode::stop);
        nodes.forEach(DevNode::awaitStopped);
    }
}
