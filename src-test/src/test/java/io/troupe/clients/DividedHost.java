package io.troupe.clients;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.troupe.nemesis.LabProgram;
import io.troupe.nemesis.NetworkLab;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import io.troupe.process.TroupeProgram;
import io.troupe.process.Tuning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An ensemble and an application's Akka cluster, each of their processes in a network namespace of its own, between which links can be cut.
 * Servers are numbered from 1, and members after them. This JVM is in none of the namespaces: it learns what goes on from what the members
 * say. Not thread-safe.
 */
final class DividedHost implements AutoCloseable {
    static final int SERVERS = 3;

    /** So many processes of Java that start at the same time take the processors from each other. */
    private static final Duration START = EnsembleProcesses.PATIENCE.multipliedBy(3);

    private final NetworkLab lab;
    private final Thread lastResort;
    private final Path home;
    private final String name;
    private final EnsembleProcesses ensemble;
    private final Map<Integer, ForeignProgram> members = new LinkedHashMap<>();

    private DividedHost(NetworkLab lab, String name) throws IOException {
        this.lab = lab;
        this.lastResort = new Thread(lab::close, "remove-network");
        Runtime.getRuntime().addShutdownHook(lastResort);
        this.name = name;
        this.home = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "ensembles").toAbsolutePath()), name + "-");
        var addresses = LabProgram.addresses(SERVERS, id -> home.resolve("server-" + id));
        var tuning = new Tuning(Tuning.TEST.jvmOptions(), Tuning.TEST.snapshotEvery(), 2000);
        var program = new TroupeProgram(TroupeProgram.packagedDistribution(), tuning);
        this.ensemble = EnsembleProcesses.prepare(new LabProgram(program, lab), home, addresses);
    }

    /**
     * Starts the ensemble and the members, and waits until all are up. Skips the test where the host has no namespaces.
     *
     * @param name of this test
     * @param size how many members
     * @param more configuration of theirs
     */
    static DividedHost start(String name, int size, String more) {
        NetworkLab lab;
        try {
            NetworkLab.removeLeftovers();
            lab = NetworkLab.create(SERVERS + size);
        } catch (RuntimeException notHere) {
            return abort("needs network namespaces, that is Linux, iproute2 and the rights of root ("
                    + notHere.getMessage() + ")");
        }
        try {
            var host = new DividedHost(lab, name);
            try {
                host.ensemble.servers().forEach(ServerProcess::start);
                host.startMembers(size, more);
                return host;
            } catch (RuntimeException | Error e) {
                host.close();
                throw e;
            }
        } catch (IOException e) {
            lab.close();
            throw new UncheckedIOException(e);
        }
    }

    private void startMembers(int size, String more) throws IOException {
        var all = IntStream.rangeClosed(SERVERS + 1, SERVERS + size).boxed().toList();
        for (int id : all) {
            var configuration = home.resolve("member-" + id + ".conf");
            Files.writeString(configuration, configuration(id, more));
            var command = new ArrayList<>(NetworkLab.inside(lab.server(id)));
            command.addAll(ForeignProgram.java("128m"));
            command.addAll(List.of(
                    "-Dconfig.file=" + configuration,
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    ClusterApplication.class.getName()));
            members.put(id, ForeignProgram.start(name + "-member-" + id, command));
        }
        await("all members are up, see " + name + "-member-*.log")
                .atMost(START)
                .failFast("a member ended", () -> members.values().stream().anyMatch(member -> !member.isAlive()))
                .until(() -> members.values().stream()
                        .allMatch(member -> member.said().contains(up(all))));
    }

    private static String configuration(int id, String more) {
        var places = IntStream.rangeClosed(1, SERVERS)
                .mapToObj(server -> "\"" + NetworkLab.address(server) + ":" + LabProgram.PEER_PORT + "\"")
                .toList();
        return """
                akka {
                  actor.provider = cluster
                  logger-startup-timeout = 60s
                  remote.artery.canonical { hostname = "%s", port = %d }
                  cluster {
                    seed-nodes = ["akka://%s@%s:%d"]
                    # A busy host's members are not to suspect each other.
                    failure-detector.acceptable-heartbeat-pause = 12s
                  }
                  coordinated-shutdown.exit-jvm = on
                }
                troupe.lease.contact-points = %s
                %s
                """.formatted(
                        NetworkLab.address(id),
                        LabProgram.PEER_PORT,
                        ClusterApplication.SYSTEM,
                        NetworkLab.address(SERVERS + 1),
                        LabProgram.PEER_PORT,
                        places,
                        more);
    }

    /** What a member says when these are up, and no others. */
    static String up(List<Integer> members) {
        return ClusterApplication.UP
                + String.join(" ", members.stream().map(NetworkLab::address).toList());
    }

    ForeignProgram member(int id) {
        var member = members.get(id);
        if (member == null) {
            throw new IllegalArgumentException("no member " + id);
        }
        return member;
    }

    /** From now on nothing passes between these and those, servers or members. */
    void cut(List<Integer> these, List<Integer> those) {
        these.forEach(one -> those.forEach(other -> lab.cutBoth(one, other)));
    }

    /** From now on everything passes. */
    void heal() {
        lab.heal();
    }

    @Override
    public void close() {
        members.values().forEach(ForeignProgram::close);
        ensemble.close();
        lab.close();
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs at this moment and does the same.
        }
    }
}
