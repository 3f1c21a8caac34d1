package io.troupe.akka;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of an actor system's leases and lookups: one for all that want the same ensemble and timeout, another once it is over. They are
 * never closed: what is held ends by its release, or with the session's timeout after the process, but not while something may still go
 * on in an actor system that ends. Thread-safe.
 */
final class SharedSessions implements Extension {
    private static final Logger LOG = LoggerFactory.getLogger(SharedSessions.class);
    private static final Id ID = new Id();

    /** When the network falls apart, the session must be at a node within reach before a decision is made that asks for a lease. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final ConcurrentHashMap<Kind, CompletableFuture<Session>> sessions = new ConcurrentHashMap<>();
    private volatile Function<List<String>, CoordinatorClient> clients;

    private SharedSessions(ActorSystem<?> system) {
        this.clients = contactPoints -> CoordinatorClient.create(system, contactPoints);
    }

    /** Has ensembles found another way from now on, as in a simulation. */
    void reachBy(Function<List<String>, CoordinatorClient> other) {
        clients = other;
    }

    /**
     * What is to be shared.
     *
     * @param contactPoints {@code host:port} of peer ports
     * @param timeout how long the ensemble keeps it without hearing of this process
     */
    record Kind(List<String> contactPoints, Duration timeout) {}

    private static final class Id extends ExtensionId<SharedSessions> {
        @Override
        public SharedSessions createExtension(ActorSystem<?> system) {
            return new SharedSessions(system);
        }
    }

    static SharedSessions of(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /**
     * The session that is there or being opened, or a new one where that is over. Fails when no node gives one in time; the next call tries
     * again.
     *
     * @throws IllegalArgumentException when the contact points are none, or the actor system has no remoting
     */
    CompletionStage<Session> session(Kind kind) {
        return sessions.compute(kind, (same, now) -> now == null || isOver(now) ? open(kind) : now);
    }

    private static boolean isOver(CompletableFuture<Session> opened) {
        return opened.isDone()
                && (opened.isCompletedExceptionally() || opened.join().state().isFinal());
    }

    private CompletableFuture<Session> open(Kind kind) {
        if (kind.contactPoints().isEmpty()) {
            throw new IllegalArgumentException(
                    "contact-points is empty; set troupe.lease.contact-points, or that of the"
                            + " lease's or the discovery's own configuration, to host:port of the peer ports of some nodes");
        }
        CompletionStage<Session> opened = clients.apply(kind.contactPoints())
                .open(SessionSettings.DEFAULT.withTimeout(kind.timeout()).withSilence(SILENCE));
        return opened.whenComplete((session, failure) -> {
                    if (failure != null) {
                        LOG.warn("no session at {}: {}", kind.contactPoints(), failure.getMessage());
                    } else if (session.timeout().compareTo(kind.timeout()) < 0) {
                        LOG.warn(
                                "the nodes grant a session of {}, not {}, so leases are free for others that soon after"
                                        + " their owner's death; raise the nodes' troupe.max-session-timeout",
                                session.timeout(),
                                kind.timeout());
                    }
                })
                .toCompletableFuture();
    }
}
