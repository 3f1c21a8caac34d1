package io.troupe.node;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.SelfRemoved;
import akka.cluster.typed.Subscribe;
import akka.remote.artery.ThisActorSystemQuarantinedEvent;
import akka.remote.artery.tcp.SSLEngineProvider;
import akka.remote.artery.tcp.SSLEngineProviderSetup;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.actorport.ActorPortSettings;
import io.troupe.edge.Audit;
import io.troupe.edge.Frontend;
import io.troupe.election.ElectionSettings;
import io.troupe.env.NewerFormatException;
import io.troupe.env.system.SocketPeerProbe;
import io.troupe.env.system.SystemClock;
import io.troupe.env.system.SystemDisk;
import io.troupe.env.system.SystemEntropy;
import io.troupe.membership.AkkaClusterMember;
import io.troupe.membership.ClusterMember;
import io.troupe.metrics.Metrics;
import io.troupe.node.ExitReason.Kind;
import io.troupe.node.NodeProtocol.Command;
import io.troupe.overview.Overview;
import io.troupe.tree.PreloadedTree;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node in this process: owns its data directory and its actor system, and replaces the latter when Akka has cut it off
 * from its peers, which nothing else heals.
 */
public final class NodeRunner {
    /** The name of every node's actor system. */
    public static final String SYSTEM = "troupe";

    private static final Logger LOG = LoggerFactory.getLogger(NodeRunner.class);
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final Duration HAND_OVER = Duration.ofSeconds(1);

    /** Remoting keeps direct buffers, of the greatest message each, up to this many bytes in all. */
    private static final int POOLED_BYTES = 32 << 20;

    /** A node that hears of nobody starts again ever more rarely, at last this often. */
    private static final Duration RAREST = Duration.ofMinutes(5);

    private final NodeSettings settings;
    private final Config config;
    private final SystemDisk disk;
    private final PreloadedTree preloaded;
    private final SocketPeerProbe probe;
    private final Optional<ActorPortSettings> actorPort;
    private final Interposer interposer;
    private final Optional<SSLEngineProvider> peerTls;
    private final Audit audit;
    private final SystemClock clock = new SystemClock();
    private final Metrics metrics = new Metrics();
    private final Overview overview = new Overview(clock);
    private final CompletableFuture<Frontend> frontend = new CompletableFuture<>();
    private final CompletableFuture<ExitReason> terminated = new CompletableFuture<>();
    private ActorSystem<Command> system;
    private @Nullable LastingFrontend lasting;
    private boolean stopping;
    /** How often in a row the node has started again because it heard of nobody. */
    private final AtomicInteger unheard = new AtomicInteger();

    private NodeRunner(
            NodeSettings settings,
            Config config,
            Optional<ActorPortSettings> actorPort,
            Optional<SSLEngineProvider> peerTls,
            Audit audit,
            Interposer interposer,
            SystemDisk disk,
            SocketPeerProbe probe) {
        this.actorPort = actorPort;
        this.peerTls = peerTls;
        this.audit = audit;
        this.interposer = interposer;
        this.settings = settings;
        this.config = config;
        this.disk = disk;
        // First of all: it takes as long as the rest of the start.
        this.preloaded = PreloadedTree.begin(disk);
        this.probe = probe;
        this.system = createSystem(0, false);
    }

    private ActorSystem<Command> createSystem(long leastIncarnation, boolean idTaken) {
        Incarnation incarnation = new Incarnation();
        ActorSystem<Command> created = ActorSystem.create(
                Behaviors.setup(context -> {
                    tellWhenCutOff(context);
                    return Enlistment.create(
                            settings.with(patience(settings.election(), unheard.get())),
                            new NodeEnvironment(
                                    interposer.clock(clock),
                                    new SystemEntropy(),
                                    disk,
                                    interposer.transport(new ArteryTransport(context.getSystem())),
                                    interposer.probe(probe),
                                    leastIncarnation,
                                    metrics,
                                    Optional.of(overview),
                                    Optional.of(member(context)),
                                    actorPort,
                                    preloaded,
                                    audit),
                            incarnation,
                            idTaken);
                }),
                SYSTEM,
                systemSetup());
        created.getWhenTerminated().whenComplete((done, failure) -> onTerminated(incarnation));
        return created;
    }

    private ActorSystemSetup systemSetup() {
        Config akka = akkaConfig(settings, config);
        if (peerTls.isEmpty()) {
            return ActorSystemSetup.create(BootstrapSetup.create(akka));
        }
        SSLEngineProvider engines = peerTls.get();
        return ActorSystemSetup.create(
                BootstrapSetup.create(ConfigFactory.parseMap(Map.of("akka.remote.artery.transport", "tls-tcp"))
                        .withFallback(akka)),
                SSLEngineProviderSetup.create(unused -> engines));
    }

