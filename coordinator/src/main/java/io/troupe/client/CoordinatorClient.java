package io.troupe.client;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import io.troupe.client.protocol.Coordinator;
import io.troupe.client.protocol.Coordinator.Health;
import io.troupe.env.Clock;
import io.troupe.env.Entropy;
import io.troupe.env.system.SystemClock;
import io.troupe.env.system.SystemEntropy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An Akka application's way to an ensemble. It needs Akka's remoting ({@code akka.actor.provider = remote} or {@code cluster}, and an
 * address the nodes can reach), and of the ensemble only where some of its nodes have their peer port; it is no member of the nodes'
 * cluster, its actor system may have any name, and nothing else needs to be configured.
 *
 * <pre>{@code
 * CoordinatorClient client = CoordinatorClient.create(system, List.of("10.0.0.1:25520", "10.0.0.2:25520"));
 * Session session = client.open().toCompletableFuture().join();
 * session.create("/jobs/job-", data, CreateMode.EPHEMERAL_SEQUENTIAL).thenAccept(job -> use(job.path()));
 * session.watch("/jobs", WatchMode.RECURSIVE).runForeach(event -> react(event), system);
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class CoordinatorClient {
    private static final AtomicLong SESSIONS = new AtomicLong();

    private final ActorSystem<?> system;
    private final List<String> contactPoints;
    private final NodeFinder nodes;
    private final Clock clock;
    private final Entropy entropy;

    private CoordinatorClient(
            ActorSystem<?> system, List<String> contactPoints, NodeFinder nodes, Clock clock, Entropy entropy) {
        if (contactPoints.isEmpty()) {
            throw new IllegalArgumentException("there are no contact points; give host:port of some nodes");
        }
        contactPoints.forEach(CoordinatorClient::check);
        this.system = system;
        this.contactPoints = List.copyOf(contactPoints);
        this.nodes = nodes;
        this.clock = clock;
        this.entropy = entropy;
    }

    private static void check(String contactPoint) {
        if (!contactPoint.matches(".+:[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    "contact point \"" + contactPoint
                            + "\" is not host:port; the port is troupe.peer-port of that node, 25520 unless configured otherwise");
        }
    }

    /**
     * For an ensemble of which some nodes are at these places.
     *
     * @param contactPoints {@code host:port} of peer ports, hosts written as in the nodes' {@code troupe.host}; the other nodes
     *     are learned from them
     * @throws IllegalArgumentException when one is no such thing, or when the actor system has no remoting
     */
    public static CoordinatorClient create(ActorSystem<?> system, List<String> contactPoints) {
        if (!system.address().hasGlobalScope()) {
            throw new IllegalArgumentException("actor system " + system.name()
                    + " has no remoting; set akka.actor.provider = remote (or cluster), and"
                    + " akka.remote.artery.canonical.hostname and port to where the nodes can reach it");
        }
        return create(system, contactPoints, NodeFinder.remote(system));
    }

    /** The same with nodes that are found another way. */
    public static CoordinatorClient create(ActorSystem<?> system, List<String> contactPoints, NodeFinder nodes) {
        return create(system, contactPoints, nodes, new SystemClock());
    }

    /** The same by another clock. */
    public static CoordinatorClient create(
            ActorSystem<?> system, List<String> contactPoints, NodeFinder nodes, Clock clock) {
        return create(system, contactPoints, nodes, clock, new SystemEntropy());
    }

    /** The same where chance must come from outside, too, as in a simulation: it decides which node is asked first. */
    public static CoordinatorClient create(
            ActorSystem<?> system, List<String> contactPoints, NodeFinder nodes, Clock clock, Entropy entropy) {
        return new CoordinatorClient(system, contactPoints, nodes, clock, entropy);
    }

    /** Opens a session with the usual settings. */
    public CompletionStage<Session> open() {
        return open(SessionSettings.DEFAULT);
    }

    /**
     * Opens a session, or takes one over. Completes once a node has given it; until then it asks all nodes in turn, as long as the
     * settings' deadline, and fails with {@link CoordinatorException.TooManyClients} where the last of them had no room for it.
     * Cancelling the future ends that.
     */
    public CompletionStage<Session> open(SessionSettings settings) {
        long number = SESSIONS.incrementAndGet();
        // Not all sessions of an application at the same node, nor those of different applications.
        SessionMemory memory =
                new SessionMemory(settings, contactPoints, (int) entropy.nextLong(), new Validity(clock));
        ActorRef<SessionProtocol.Command> actor =
                system.systemActorOf(SessionActor.create(memory, nodes), "troupe-session-" + number, Props.empty());
        Session session = new Session(memory, actor, settings.deadline());
        CompletableFuture<Session> opened = new CompletableFuture<>();
        CompletionStage<SessionMemory> answered = memory.opened();
        answered.whenComplete((given, failure) -> {
            if (failure == null) {
                opened.complete(session);
            } else {
                opened.completeExceptionally(failure);
            }
        });
        var alarm = system.scheduler()
                .scheduleOnce(
                        settings.deadline(),
                        () -> opened.completeExceptionally(inVain(memory)),
                        system.executionContext());
        CompletionStage<Session> outcome = opened;
        outcome.whenComplete((given, failure) -> {
            alarm.cancel();
            if (failure != null) {
                session.close();
            }
        });
        return opened;
    }

    private CoordinatorException inVain(SessionMemory memory) {
        String what = "opening a session at " + contactPoints;
        String crowded = memory.crowded();
        return crowded == null
                ? new CoordinatorException.DeadlineExceeded(what)
                : new CoordinatorException.TooManyClients(what, crowded);
    }

    /** How the node at this place is; fails when it does not answer in time. */
    public CompletionStage<Health> health(String contactPoint, Duration deadline) {
        check(contactPoint);
        return AskPattern.ask(nodes.at(contactPoint), Coordinator.AskHealth::new, deadline, system.scheduler());
    }

    /** The places that this client was given. */
    public List<String> contactPoints() {
        return contactPoints;
    }
}
