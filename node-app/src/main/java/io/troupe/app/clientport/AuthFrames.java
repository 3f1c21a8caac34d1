package io.troupe.app.clientport;

import io.troupe.app.clientport.auth.AuthReply;
import io.troupe.app.clientport.auth.Authentication;
import io.troupe.app.clientport.auth.EnsembleProvider;
import io.troupe.app.clientport.jute.ClientFrame;
import io.troupe.app.clientport.jute.ServerFrame;
import io.troupe.request.ErrorCode;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The frames by which a client proves who it is, and those that answer them: at once, ahead of requests that still wait
 * (contract 1.8). One event loop only.
 */
final class AuthFrames {
    private final PortContext context;
    private final Authentication authentication;
    private final Executor eventLoop;
    private final Connection connection;

    /** What comes of a proof. */
    interface Connection {
        /** Whether the client still waits for answers. */
        boolean isOpen();

        /** The client goes on, with what it has proven. */
        void proven(ServerFrame answer);

        /** The client is told that it failed, and its connection is closed. */
        void refuse(ServerFrame answer, String reason);

        /** The connection is closed without a word. */
        void drop(String reason);

        /** Frames that arrived while a step was under way may be taken. */
        void resume();
    }

    AuthFrames(PortContext context, Authentication authentication, Executor eventLoop, Connection connection) {
        this.context = context;
        this.authentication = authentication;
        this.eventLoop = eventLoop;
        this.connection = connection;
    }

    /** Whether a frame is one of these. */
    static boolean isOne(ClientFrame frame) {
        return frame.body() instanceof ClientFrame.Authenticate
                || frame.body() instanceof ClientFrame.Sasl
                || frame.body() instanceof ClientFrame.BrokenAuthentication;
    }

    /** Takes a frame that is one of these. */
    void take(ClientFrame frame) {
        if (frame.body() instanceof ClientFrame.Authenticate packet) {
            AuthReply reply = authentication.packet(packet.scheme(), packet.data());
            if (EnsembleProvider.SCHEME.equals(packet.scheme())) {
                countEnsemble(packet, reply);
            }
            answer(frame.xid(), reply, false);
        } else if (frame.body() instanceof ClientFrame.Sasl step) {
            authentication.sasl(step.token(), context.saslThreads(), eventLoop, reply -> {
                if (connection.isOpen()) {
                    answer(frame.xid(), reply, true);
                    // Not now: without SASL this is in the middle of decoding.
                    eventLoop.execute(connection::resume);
                }
            });
        } else if (frame.body() instanceof ClientFrame.BrokenAuthentication) {
            connection.drop("sent an auth packet that cannot be read");
        }
    }

    private void countEnsemble(ClientFrame.Authenticate packet, AuthReply reply) {
        if (reply instanceof AuthReply.Cut) {
            context.statistics().wrongEnsemble();
        } else if (reply instanceof AuthReply.Accepted) {
            byte[] name = packet.data();
            boolean compared = name != null
                    && name.length > 0
                    && context.settings().authenticators().knowsEnsemble();
            context.statistics().rightEnsemble(compared);
        }
    }

    /**
     * TLS has come into force.
     *
     * @param shown the verified chain of the client's certificate, empty where it has shown none
     */
    void secured(List<X509Certificate> shown, InetSocketAddress from, InetSocketAddress to) {
        if (shown.isEmpty()) {
            context.statistics().cameWithoutCertificate(from, to);
        } else if (authentication.certificates(shown) instanceof AuthReply.Refused refused) {
            context.statistics().authenticationFailed();
            connection.drop(refused.reason());
        }
    }

    private void answer(int xid, AuthReply reply, boolean sasl) {
        if (reply instanceof AuthReply.Accepted accepted) {
            connection.proven(
                    sasl
                            ? new ServerFrame.SaslToken(xid, ErrorCode.OK.code(), accepted.token())
                            : new ServerFrame.Header(xid, 0, ErrorCode.OK.code()));
            return;
        }
        context.statistics().authenticationFailed();
        if (reply instanceof AuthReply.Refused refused) {
            int error = refused.error().code();
            connection.refuse(
                    sasl ? new ServerFrame.SaslToken(xid, error, null) : new ServerFrame.Header(xid, 0, error),
                    refused.reason());
        } else if (reply instanceof AuthReply.Cut cut) {
            connection.drop(cut.reason());
        }
    }
}
