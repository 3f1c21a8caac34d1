package io.troupe.testkit;

import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.TreeReport;
import io.troupe.edge.TreeReport.SessionReport;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An ensemble of real nodes in this JVM, on loopback and free ports, with data on disk in a temporary directory: for tests of
 * programs that use Troupe or ZooKeeper. Nodes are numbered from 1. {@link #close} ends the nodes and removes the directory.
 *
 * <pre>{@code
 * try (TroupeEnsemble ensemble = TroupeEnsemble.start(3)) {
 *     ZooKeeper client = new ZooKeeper(ensemble.connectString(), 10_000, event -> {});
 *     ensemble.kill(ensemble.leader());
 *     client.create("/still-works", ...);
 * }
 * }</pre>
 *
 * <p>Whatever waits for the ensemble does so for a minute and then throws {@link IllegalStateException} saying what every node was
 * doing. Thread-safe.
 */
public final class TroupeEnsemble implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final List<NodePlace> places;
    private final List<TestNode> nodes;
    private final TestNetwork network;
    private final TestClock clock;
    private final TemporaryHome home;

    TroupeEnsemble(
            List<NodePlace> places, List<TestNode> nodes, TestNetwork network, TestClock clock, TemporaryHome home) {
        this.places = List.copyOf(places);
        this.nodes = List.copyOf(nodes);
        this.network = network;
        this.clock = clock;
        this.home = home;
        home.inhabitedBy(() -> nodes.parallelStream().forEach(TestNode::kill));
    }

    /**
     * Starts an ensemble that serves when this returns.
     *
     * @param size how many nodes, 1 to 9; three survive the loss of one
     */
    public static TroupeEnsemble start(int size) {
        return of(size).start();
    }

    /** An ensemble to be configured before it starts. */
    public static EnsembleBuilder of(int size) {
        return new EnsembleBuilder(size);
    }

    // ---- where it is ----

    /** Ids of the nodes, whether they run or not. */
    public List<Integer> nodes() {
        return nodes.stream().map(TestNode::id).toList();
    }

    /** What ZooKeeper clients connect to: {@code host:port} of all nodes, with commas between them. */
    public String connectString() {
        return places.stream().map(NodePlace::clientAddress).collect(Collectors.joining(","));
    }

    /** What a ZooKeeper client connects to that is to know these nodes alone. */
    public String connectString(int... ids) {
        return Arrays.stream(ids).mapToObj(id -> place(id).clientAddress()).collect(Collectors.joining(","));
    }

    /** What {@link io.troupe.client.CoordinatorClient} is created with: {@code host:port} of all nodes' peer ports. */
    public List<String> contactPoints() {
        return places.stream().map(NodePlace::peerAddress).toList();
    }

    private NodePlace place(int id) {
        return places.get(node(id).id() - 1);
    }

    private TestNode node(int id) {
        if (id < 1 || id > nodes.size()) {
            throw new IllegalArgumentException("there is no node " + id + " among 1 to " + nodes.size());
        }
        return nodes.get(id - 1);
    }

    /** The node that leads, waiting for it: of those that are connected to a majority. */
    public int leader() {
        return Waiting.untilPresent(
                        () -> "no node leads; " + describe(),
                        () -> withMajority()
                                .filter(TestNode::leads)
                                .max(Comparator.comparingLong(TroupeEnsemble::epoch)))
                .id();
    }

    /** The nodes that serve and do not lead, ascending. */
    public List<Integer> followers() {
        int leader = leader();
        return withMajority()
                .filter(TestNode::serves)
                .map(TestNode::id)
                .filter(id -> id != leader)
                .toList();
    }

    private static long epoch(TestNode node) {
        return node.status().map(NodeStatus::epoch).orElse(0L);
    }

    private Stream<TestNode> withMajority() {
        return nodes.stream().filter(this::hasMajority);
    }

    /** Whether enough nodes run that hear of this one. */
    private boolean hasMajority(TestNode node) {
        long heard = nodes.stream()
                .filter(other -> other.runs() && network.connects(node.id(), other.id()))
                .count();
        return node.runs() && heard > nodes.size() / 2;
    }

    private String describe() {
        return nodes.stream().map(TestNode::describe).collect(Collectors.joining("; "));
    }

    /** Waits until every node serves that runs and is connected to a majority. */
    public void awaitServing() {
        Waiting.until(() -> "not every node serves; " + describe(), () -> {
            failIfHopeless();
            return withMajority().allMatch(TestNode::serves);
        });
    }

    private void failIfHopeless() {
        if (nodes.stream().anyMatch(node -> node.problem().isPresent())) {
            throw new IllegalStateException(describe());
        }
    }

    /** Whether a node was started and neither killed nor stopped since. */
    public boolean runs(int id) {
        return node(id).runs();
    }

    // ---- what may happen to nodes ----

    /**
     * Ends a node as a crash would, as far as that is possible within one JVM. Its sessions stay open and nobody takes its part over
     * before the others have noticed; from the first moment nothing that it says reaches another node, and its clients' connections close.
     * What differs from {@code kill -9}: replies that ZooKeeper clients are due already may still be written to their connections;
     * sessions by actors are told that the node stops, which a dead process would leave them to find out; what it had written to
     * its files without fsync stays there, as it does when a process is killed, but no host; and the node's member of Akka's
     * cluster ends with its actor system. Does nothing where it does not run.
     */
    public void kill(int id) {
        node(id).kill();
    }

    /** Ends a node as its operator does: it hands leadership over first. Does nothing where it does not run. */
    public void stop(int id) {
        node(id).stop();
    }

    /** Starts a node on its data, after a kill first where it runs; waits until it serves if it is connected to a majority. */
    public void restart(int id) {
        checkOpen();
        TestNode node = node(id);
        node.kill();
        node.start();
        Waiting.until(() -> "node " + id + " does not serve again; " + describe(), () -> {
            failIfHopeless();
            return node.serves() || !hasMajority(node);
        });
    }

    private void checkOpen() {
        if (home.isClosed()) {
            throw new IllegalStateException("this ensemble is closed and its data removed: start another");
        }
    }

    /** Starts every node that does not run, and waits until all serve that can. */
    public void startAll() {
        checkOpen();
        nodes.parallelStream().forEach(TestNode::start);
        awaitServing();
    }

    /**
     * Cuts the network between these nodes and the others: what one of them sends to one of the others is lost. Among
     * themselves both sides stay connected, and clients stay with whom they are connected to. Earlier cuts stay. Akka's cluster, which
     * decides nothing, and sessions by actors do not notice it.
     */
    public void partition(int... ids) {
        Set<Integer> side = Arrays.stream(ids).map(id -> node(id).id()).boxed().collect(Collectors.toSet());
        for (TestNode node : nodes) {
            if (!side.contains(node.id())) {
                side.forEach(apart -> network.cut(apart, node.id()));
            }
        }
    }

    /** Cuts the network between two nodes alone. */
    public void cut(int one, int other) {
        network.cut(node(one).id(), node(other).id());
    }

    /**
     * Closes the connections of a node's ZooKeeper clients and refuses others. Their sessions go on if they find another node in time. Sessions
     * by actors are left alone.
     */
    public void refuseClients(int id) {
        node(id).refuseClients();
    }

    /** Ends every partition and cut, and every refusal of clients. Waits for nothing. */
    public void heal() {
        network.heal();
        nodes.forEach(TestNode::letClientsIn);
    }

    // ---- sessions and time ----

    /**
     * Ends a session as the ensemble does when nothing is heard of its client for the session's timeout: its ephemerals are gone when
     * this returns, at the node that leads; its client is disconnected, and told that the session has expired when it
     * comes back.
     *
     * @param sessionId as the client knows it, {@code ZooKeeper.getSessionId()} or {@link io.troupe.client.Session#id()}; does
     *     nothing where there is none of this id
     */
    public void expireSession(long sessionId) {
        Waiting.until(() -> "session 0x" + Long.toHexString(sessionId) + " does not end; " + describe(), () -> {
            Frontend leader = frontendOfLeader();
            Optional<List<SessionReport>> open = reported(leader);
            open.stream()
                    .flatMap(List::stream)
                    .filter(session -> session.sessionId() == sessionId)
                    .forEach(session -> SessionEnd.of(leader, session));
            return open.isPresent() && open.get().stream().noneMatch(session -> session.sessionId() == sessionId);
        });
    }

    /**
     * Moves the time of day ahead at all nodes, and lets the sessions expire whose clients are connected nowhere and whose timeout is not
     * longer: as if so much time had passed in which the connected clients went on telling that they live. A client that is on its way
     * from one node to another at that moment is connected nowhere. Znodes with a time to
     * live that has passed are gone a second or two later. Timeouts between the nodes do not count it.
     *
     * @param by above zero
     */
    public void jumpClock(Duration by) {
        if (by.isNegative() || by.isZero()) {
            throw new IllegalArgumentException("clocks are moved ahead only, not by " + by);
        }
        clock.jump(by);
        Set<Long> connected = new HashSet<>();
        nodes.forEach(node -> attachedTo(node).forEach(connected::add));
        openSessions().stream()
                .filter(session -> !connected.contains(session.sessionId()) && session.timeoutMillis() <= by.toMillis())
                .forEach(session -> expireSession(session.sessionId()));
    }

    /** Ids of the sessions that are open. */
    public List<Long> sessions() {
        return openSessions().stream().map(SessionReport::sessionId).toList();
    }

    /** The node that this session's client is connected to; empty while it is connected to none that serves. */
    public Optional<Integer> nodeOf(long sessionId) {
        return nodes.stream()
                .filter(node -> attachedTo(node).anyMatch(id -> id == sessionId))
                .map(TestNode::id)
                .findFirst();
    }

    private Frontend frontendOfLeader() {
        return Waiting.untilPresent(this::describe, () -> node(leader()).frontend());
    }

    private List<SessionReport> openSessions() {
        return Waiting.untilPresent(this::describe, () -> reported(frontendOfLeader()));
    }

    private static Stream<Long> attachedTo(TestNode node) {
        return node
                .frontend()
                .filter(frontend -> frontend.status().serving())
                .flatMap(TroupeEnsemble::reported)
                .stream()
                .flatMap(List::stream)
                .filter(SessionReport::attachedHere)
                .map(SessionReport::sessionId);
    }

    /** Empty where the node does not answer, because it has just ended. */
    private static Optional<List<SessionReport>> reported(Frontend frontend) {
        return frontend.report(TreeReport.Part.SESSIONS)
                .toCompletableFuture()
                .thenApply(report -> Optional.of(report.sessions()))
                .completeOnTimeout(Optional.empty(), ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /**
     * Ends all nodes, at once and without hand-over, gives their ports back and removes the directory. Clients that are
     * still connected lose their connections: close them before.
     *
     * @throws UncheckedIOException when a file cannot be removed
     */
    @Override
    public void close() {
        home.close();
    }
}
