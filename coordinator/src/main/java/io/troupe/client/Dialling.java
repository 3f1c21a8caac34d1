package io.troupe.client;

import akka.actor.typed.ActorRef;
import io.troupe.client.protocol.Coordinator;
import io.troupe.client.protocol.Coordinator.Open;
import io.troupe.client.protocol.Coordinator.Opened;
import io.troupe.client.protocol.Coordinator.Refusal;
import io.troupe.client.protocol.Coordinator.Refused;
import io.troupe.client.protocol.Coordinator.ToClient;
import io.troupe.client.protocol.Coordinator.ToNode;
import io.troupe.request.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks nodes for a session, one after the other. The session's actor only. */
final class Dialling {
    private final SessionMemory memory;
    private final NodeFinder nodes;
    private final ActorRef<ToClient> client;
    private final Rounds rounds;
    private @Nullable ActorRef<ToNode> node;
    private long attempt;
    private long askedAt;

    /**
     * @param client where answers go
     */
    Dialling(SessionMemory memory, NodeFinder nodes, ActorRef<ToClient> client) {
        this.memory = memory;
        this.nodes = nodes;
        this.client = client;
        this.rounds = new Rounds(memory.settings());
    }

    /** Asks the next node; how long to wait for it. */
    Duration dial() {
        attempt = memory.nextAttempt();
        ActorRef<ToNode> next = nodes.at(memory.nextContact());
        node = next;
        askedAt = memory.validity().now();
        next.tell(new Open(
                Coordinator.VERSION,
                client,
                attempt,
                memory.id(),
                memory.password(),
                (int) memory.settings().timeout().toMillis(),
                memory.position().seen(),
                memory.proofs()));
        return rounds.ask();
    }

    /** Whether this is how the latest question, and the connection that comes of it, is called. */
    boolean isLatest(long number) {
        return number == attempt;
    }

    /** It was in vain: how long to wait before the next question, empty for not at all. */
    Optional<Duration> pause() {
        return rounds.pause(memory.contactCount());
    }

    /** The node that was asked last has given the session; empty where that took so long that it may be over again. */
    Optional<Link> opened(Opened opened) {
        ActorRef<ToNode> asked = node;
        if (asked == null) {
            return Optional.empty();
        }
        rounds.found();
        memory.given(opened.sessionId(), opened.password(), opened.timeoutMillis());
        memory.learn(opened.nodes());
        memory.validity().renew(askedAt, opened.timeoutMillis());
        Link link = new Link(asked, opened, memory.settings().silence());
        if (memory.validity().isOver()) {
            link.giveUp();
            return Optional.empty();
        }
        return Optional.of(link);
    }

    /** Why there is no session, and will not be at another node; empty where another may give it. */
    Optional<CoordinatorException> end(Refused refused) {
        memory.crowded(refused.reason() == Refusal.TOO_MANY ? refused.text() : null);
        return switch (refused.reason()) {
            case NOT_SERVING, CLIENT_AHEAD, TOO_MANY -> Optional.empty();
            case EXPIRED -> Optional.of(new CoordinatorException.SessionExpired(memory.id()));
            case AUTH_FAILED ->
                Optional.of(CoordinatorException.of(
                        ErrorCode.AUTH_FAILED.code(), "opening a session with " + refused.text()));
            case VERSION ->
                Optional.of(new CoordinatorException.SessionClosed(
                        "the session could not be opened: " + refused.text() + ", this client " + Coordinator.VERSION));
        };
    }
}
