package io.troupe.client;

import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.ActorContext;
import io.troupe.client.protocol.Answer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/** Logging in by SASL at one node. The session's actor only; what may block is done by other threads, one step after the other. */
final class Login {
    private static final byte[] NOTHING = {};

    private final SaslLogin how;
    private final Executor threads;
    private final Consumer<Step> told;
    private volatile @Nullable SaslClient client;

    /**
     * What a step came to.
     *
     * @param token for the node, null where the owner has logged in
     * @param failure null for none
     */
    record Step(Login of, byte @Nullable [] token, @Nullable String failure) {
        /** Spelled out, because Java 17 loses what annotates the parameters of the short form. */
        Step(Login of, byte @Nullable [] token, @Nullable String failure) {
            this.of = of;
            this.token = token;
            this.failure = failure;
        }
    }

    private Login(SaslLogin how, Executor threads, Consumer<Step> told) {
        this.how = how;
        this.threads = threads;
        this.told = told;
    }

    /** Begins; the actor is told what each step comes to. */
    static Login begin(SaslLogin how, ActorContext<SessionProtocol.Command> context) {
        ActorRef<SessionProtocol.Command> self = context.getSelf();
        Login login = new Login(
                how,
                context.getSystem().dispatchers().lookup(DispatcherSelector.blocking()),
                step -> self.tell(new SessionProtocol.LoggingIn(step)));
        login.begin();
        return login;
    }

    /** The first word, which is empty where it is the node's to begin. */
    private void begin() {
        threads.execute(() -> told.accept(step(() -> {
            SaslClient begun = how.begin();
            client = begun;
            return begun.hasInitialResponse() ? begun.evaluateChallenge(NOTHING) : NOTHING;
        })));
    }

    /** What it is that the node has answered; empty where another step is to be taken first. */
    Optional<Step> answered(Answer answer) {
        SaslClient begun = client;
        byte[] token = answer instanceof Answer.SaslToken given ? given.token() : null;
        if (begun == null || token == null) {
            boolean complete = begun != null && begun.isComplete();
            return Optional.of(
                    new Step(this, null, complete ? null : "the node has no SASL, or has let the client in as nobody"));
        }
        threads.execute(() -> told.accept(step(() -> begun.evaluateChallenge(token))));
        return Optional.empty();
    }

    private interface Work {
        byte @Nullable [] token() throws SaslException;
    }

    private Step step(Work work) {
        try {
            byte[] token = work.token();
            SaslClient begun = client;
            boolean complete = begun != null && begun.isComplete();
            return new Step(this, token, token == null && !complete ? "the mechanism has no answer to the node" : null);
        } catch (SaslException | RuntimeException e) {
            return new Step(this, null, String.valueOf(e.getMessage()));
        }
    }
}
