package io.troupe.broadcast;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.troupe.ensemble.Member;

/**
 * What leader and learners say to each other over a numbered connection, in the order of Zab's phases (Junqueira, Reed,
 * Serafini, DSN 2011); the paper's names stand beside ours.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PeerMessage.LearnerInfo.class, name = "li"),
    @JsonSubTypes.Type(value = PeerMessage.NewEpoch.class, name = "ne"),
    @JsonSubTypes.Type(value = PeerMessage.AckEpoch.class, name = "ae"),
    @JsonSubTypes.Type(value = PeerMessage.CutBack.class, name = "tr"),
    @JsonSubTypes.Type(value = PeerMessage.TakeSnapshot.class, name = "sn"),
    @JsonSubTypes.Type(value = PeerMessage.NewLeader.class, name = "nl"),
    @JsonSubTypes.Type(value = PeerMessage.AckNewLeader.class, name = "an"),
    @JsonSubTypes.Type(value = PeerMessage.UpToDate.class, name = "ud"),
    @JsonSubTypes.Type(value = PeerMessage.Propose.class, name = "p"),
    @JsonSubTypes.Type(value = PeerMessage.Ack.class, name = "a"),
    @JsonSubTypes.Type(value = PeerMessage.Commit.class, name = "c"),
    @JsonSubTypes.Type(value = PeerMessage.Forward.class, name = "f"),
    @JsonSubTypes.Type(value = PeerMessage.AskCommitPoint.class, name = "sy"),
    @JsonSubTypes.Type(value = PeerMessage.CommitPoint.class, name = "sp"),
    @JsonSubTypes.Type(value = PeerMessage.ConfirmLeader.class, name = "cl"),
    @JsonSubTypes.Type(value = PeerMessage.LeaderConfirmed.class, name = "lc"),
    @JsonSubTypes.Type(value = PeerMessage.StepDown.class, name = "sd"),
    @JsonSubTypes.Type(value = PeerMessage.TreeDiffers.class, name = "td"),
    @JsonSubTypes.Type(value = PeerMessage.TakeTreeAnew.class, name = "ta")
})
public sealed interface PeerMessage {

    // ---- discovery ----

    /**
     * Learner to leader, first message of a connection (CEPOCH).
     *
     * @param self the learner as it would list itself
     * @param membersVersion of the list of members that the learner knows
     * @param joining whether it wants to be listed, should it not be: a node that was taken off the list does not
     */
    record LearnerInfo(Member self, String ensembleId, long acceptedEpoch, long membersVersion, boolean joining)
            implements PeerMessage {}

    /** Leader to learner: the epoch to accept (NEWEPOCH). */
    record NewEpoch(long epoch) implements PeerMessage {}

    /**
     * Learner to leader, once the promise is durable, and again after each TRUNC or SNAP (ACK-E). Only a promise newly
     * made, or made to this very leader, counts.
     */
    record AckEpoch(long epoch, long currentEpoch, long lastZxid, boolean counts) implements PeerMessage {}

    // ---- synchronization ----

    /** Leader to learner: remove what lies behind {@code zxid} (TRUNC), then say again where you are. */
    record CutBack(long zxid) implements PeerMessage {}

    /** Leader to learner: fetch a snapshot of {@code minZxid} or later (SNAP), then say again where you are. */
    record TakeSnapshot(long minZxid) implements PeerMessage {}

    /** Leader to learner: what you have been sent up to {@code lastZxid} is the epoch's history (NEWLEADER). */
    record NewLeader(long epoch, long lastZxid) implements PeerMessage {}

    /** Learner to leader: history, then epoch, are durable (ACK-LD). */
    record AckNewLeader(long epoch, long lastZxid) implements PeerMessage {}

    /** Leader to learner: serve; everything up to {@code commitZxid} is committed (COMMIT-LD). */
    record UpToDate(long epoch, long commitZxid) implements PeerMessage {}

    // ---- broadcast, and history while synchronizing (DIFF) ----

    /** Leader to learner: the next batch, and the leader's commit point. */
    record Propose(byte[] batch, long commitZxid) implements PeerMessage {}

    /** Learner to leader: everything up to {@code zxid} is durable here. Cumulative. */
    record Ack(long zxid) implements PeerMessage {}

    /** Leader to learner: everything up to {@code zxid} is committed. */
    record Commit(long zxid) implements PeerMessage {}

    /** Learner to leader: requests of its clients, one section (see {@link io.troupe.request.Section}). */
    record Forward(byte[] section) implements PeerMessage {}

    /** Learner to leader: up to where had everything committed at some moment after you read this? */
    record AskCommitPoint(long tag) implements PeerMessage {}

    record CommitPoint(long tag, long zxid) implements PeerMessage {}

    /** Leader to followers: do you still follow me? */
    record ConfirmLeader(long round) implements PeerMessage {}

    record LeaderConfirmed(long round) implements PeerMessage {}

    /**
     * Leader to learners: I no longer lead; elect another.
     *
     * @param stopping whether the node is about to stop: its vote need not be waited for. Else a committed change has taken it
     */
    record StepDown(boolean stopping) implements PeerMessage {}

    /** Learner to leader: as of {@code zxid} your digest is not mine, which is this. Which of us is wrong? */
    record TreeDiffers(long zxid, long digest) implements PeerMessage {}

    /** Leader to learner: yours, as far as the others can tell. */
    record TakeTreeAnew() implements PeerMessage {}
}
