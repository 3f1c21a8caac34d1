package io.troupe.actorport;

import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How clients prove who they are, and what entries of access control lists may say (contract 4.3, 4.4). Thread-safe. */
public interface Identification {
    /**
     * A client that has proven nothing yet.
     *
     * @param address where answers to it go; null where that is a name, which nobody looks up
     */
    Client of(@Nullable InetAddress address);

    /** What a round of logging in by SASL came to. */
    sealed interface SaslStep {
        /** The client goes on; {@code token} is null for none. */
        record Accepted(byte @Nullable [] token) implements SaslStep {}

        /** The client has failed; {@code reason} completes the sentence "the client …". */
        record Refused(ErrorCode error, String reason) implements SaslStep {}
    }

    /** One client. For one thread at a time. */
    interface Client {
        /** All that it is at this moment. */
        List<Identity> identities();

        /** Takes a proof; false where it proves nothing, which ends the connection. */
        boolean prove(String scheme, byte[] data);

        /**
         * Takes one round of logging in by SASL, which may take a while: until it is answered nothing else may be asked of this. A
         * node without SASL has no token to answer with.
         *
         * @param own the client's thread, in which this is answered
         */
        default void sasl(byte[] token, Executor own, Consumer<SaslStep> answer) {
            own.execute(() -> answer.accept(new SaslStep.Accepted(null)));
        }

        /** Whether it has proven what it must before it is served. */
        boolean suffices();

        /** The access control list to store, empty for one that is invalid. */
        List<Acl> resolve(List<Acl> requested);

        /** Who these identities are in the words of {@code whoAmI}. */
        List<Identity> shown(List<Identity> held);
    }

    /** Everybody may do what anybody may, and nobody can prove more. */
    static Identification none() {
        return address -> new Client() {
            @Override
            public List<Identity> identities() {
                return List.of();
            }

            @Override
            public boolean prove(String scheme, byte[] data) {
                return false;
            }

            @Override
            public boolean suffices() {
                return true;
            }

            @Override
            public List<Acl> resolve(List<Acl> requested) {
                return requested.stream().allMatch(entry -> entry.who().equals(Identity.ANYONE))
                        ? requested
                        : List.of();
            }

            @Override
            public List<Identity> shown(List<Identity> held) {
                return held;
            }
        };
    }
}
