package io.troupe.akka;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Adapter;
import akka.coordination.lease.LeaseSettings;
import akka.coordination.lease.javadsl.Lease;
import com.typesafe.config.Config;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lease of Akka's at an ensemble: {@code troupe.lease} of the configuration, made by Akka where its split brain resolver, a singleton or
 * sharding is told to use that. One ephemeral znode each, in a session that all leases of an actor system share. Thread-safe.
 *
 * <p>Who holds it, holds it until he releases it, or until his session is over; others are told {@code false} meanwhile, also the same owner
 * after a restart. The callback is told of its loss when half of {@code heartbeat-timeout} has passed since a node was last heard of, at the
 * latest, and others can have it after the whole; a change of node alone does not lose it. After that it still keeps others out if the
 * session lives on, until it is acquired again or released.
 */
public final class TroupeLease extends Lease {
    private static final String DEFAULTS = "troupe.lease";
    private static final AtomicLong ACTORS = new AtomicLong();

    private final LeaseSettings settings;
    private final AtomicReference<@Nullable Holding> holding = new AtomicReference<>();
    private final ActorRef<LeaseProtocol.Command> actor;

    /**
     * Called by Akka.
     *
     * @throws IllegalArgumentException when something is wrong with its configuration
     */
    public TroupeLease(LeaseSettings settings, ExtendedActorSystem system) {
        this.settings = settings;
        Config config =
                settings.leaseConfig().withFallback(system.settings().config().getConfig(DEFAULTS));
        LeaseZnode znode = LeaseZnode.of(config.getString("path"), settings.leaseName(), settings.ownerName());
        SharedSessions.Kind kind = new SharedSessions.Kind(
                config.getStringList("contact-points"),
                settings.timeoutSettings().getHeartbeatTimeout());
        ActorSystem<?> typed = Adapter.toTyped(system);
        SharedSessions sessions = SharedSessions.of(typed);
        // At once, so that it is there when a decision hangs on it.
        sessions.session(kind);
        this.actor = typed.systemActorOf(
                LeaseActor.create(
                        () -> sessions.session(kind),
                        znode,
                        settings.timeoutSettings().getOperationTimeout(),
                        holding),
                "troupe-akka-lease-" + ACTORS.incrementAndGet(),
                Props.empty());
    }

    @Override
    public LeaseSettings getSettings() {
        return settings;
    }

    @Override
    public CompletionStage<Boolean> acquire() {
        return acquire(new LeaseProtocol.Acquire(new CompletableFuture<>(), null));
    }

    @Override
    public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> leaseLostCallback) {
        return acquire(new LeaseProtocol.Acquire(new CompletableFuture<>(), leaseLostCallback));
    }

    private CompletionStage<Boolean> acquire(LeaseProtocol.Acquire request) {
        actor.tell(request);
        return request.answer();
    }

    @Override
    public CompletionStage<Boolean> release() {
        LeaseProtocol.Release request = new LeaseProtocol.Release(new CompletableFuture<>());
        actor.tell(request);
        return request.answer();
    }

    /** Whether nobody else can hold it at this moment; asks nobody. */
    @Override
    public boolean checkLease() {
        Holding now = holding.get();
        return now != null && now.isCertain();
    }

    /**
     * A fencing token, while it is held: greater than that of everybody who held it before. What the lease protects refuses those below the
     * greatest it has seen, so that late requests of a paused holder do no harm.
     */
    public OptionalLong token() {
        Holding now = holding.get();
        return now == null ? OptionalLong.empty() : OptionalLong.of(now.token());
    }
}