    /** Starting again helped nobody so far: what is wrong is elsewhere. Each time twice as long. */
    static ElectionSettings patience(ElectionSettings configured, int unheard) {
        Duration longest = RAREST.compareTo(configured.isolatedAfter()) > 0 ? RAREST : configured.isolatedAfter();
        Duration doubled = configured.isolatedAfter().multipliedBy(1L << Math.min(unheard, 16));
        return configured.isolatedAfter(doubled.compareTo(longest) > 0 ? longest : doubled);
    }

    private ClusterMember member(ActorContext<Command> context) {
        ClusterMember member = new AkkaClusterMember(context.getSystem());
        metrics.gauge("troupe_cluster_members", () -> member.members().size());
        return member;
    }

    /** Remoting tells of a quarantine, and Akka's cluster of a removal; after either the peers hear nothing of us. */
    private static void tellWhenCutOff(ActorContext<Command> context) {
        context.getSystem()
                .eventStream()
                .tell(new EventStream.Subscribe<>(
                        ThisActorSystemQuarantinedEvent.class,
                        context.messageAdapter(
                                ThisActorSystemQuarantinedEvent.class,
                                event -> new NodeProtocol.StartAgain("a peer has quarantined it: " + event, 0))));
        Cluster.get(context.getSystem())
                .subscriptions()
                .tell(Subscribe.create(
                        context.messageAdapter(
                                SelfRemoved.class,
                                event -> new NodeProtocol.StartAgain("it was removed from Akka's cluster", 0)),
                        SelfRemoved.class));
    }

    /** What the actors of one actor system have said of themselves. */
    private final class Incarnation implements NodeGuardian.Listener {
        private volatile @Nullable ExitReason reason;
        private volatile long leastIncarnation;
        private volatile boolean startsAgain;
        private volatile boolean idTaken;

        @Override
        public void onFrontend(Frontend ready) {
            synchronized (NodeRunner.this) {
                if (lasting == null) {
                    lasting = new LastingFrontend(ready);
                } else {
                    lasting.arrived(ready);
                }
                frontend.complete(lasting);
            }
        }

        @Override
        public void onExit(ExitReason why) {
            reason = why;
        }

        @Override
        public void onUnheard() {
            unheard.incrementAndGet();
        }

        @Override
        public void onHeard() {
            unheard.set(0);
        }

        @Override
        public void onIdTaken() {
            idTaken = true;
        }

        @Override
        public void onStartAgain(String cause, long least) {
            LOG.warn("The node starts again within its process: {}", cause);
            leastIncarnation = least;
            startsAgain = true;
        }
    }

    /**
     * Starts a node without clients that are actor systems.
     *
     * @throws NodeStartException when the data directory or the peer port cannot be used
     */
    public static NodeRunner start(NodeSettings settings, Config config) throws NodeStartException {
        return start(settings, config, Optional.empty(), Optional.empty(), Audit.NONE, Interposer.NONE);
    }

    /**
     * Starts a node.
     *
     * @param settings what to run
     * @param config what the settings were read from; Akka's own settings in it win over ours
     * @param actorPort what actor systems may do that are clients; empty where they may not
     * @param peerTls makes the ends of the connections with other nodes; empty where they are not encrypted
     * @param audit what keeps book of what the node does by itself
     * @param interposer what stands between the node and its machine
     * @throws NodeStartException when the data directory or the peer port cannot be used
     */
    public static NodeRunner start(
            NodeSettings settings,
            Config config,
            Optional<ActorPortSettings> actorPort,
            Optional<SSLEngineProvider> peerTls,
            Audit audit,
            Interposer interposer)
            throws NodeStartException {
        SystemDisk disk;
        SocketPeerProbe probe;
        try {
            disk = SystemDisk.open(Path.of(settings.dataDir()));
            probe = new SocketPeerProbe();
        } catch (SystemDisk.DiskInUseException e) {
            throw new NodeStartException(new ExitReason(Kind.DATA_DIRECTORY_IN_USE, message(e)), e);
        } catch (IOException e) {
            throw new NodeStartException(new ExitReason(Kind.DATA_DIRECTORY_UNUSABLE, message(e)), e);
        }
        try {
            return new NodeRunner(settings, config, actorPort, peerTls, audit, interposer, disk, probe);
        } catch (RuntimeException e) {
            probe.close();
            closeQuietly(disk);
            throw new NodeStartException(whyNotStarted(settings, e), e);
        }
    }

