package io.troupe.broadcast;

import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Role;
import io.troupe.link.LinkEnd;
import io.troupe.log.LogProtocol;
import io.troupe.log.NodeMeta;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One state of the broadcast state machine: a method for each thing that can happen. A phase that has no use for an event
 * says so by an empty method, so that nothing is ignored by accident; the events every phase treats alike never get here
 * ({@link BroadcastActor}).
 */
abstract class Phase {
    final Zab zab;

    Phase(Zab zab) {
        this.zab = zab;
    }

    /** The word for logs: role and step. */
    abstract String name();

    abstract Role role();

    /** The leader this phase is about, 0 for none. */
    abstract int leaderId();

    /** Begins the phase. */
    abstract void enter();

    // ---- links ----

    /** A learner opened a connection to this node. */
    abstract void onLearner(LinkEnd end, PeerMessage.LearnerInfo info);

    abstract void onMessage(LinkEnd end, PeerMessage message);

    abstract void onClosed(LinkEnd end, String reason);

    // ---- election and heartbeat ----

    abstract void onElected(ElectionProtocol.Outcome outcome);

    abstract void onPeerLost(int nodeId, String reason);

    abstract void onQuorumLost(String reason);

    // ---- log, snapshot and tree ----

    /** More of the log is durable. */
    abstract void onDurable();

    abstract void onMetaDurable(NodeMeta saved);

    abstract void onSlice(@Nullable LinkEnd end, LogProtocol.Slice slice);

    abstract void onLocated(@Nullable LinkEnd end, LogProtocol.Located located);

    abstract void onTruncated(long lastZxid);

    abstract void onPulled(long zxid);

    abstract void onLogStarted(long zxid);

    abstract void onRecovered(DataTreeProtocol.Recovered recovered);

    /** A committed change of voters was delivered. */
    abstract void onMembersChanged();

    /** This node's tree is found to differ from its leader's. */
    abstract void onDivergence(DataTreeProtocol.Divergence divergence);

    /** What a client's wish for other members comes to. */
    abstract void onJudged(Operation operation);

    // ---- requests ----

    /** There are requests of this node's clients to be sent. */
    abstract void onRequests();

    abstract void onInternal(List<Request> requests);

    /** A local client asks for a confirmed commit point. */
    abstract void onConfirm(long tag);

    /** The node is about to stop. */
    abstract void onHandOver(Runnable done);

    // ---- timers ----

    abstract void onFlush();

    abstract void onCommitLazily();

    abstract void onProposalDeadline();

    abstract void onJudgeTrees();

    abstract void onStepDeadline(String step);

    /** On a leader: batches in flight. */
    int proposals() {
        return 0;
    }

    /** On a leader: the peers that are connected, wherever they stand. */
    Collection<Learner> connectedLearners() {
        return List.of();
    }

    /** On a leader: how many peers learn without a vote. */
    int syncedObservers() {
        return 0;
    }

    /** On a leader: how many voting peers take part in broadcast. */
    int syncedFollowers() {
        return 0;
    }

    /** False when this node should not claim to be healthy. */
    boolean well() {
        return true;
    }
}
