package io.troupe.broadcast;

import io.troupe.election.ElectionProtocol;
import io.troupe.link.LinkEnd;
import io.troupe.log.LogProtocol;
import io.troupe.log.NodeMeta;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What most phases have no use for. Requests and confirmations wait where {@link Zab} keeps them; answers of log, tree and
 * snapshots that were not asked for in this phase cannot come, because {@link BroadcastActor} drops those of other terms.
 */
abstract class QuietPhase extends Phase {
    QuietPhase(Zab zab) {
        super(zab);
    }

    @Override
    void onElected(ElectionProtocol.Outcome outcome) {
        // Only a looking node asked.
    }

    @Override
    void onPeerLost(int nodeId, String reason) {
        // Only who follows or leads minds.
    }

    @Override
    void onQuorumLost(String reason) {
        // Only a leader minds.
    }

    @Override
    void onDurable() {
        // The replica has taken note.
    }

    @Override
    void onMetaDurable(NodeMeta saved) {
        // The replica has taken note.
    }

    @Override
    void onSlice(@Nullable LinkEnd end, LogProtocol.Slice slice) {
        // Not asked for.
    }

    @Override
    void onLocated(@Nullable LinkEnd end, LogProtocol.Located located) {
        // Not asked for.
    }

    @Override
    void onTruncated(long lastZxid) {
        // Not asked for.
    }

    @Override
    void onPulled(long zxid) {
        // Not asked for.
    }

    @Override
    void onLogStarted(long zxid) {
        // Not asked for.
    }

    @Override
    void onRecovered(DataTreeProtocol.Recovered recovered) {
        // Not asked for.
    }

    @Override
    void onJudged(Operation operation) {
        // Only a leader asks.
    }

    @Override
    void onDivergence(DataTreeProtocol.Divergence divergence) {
        // Nobody is served any more: the tree has heard of that and has itself started again.
    }

    @Override
    void onMembersChanged() {
        // The next phase starts from them.
    }

    @Override
    void onRequests() {
        // They wait in the outbox.
    }

    @Override
    void onInternal(List<Request> requests) {
        // Decided by a leader that no longer leads: void.
    }

    @Override
    void onConfirm(long tag) {
        // Asked of the next leader.
    }

    @Override
    void onHandOver(Runnable done) {
        // Nobody follows this node.
        done.run();
    }

    @Override
    void onFlush() {
        // Nothing gathers here.
    }

    @Override
    void onCommitLazily() {
        // Nothing is committed here.
    }

    @Override
    void onProposalDeadline() {
        // Nothing is proposed here.
    }

    @Override
    void onJudgeTrees() {
        // Only a leader is asked.
    }
}
