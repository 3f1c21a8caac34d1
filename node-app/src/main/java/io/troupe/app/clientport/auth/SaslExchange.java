package io.troupe.app.clientport.auth;

import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;

/** The server's side of one client's SASL exchange. One thread at a time; a step may block, on name services for one. */
final class SaslExchange {
    private final @Nullable Subject subject;
    private final SaslServer server;

    /**
     * What a token led to.
     *
     * @param token for the client; null for none
     * @param provenId whom the client has proven to be; null while the exchange goes on
     */
    record Step(byte @Nullable [] token, @Nullable String provenId) {}

    /** Creates the server's side in the name of {@code subject}, if there is one. */
    SaslExchange(@Nullable Subject subject, PrivilegedExceptionAction<SaslServer> creation) throws SaslException {
        this.subject = subject;
        this.server = inName(subject, creation);
    }

    /** Takes the client's next token. After a failure, as after the end, every further one fails. */
    Step step(byte[] token) throws SaslException {
        byte[] answer = inName(subject, () -> server.evaluateResponse(token));
        return new Step(answer, server.isComplete() ? server.getAuthorizationID() : null);
    }

    private static <T> T inName(@Nullable Subject subject, PrivilegedExceptionAction<T> action) throws SaslException {
        try {
            return subject == null ? action.run() : Subject.doAs(subject, action);
        } catch (PrivilegedActionException e) {
            throw failure(e.getException());
        } catch (Exception e) {
            // A mechanism may meet bytes it does not expect with any exception.
            throw failure(e);
        }
    }

    private static SaslException failure(Exception cause) {
        return cause instanceof SaslException known ? known : new SaslException(cause.toString(), cause);
    }
}
