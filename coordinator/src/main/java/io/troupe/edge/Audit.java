package io.troupe.edge;

import io.troupe.request.Identity;
import java.util.List;
import java.util.function.Supplier;

/** Keeps book of who did what. Thread-safe; nothing blocks. */
public interface Audit {
    /** Keeps no books, and costs nothing. */
    Audit NONE = new Audit() {
        @Override
        public SessionSink around(SessionSink sink, String address, Supplier<List<Identity>> identities) {
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

    /**
     * What a connection is to use in place of its own sink, so that what is decided for its session is told here.
     *
     * @param address where its client is
     * @param identities those of its client at the moment of asking, in any thread
     */
    SessionSink around(SessionSink sink, String address, Supplier<List<Identity>> identities);

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
