package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What an operation costs an application: by message, and by ZooKeeper's Java client, in turns, each in one session with the same
 * follower of one ensemble of three.
 */
@Command(
        name = "src-test/benchmark actor-api",
        description =
                "Measures operations of one application by message and by ZooKeeper's client, in turns, on one ensemble.",
        footer = {"", "Let nothing else run on the host meanwhile."},
        sortOptions = false)
public final class ActorApiMain implements Callable<Integer> {
    private static final int MOST_ROUNDS = 99;
    private static final int MOST_SECONDS = 3600;
    private static final List<Integer> DEPTHS = List.of(1, 64);
    private static final double MICROS = 1e6;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each is measured (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long each is measured (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "10",
            description = "Seconds that each is done before anything is measured (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--help", usageHelp = true, description = "Shows this and ends.")
    boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    /** Figures of each round, by what was done, and by whom. */
    private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

    private ActorApiMain() {}

    public static void main(String[] arguments) {
        // The clients' threads do not keep it.
        System.exit(new CommandLine(new ActorApiMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        check("--rounds", rounds, MOST_ROUNDS);
        check("--seconds", seconds, MOST_SECONDS);
        check("--warm-up", warmUp, MOST_SECONDS);
        System.out.println(Host.here().words());
        Conditions conditions = Conditions.USUAL;
        conditions.checkMemory();
        try (EnsembleProcesses ensemble =
                EnsembleProcesses.prepare(conditions.program(Contender.TROUPE), conditions.servers())) {
            ensemble.startAll();
            measure(ensemble);
        }
        return 0;
    }

    private void check(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    option + " needs a number from 1 to " + most + ", not " + value);
        }
    }

    private void measure(EnsembleProcesses ensemble) throws Exception {
        ServerProcess leader = ensemble.awaitLeader();
        ServerProcess follower = ensemble.servers().stream()
                .filter(each -> each != leader)
                .findFirst()
                .orElseThrow();
        Neighbours neighbours = Neighbours.watch();
        try (ApiClient zookeeper = new ZooKeeperApi(follower.address());
                ApiClient actors = new ActorApi(follower.address())) {
            zookeeper.prepare();
            List<ApiClient> clients = List.of(zookeeper, actors);
            for (ApiOperation operation : ApiOperation.values()) {
                for (ApiClient client : clients) {
                    ApiLoad.run(client, operation, DEPTHS.get(DEPTHS.size() - 1), warmUp * 1_000_000_000L);
                }
            }
            for (int round = 0; round < rounds; round++) {
                // None always has what another has left behind.
                List<ApiClient> order = round % 2 == 0 ? clients : List.of(actors, zookeeper);
                for (ApiOperation operation : ApiOperation.values()) {
                    for (int depth : DEPTHS) {
                        for (ApiClient client : order) {
                            measure(ensemble, client, operation, depth);
                        }
                    }
                }
            }
        }
        report();
        System.out.println(Neighbours.SHARE + ": " + Numbers.shown(neighbours.percent()));
    }

    private void measure(EnsembleProcesses ensemble, ApiClient client, ApiOperation operation, int depth)
            throws Exception {
        double servers = ServerCpu.seconds(ensemble);
        double own = ownSeconds();
        ApiLoad.Outcome outcome = ApiLoad.run(client, operation, depth, seconds * 1_000_000_000L);
        double each = MICROS / outcome.operations();
        note(operation, depth, "operations/s", client, outcome.perSecond());
        note(operation, depth, "median, us", client, outcome.micros(0.5));
        note(operation, depth, "p99, us", client, outcome.micros(0.99));
        note(operation, depth, "processor of the client, us", client, (ownSeconds() - own) * each);
        note(operation, depth, "processor of the servers, us", client, (ServerCpu.seconds(ensemble) - servers) * each);
    }

    private static double ownSeconds() throws IOException {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            return system.getProcessCpuTime() / 1e9;
        }
        throw new IOException("this JVM does not tell its processor time; run it on another");
    }

    private void note(ApiOperation operation, int depth, String figure, ApiClient client, double value) {
        String row = operation.words() + ", " + depth + " at a time\t" + figure;
        figures.computeIfAbsent(row, key -> new LinkedHashMap<>())
                .computeIfAbsent(client.toString(), key -> new ArrayList<>())
                .add(value);
    }

    private void report() {
        Table table = new Table("operation", "figure", ActorApi.NAME, ZooKeeperApi.NAME, "ratio");
        figures.forEach((row, values) -> {
            Spread actors = Spread.of(values.getOrDefault(ActorApi.NAME, List.of()));
            Spread zookeeper = Spread.of(values.getOrDefault(ZooKeeperApi.NAME, List.of()));
            int tab = row.indexOf('\t');
            table.row(List.of(
                    row.substring(0, tab),
                    row.substring(tab + 1),
                    actors.toString(),
                    zookeeper.toString(),
                    Numbers.shown(actors.median() / zookeeper.median())));
        });
        System.out.println();
        System.out.print(table.markdown());
    }
}
