package io.troupe.edge;

import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Request;
import io.troupe.request.Result;
import java.util.List;

/** Keeps book of who did what. What a method is not overridden for goes into no book. Thread-safe; nothing blocks. */
public interface Audit {
    /** Keeps no books, and costs nothing. */
    Audit NONE = new Audit() {};

    /** Who is at the other end of a connection. Asked in any thread. */
    interface Client {
        /** Where it is. */
        String address();

        /** Who it has proven to be up to this moment. */
        List<Identity> identities();
    }

    /** A session is open for {@code client}. */
    default void connected(Client client, long sessionId) {}

    /** A request of the client's session was executed, or refused for lack of room. */
    default void decided(Client client, Request request, Result result) {}

    /** A read of the client's session was refused for who it is. */
    default void denied(Client client, long sessionId, ReadOperation operation, List<Identity> who, ErrorCode error) {}

    /**
     * A client has tried to prove who it is.
     *
     * @param address where it is
     * @param identities all that it has afterwards
     * @param proven whether it succeeded
     */
    default void authenticated(String address, String scheme, List<Identity> identities, boolean proven) {}

    /** This node leads and ends a session of which nothing was heard in its time. */
    default void expired(long sessionId) {}
}