    private static ExitReason whyNotStarted(NodeSettings settings, RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    || cause.getClass().getSimpleName().contains("RemoteTransportException")) {
                return new ExitReason(
                        Kind.PORT_IN_USE,
                        "peer port " + settings.bindHost() + ":" + settings.peerPort() + " cannot be bound ("
                                + cause.getMessage() + "); stop what uses it or change troupe.peer-port");
            }
        }
        return new ExitReason(Kind.FAILED, "the node could not be started: " + failure);
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static Config akkaConfig(NodeSettings settings, Config config) {
        Config derived = ConfigFactory.parseMap(Map.of(
                "akka.remote.artery.canonical.hostname", settings.host(),
                "akka.remote.artery.canonical.port", settings.peerPort(),
                "akka.remote.artery.bind.hostname", settings.bindHost(),
                "akka.remote.artery.bind.port", settings.peerPort(),
                // Akka joins a non-empty list by itself; ours is read by the node.
                "akka.cluster.seed-nodes", java.util.List.of()));
        Config frames = ConfigFactory.parseMap(Map.of(
                "akka.remote.artery.advanced.maximum-frame-size", settings.maxMessageBytes(),
                "akka.remote.artery.advanced.buffer-pool-size",
                        Math.max(1, POOLED_BYTES / settings.maxMessageBytes())));
        return derived.withFallback(config.withoutPath("akka.cluster.seed-nodes"))
                .withFallback(frames)
                .withFallback(ConfigFactory.parseResources("troupe-akka.conf"))
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    private static void closeQuietly(SystemDisk disk) {
        try {
            disk.close();
        } catch (IOException e) {
            // The process ends anyway, and the lock with it.
            LOG.debug("closing the data directory: {}", e.toString());
        }
    }

    private void onTerminated(Incarnation incarnation) {
        if (incarnation.startsAgain) {
            // Not here: this thread belongs to the actor system that has just ended.
            new Thread(() -> startAgain(incarnation), "troupe-start").start();
        } else {
            ExitReason why = incarnation.reason;
            end(why != null ? why : new ExitReason(Kind.FAILED, "the actor system ended unexpectedly"));
        }
    }

    private synchronized void startAgain(Incarnation before) {
        if (lasting != null) {
            lasting.gone();
        }
        if (stopping) {
            end(new ExitReason(Kind.STOPPED, "asked to stop"));
            return;
        }
        try {
            disk.closeFiles();
            system = createSystem(before.leastIncarnation, before.idTaken);
        } catch (IOException e) {
            end(new ExitReason(Kind.DATA_DIRECTORY_UNUSABLE, message(e)));
        } catch (RuntimeException e) {
            end(whyNotStarted(settings, e));
        }
    }

    private void end(ExitReason why) {
        probe.close();
        clock.close();
        closeQuietly(disk);
        frontend.completeExceptionally(new NodeStartException(why, null));
        terminated.complete(why);
    }

    /** Completes once the node can be handed clients: it belongs to an ensemble and its tree is loaded. */
    public CompletionStage<Frontend> frontend() {
        return frontend;
    }

    /** What the node counts and measures, from its start to its end, however often its actors start again. */
    public Metrics metrics() {
        return metrics;
    }

    /** What the node knows for those who look on. */
    public Overview overview() {
        return overview;
    }

    /** Completes when the node has ended, for whatever reason. */
    public CompletionStage<ExitReason> terminated() {
        return terminated;
    }

    /**
     * Has another node lead, if this one does and others can, and waits until it does and this node follows it, for up to a second.
     * Everybody's clients go on after some milliseconds then, without anybody having to notice that this node is gone. {@link
     * #stop} is to follow.
     */
    public void handOver() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        current().tell(new NodeProtocol.HandOver(() -> done.complete(null)));
        try {
            done.get(HAND_OVER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "This node stops without having handed over its part: what it proposed has not committed in time, or nobody else leads yet");
        }
    }

    /** Asks the node to stop and waits, for a few seconds, until it has. */
    public void stop() {
        askToStop();
        try {
            terminated.get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            current().terminate();
        }
    }

    private synchronized void askToStop() {
        stopping = true;
        system.tell(new NodeProtocol.Stop());
    }

    synchronized ActorSystem<Command> current() {
        return system;
    }

    /** As an operator or another program of this process would: has the node start again. */
    void startAgain(String cause) {
        current().tell(new NodeProtocol.StartAgain(cause, 0));
    }

    /** What makes {@link NewerFormatException} and its like an exit reason of their own. */
    static ExitReason reasonOf(Throwable failure, String what) {
        return failure instanceof NewerFormatException
                ? new ExitReason(Kind.NEWER_DATA_FORMAT, message(failure))
                : failure instanceof IOException
                        ? new ExitReason(Kind.DATA_DIRECTORY_UNUSABLE, message(failure))
                        : new ExitReason(Kind.FAILED, what + " failed: " + failure);
    }
}
