package io.troupe.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.edge.Frontend;
import io.troupe.env.system.SocketPeerProbe;
import io.troupe.env.system.SystemClock;
import io.troupe.env.system.SystemDisk;
import io.troupe.env.system.SystemEntropy;
import io.troupe.log.segment.NewerFormatException;
import io.troupe.node.ExitReason.Kind;
import io.troupe.node.NodeProtocol.Command;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One node in this process: owns its data directory and its actor system. */
public final class NodeRunner {
    /** The name of every node's actor system. */
    public static final String SYSTEM = "troupe";

    private static final Duration STOP = Duration.ofSeconds(10);

    private final SystemDisk disk;
    private final SocketPeerProbe probe;
    private final CompletableFuture<Frontend> frontend = new CompletableFuture<>();
    private final CompletableFuture<ExitReason> terminated = new CompletableFuture<>();
    private final ActorSystem<Command> system;
    private @Nullable ExitReason reason;

    private NodeRunner(NodeSettings settings, Config config, SystemDisk disk, SocketPeerProbe probe) {
        this.disk = disk;
        this.probe = probe;
        NodeGuardian.Listener listener = new NodeGuardian.Listener() {
            @Override
            public void onFrontend(Frontend ready) {
                frontend.complete(ready);
            }

            @Override
            public void onExit(ExitReason why) {
                reason = why;
            }
        };
        this.system = ActorSystem.create(
                Behaviors.setup(context -> NodeGuardian.create(
                        settings,
                        new NodeEnvironment(
                                new SystemClock(),
                                new SystemEntropy(),
                                disk,
                                new ArteryTransport(context.getSystem()),
                                probe),
                        listener)),
                SYSTEM,
                akkaConfig(settings, config));
        system.getWhenTerminated().whenComplete((done, failure) -> onTerminated());
    }

    /**
     * Starts a node.
     *
     * @param settings what to run
     * @param config what the settings were read from; Akka's own settings in it win over ours
     * @throws NodeStartException when the data directory or the peer port cannot be used
     */
    public static NodeRunner start(NodeSettings settings, Config config) throws NodeStartException {
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
            return new NodeRunner(settings, config, disk, probe);
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
        return derived.withFallback(config.withoutPath("akka.cluster.seed-nodes"))
                .withFallback(ConfigFactory.parseResources("troupe-akka.conf"))
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    private static void closeQuietly(SystemDisk disk) {
        try {
            disk.close();
        } catch (IOException e) {
            // The process ends anyway, and the lock with it.
            org.slf4j.LoggerFactory.getLogger(NodeRunner.class).debug("closing the data directory: {}", e.toString());
        }
    }

    private void onTerminated() {
        probe.close();
        closeQuietly(disk);
        ExitReason why = reason != null ? reason : new ExitReason(Kind.FAILED, "the actor system ended unexpectedly");
        frontend.completeExceptionally(new NodeStartException(why, null));
        terminated.complete(why);
    }

    /** Completes once the node can be handed clients: it belongs to an ensemble and its tree is loaded. */
    public CompletionStage<Frontend> frontend() {
        return frontend;
    }

    /** Completes when the node has ended, for whatever reason. */
    public CompletionStage<ExitReason> terminated() {
        return terminated;
    }

    /** Asks the node to stop and waits, for a few seconds, until it has. */
    public void stop() {
        system.tell(new NodeProtocol.Stop());
        try {
            terminated.get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            system.terminate();
        }
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
