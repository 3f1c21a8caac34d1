package io.troupe.process;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The server processes of one ensemble on this host. Closing it, or the end of this JVM, ends them all. */
public final class EnsembleProcesses implements AutoCloseable {
    /** Time for an election and a synchronization on a busy two-core host; tests end as soon as they happen. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ServerProgram program;
    private final List<ServerProcess> servers;
    private final List<ServerProcess> joining = new ArrayList<>();
    private final Path home;
    private final Thread lastResort;

    private EnsembleProcesses(ServerProgram program, Path home, List<ServerProcess> servers) {
        this.program = program;
        this.home = home;
        this.servers = List.copyOf(servers);
        this.lastResort = new Thread(this::closeServers, "end-test-servers");
    }

    /** Prepares an ensemble of the selected program; none of its servers runs yet. */
    public static EnsembleProcesses prepare(int size) {
        return prepare(ServerProgram.selected(), size);
    }

    /** Prepares an ensemble of a given program; none of its servers runs yet. */
    public static EnsembleProcesses prepare(ServerProgram program, int size) {
        try {
            var home = newHome();
            var ports = FreePorts.choose(3 * size);
            var addresses = new ArrayList<ServerAddress>();
            for (var id = 1; id <= size; id++) {
                var first = 3 * (id - 1);
                addresses.add(new ServerAddress(
                        id,
                        ServerAddress.HOST,
                        ports.get(first),
                        ports.get(first + 1),
                        ports.get(first + 2),
                        home.resolve("server-" + id)));
            }
            return prepare(program, home, addresses);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prepares an ensemble whose servers have these addresses; none of them runs yet. */
    public static EnsembleProcesses prepare(ServerProgram program, Path home, List<ServerAddress> addresses) {
        var servers = addresses.stream()
                .map(address -> new ServerProcess(program, addresses, address))
                .toList();
        var ensemble = new EnsembleProcesses(program, home, servers);
        Runtime.getRuntime().addShutdownHook(ensemble.lastResort);
        return ensemble;
    }

    private static Path newHome() throws IOException {
        var root = Files.createDirectories(Path.of("target", "ensembles").toAbsolutePath());
        return Files.createTempDirectory(root, "ensemble-");
    }

    /** Prepares a server with the next id that is on nobody's list: it joins through the listed ones. */
    public ServerProcess prepareJoining() {
        return prepareJoining(servers.size() + joining.size() + 1);
    }

    /** Prepares a server without an id that is on nobody's list: it is assigned one when it joins. */
    public ServerProcess prepareJoiningWithoutId() {
        return prepareJoining(ServerAddress.ASSIGNED);
    }

    /** Prepares a server with this id, or {@link ServerAddress#ASSIGNED}, that is on nobody's list. */
    ServerProcess prepareJoining(int id) {
        var place = home.resolve("server-" + (servers.size() + joining.size() + 1));
        var ports = FreePorts.choose(3);
        var address = new ServerAddress(id, ServerAddress.HOST, ports.get(0), ports.get(1), ports.get(2), place);
        var listed = servers.stream().map(ServerProcess::address).toList();
        var server = new ServerProcess(program, listed, address);
        joining.add(server);
        return server;
    }

    /** Prepares a listed server, which must be down, to be started with its data at other ports, which only its own list names. */
    public ServerProcess prepareMoved(ServerProcess server) {
        var ports = FreePorts.choose(3);
        var moved = new ServerAddress(
                server.id(),
                server.address().host(),
                ports.get(0),
                ports.get(1),
                ports.get(2),
                server.address().home());
        var listed = servers.stream()
                .map(each -> each.id() == moved.id() ? moved : each.address())
                .toList();
        var process = new ServerProcess(program, listed, moved);
        joining.add(process);
        return process;
    }

    public ServerProgram program() {
        return program;
    }

    public List<ServerProcess> servers() {
        return servers;
    }

    public ServerProcess server(int id) {
        return servers.get(id - 1);
    }

    public ServerProcess serverAt(int clientPort) {
        return servers.stream()
                .filter(server -> server.address().clientPort() == clientPort)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no server listens on " + clientPort));
    }

    /** Starts every server that does not run, wakes every one that is paused, and waits until all serve. */
    public void startAll() {
        servers.forEach(ServerProcess::resume);
        servers.stream().filter(server -> !server.isAlive()).forEach(ServerProcess::start);
        awaitAllServing();
    }

    /** Waits until every server reports a mode, one of them leader. */
    public void awaitAllServing() {
        awaitServing(servers);
        awaitLeader();
    }

    /** Waits until all of {@code expected} serve. Fails at once when one of their processes has ended. */
    public void awaitServing(List<ServerProcess> expected) {
        await("servers " + ids(expected) + " serve")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .failFast("a server process ended", () -> expected.stream().anyMatch(server -> !server.isAlive()))
                .until(() -> expected.stream().allMatch(server -> server.mode().isPresent()));
    }

    /** Waits until exactly one server reports that it leads, and answers it. */
    public ServerProcess awaitLeader() {
        return await("one leader")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(this::leader, Optional::isPresent)
                .orElseThrow();
    }

    /** The running server that reports that it leads; empty when there is none or more than one. */
    public Optional<ServerProcess> leader() {
        var leaders = servers.stream()
                .filter(server -> server.mode()
                        .filter(mode -> mode.equals("leader") || mode.equals("standalone"))
                        .isPresent())
                .toList();
        return leaders.size() == 1 ? Optional.of(leaders.get(0)) : Optional.empty();
    }

    /** Connect string of all servers. */
    public String connectString() {
        return servers.stream().map(server -> server.address().clientAddress()).collect(Collectors.joining(","));
    }

    /** The last lines of every server's log, for a failure's report. */
    public String logTails(int lines) {
        return servers.stream()
                .map(server -> "---- server %d (%s), %s%n%s"
                        .formatted(
                                server.id(),
                                server.isAlive() ? "running" : "down",
                                server.address().log(),
                                server.logTail(lines)))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        closeServers();
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs at this moment and does the same.
        }
    }

    private void closeServers() {
        servers.forEach(ServerProcess::close);
        joining.forEach(ServerProcess::close);
    }

    private static String ids(List<ServerProcess> servers) {
        return servers.stream().map(server -> Integer.toString(server.id())).collect(Collectors.joining(", "));
    }
}
