package io.troupe.edge;

import io.troupe.ensemble.Release;
import io.troupe.request.Identity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What a node offers its edges. Thread-safe; nothing blocks. */
public interface Frontend {
    /** Opens or re-attaches a session; the outcome reaches {@code sink}. */
    void connect(Connect connect, SessionSink sink);

    /**
     * Submits the requests of one burst, of any number of sessions, each session's in the order received. Fewer, larger
     * bursts cost less: hand over all that one turn of an event loop has read.
     */
    void submit(List<ClientRequest> burst);

    /**
     * Makes a session that only this node knows known to the whole ensemble (contract 1.9); the new handle reaches its sink.
     *
     * @param timeoutMillis of the session
     */
    void upgrade(SessionHandle session, int timeoutMillis);

    /**
     * A session's client has proven who it is besides: from now on its watches tell it of what these identities may read
     * (contract 3.3). Requests carry their own.
     *
     * @param identities all of them, the earlier ones included
     */
    void identified(SessionHandle session, List<Identity> identities);

    /** There is room again for replies to a client of whom {@link SessionSink#takesMore} has denied it. */
    void resume(SessionSink sink);

    /** The connection behind {@code sink} is gone; its watches go with it, its session lives on until it expires. */
    void disconnected(SessionSink sink);

    /** A part of what the tree knows, once its actor gets there; never completes when the node ends before. */
    CompletionStage<TreeReport> report(TreeReport.Part part);

    /**
     * Takes a snapshot and lends it: it shows everything that this node had executed when it was asked. Fails with an
     * {@link java.io.IOException} where it cannot be written; never completes when the node ends before.
     */
    CompletionStage<LentSnapshot> snapshot();

    /** What the members run by their ids, as far as this node has heard. */
    default Map<Integer, Release> releases() {
        return Map.of();
    }

    /** What the node last published about itself. */
    NodeStatus status();
}
