package io.troupe.app.clientport.auth;

import io.troupe.request.Identity;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way for clients to prove who they are (contract 4.4). An implementation of one's own needs a public constructor without
 * parameters, a place on the class path, and its class name in {@code troupe.auth.providers} or {@code authProvider.<n>}
 * on every node.
 *
 * <p>An access control entry of the provider's scheme matches a client that has an identity equal to it, on whatever node it is
 * asked; so a provider that knows groups, or other names of one client, gives it an identity for each.
 *
 * <p>All methods are called by several threads, those that serve clients: they must not block.
 */
public interface AuthenticationProvider {
    /** The identity that passes every check. No access control list can name it. */
    Identity SUPER_USER = new Identity("super", "");

    /**
     * Who is at the other end of a connection, as far as the connection tells.
     *
     * @param address its address
     * @param certificates the verified chain it showed, its own first; empty without TLS
     */
    record Peer(InetAddress address, List<X509Certificate> certificates) {
        public Peer {
            certificates = List.copyOf(certificates);
        }
    }

    /** What an auth packet leads to. */
    sealed interface Outcome {
        /**
         * The client goes on.
         *
         * @param identities what it has proven to be, besides what it was; of this provider's scheme, or {@link #SUPER_USER}
         */
        record Proven(List<Identity> identities) implements Outcome {
            public Proven {
                identities = List.copyOf(identities);
            }
        }

        /** The client is told that it failed, for good, and its connection is closed. */
        record Refused() implements Outcome {}

        /**
         * The connection is closed without a word, so that the client tries another server.
         *
         * @param reason completes the sentence "the client …"
         */
        record WrongServer(String reason) implements Outcome {}
    }

    /** The scheme of auth packets, identities and access control entries; not {@code world}, {@code auth} or {@code super}. */
    String scheme();

    /**
     * Judges an auth packet of this scheme.
     *
     * @param data as the client sent it; null where it sent none
     */
    Outcome authenticate(Peer peer, byte @Nullable [] data);

    /** Whether an access control entry of this scheme may have this id (contract 4.3). */
    boolean isValid(String id);

    /** Whether identities of this scheme tell clients apart, so that entries of scheme {@code auth} stand for them. */
    boolean provesIdentity();

    /** The name that {@code whoAmI} shows for an identity of this scheme. */
    default String userName(String id) {
        return id;
    }
}
