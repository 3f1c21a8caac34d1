package io.troupe.app.clientport.auth;

import io.troupe.actorport.Identification;
import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Clients that are actor systems prove who they are as those of the client port do, except by certificates. Thread-safe. */
public final class ActorIdentification implements Identification {
    /** Any address; nobody has an access list for it. */
    private static final InetAddress UNKNOWN = new InetSocketAddress(0).getAddress();

    private final Authenticators authenticators;
    private final AclSyntax aclSyntax;
    private final ExecutorService saslThreads = SaslThreads.named("actor-port-sasl");

    public ActorIdentification(Authenticators authenticators) {
        this.authenticators = authenticators;
        this.aclSyntax = authenticators.aclSyntax();
    }

    private static SaslStep step(AuthReply reply) {
        if (reply instanceof AuthReply.Accepted accepted) {
            return new SaslStep.Accepted(accepted.token());
        } else if (reply instanceof AuthReply.Refused refused) {
            return new SaslStep.Refused(refused.error(), refused.reason());
        }
        return new SaslStep.Refused(ErrorCode.AUTH_FAILED, ((AuthReply.Cut) reply).reason());
    }

    @Override
    public Client of(@Nullable InetAddress address) {
        Authentication authentication = authenticators.of(address == null ? UNKNOWN : address);
        return new Client() {
            @Override
            public List<Identity> identities() {
                return authentication.identities();
            }

            @Override
            public boolean prove(String scheme, byte[] data) {
                return authentication.packet(scheme, data) instanceof AuthReply.Accepted;
            }

            @Override
            public void sasl(byte[] token, Executor own, Consumer<SaslStep> answer) {
                authentication.sasl(token, saslThreads, own, reply -> answer.accept(step(reply)));
            }

            @Override
            public boolean suffices() {
                return authentication.suffices();
            }

            @Override
            public List<Acl> resolve(List<Acl> requested) {
                return aclSyntax.resolve(requested, authentication.identities());
            }

            @Override
            public List<Identity> shown(List<Identity> held) {
                return authentication.shown(held);
            }
        };
    }
}
