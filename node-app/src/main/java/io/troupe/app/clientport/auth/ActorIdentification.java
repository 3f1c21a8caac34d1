package io.troupe.app.clientport.auth;

import io.troupe.actorport.Identification;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clients that are actor systems prove who they are as those of the client port do, except by SASL and certificates. Thread-safe. */
public final class ActorIdentification implements Identification {
    /** Any address; nobody has an access list for it. */
    private static final InetAddress UNKNOWN = new InetSocketAddress(0).getAddress();

    private final Authenticators authenticators;
    private final AclSyntax aclSyntax;

    public ActorIdentification(Authenticators authenticators) {
        this.authenticators = authenticators;
        this.aclSyntax = authenticators.aclSyntax();
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
