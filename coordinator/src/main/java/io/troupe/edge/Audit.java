package io.troupe.edge;

import io.troupe.request.Identity;
import java.util.List;

/** Keeps book of who did what. Thread-safe; nothing blocks. */
public interface Audit {
    /** Keeps no books, and costs nothing. */
    Audit NONE = new Audit() {
        @Override
        public SessionSink around(SessionSink sink, Client client) {
            return sink;
        }

        @Override
        public void authenticated(String address, String scheme, List<Identity> identities, boolean proven) {
            // Nobody is told.
        }

        @Override
        public void expired(long sessionId) {
            // Nobody is told.
        }
    };

    /** Who is at the other end of a connection. Asked in any thread. */
    interface Client {
        /** Where it is. */
        String address();

        /** Who it has proven to be up to this moment. */
        List<Identity> identities();
    }

    /** What a connection is to use in place of its own sink, so that what is decided for its session is told here. */
    SessionSink around(SessionSink sink, Client client);

    /**
     * A client has tried to prove who it is.
     *
     * @param address where it is
     * @param identities all that it has afterwards
     * @param proven whether it succeeded
     */
    void authenticated(String address, String scheme, List<Identity> identities, boolean proven);

    /** This node leads and ends a session of which nothing was heard in its time. */
    void expired(long sessionId);
}
