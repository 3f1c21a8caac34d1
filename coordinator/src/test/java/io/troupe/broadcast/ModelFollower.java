package io.troupe.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.ConfirmLeader;
import io.troupe.broadcast.PeerMessage.CutBack;
import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.broadcast.pipeline.Outbox;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import io.troupe.request.Request;
import io.troupe.request.Section;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A follower that keeps the rules, one message at a time, as slowly as the test likes. */
final class ModelFollower {
    private static final long INCARNATION = 1;

    private final Peer peer;
    private final Deque<PeerMessage> arrived = new ArrayDeque<>();
    private final List<Batch> log = new ArrayList<>();
    private final Outbox outbox;
    private int durable;
    private int executed;
    private long commit;
    private long acceptedEpoch;
    private long currentEpoch;
    private boolean promised;
    private boolean serving;

    ModelFollower(Peer peer) {
        this.peer = peer;
        this.outbox = new Outbox(peer.nodeId(), INCARNATION, Rig.SETTINGS.batchBytes());
    }

    int nodeId() {
        return peer.nodeId();
    }

    void calls() {
        arrived.clear();
        promised = false;
        serving = false;
        outbox.rewind();
        peer.dials(acceptedEpoch);
    }

    /** Breaks the connection, and calls again. */
    void reconnects() {
        peer.resets();
        calls();
    }

    boolean isReset() {
        return peer.isReset();
    }

    private long last() {
        return log.isEmpty() ? Zxid.NONE : log.get(log.size() - 1).lastZxid();
    }

    /** Deals with the next message; false when there is none. */
    boolean works() {
        arrived.addAll(peer.hearsAll());
        PeerMessage next = arrived.poll();
        if (next instanceof NewEpoch newEpoch) {
            assertThat(newEpoch.epoch()).isGreaterThanOrEqualTo(acceptedEpoch);
            acceptedEpoch = newEpoch.epoch();
            durable = log.size();
            promised = true;
            peer.says(new AckEpoch(acceptedEpoch, currentEpoch, last(), true));
        } else if (next instanceof CutBack cut) {
            assertThat(cut.zxid()).as("nothing that committed is cut off").isGreaterThanOrEqualTo(commit);
            log.removeIf(b -> b.lastZxid() > cut.zxid());
            durable = Math.min(durable, log.size());
            peer.says(new AckEpoch(acceptedEpoch, currentEpoch, last(), false));
        } else if (next instanceof Propose propose) {
            Batch batch = Batch.of(propose.batch());
            assertThat(batch.previousZxid()).isEqualTo(last());
            log.add(batch);
        } else if (next instanceof NewLeader newLeader) {
            assertThat(newLeader.lastZxid()).isEqualTo(last());
            durable = log.size();
            currentEpoch = newLeader.epoch();
            peer.says(new AckNewLeader(currentEpoch, last()));
        } else if (next instanceof ConfirmLeader confirm) {
            peer.says(new LeaderConfirmed(confirm.round()));
        }
        learnsOfCommit(next);
        return next != null;
    }

    private void learnsOfCommit(PeerMessage message) {
        if (message instanceof UpToDate upToDate) {
            serving = true;
            commit = Math.max(commit, upToDate.commitZxid());
        } else if (message instanceof PeerMessage.Commit told) {
            commit = Math.max(commit, told.zxid());
        } else if (message instanceof Propose propose && serving) {
            commit = Math.max(commit, propose.commitZxid());
        }
        while (serving && executed < log.size() && log.get(executed).lastZxid() <= commit) {
            for (Section section : log.get(executed).sections()) {
                if (section.originNode() == peer.nodeId()) {
                    outbox.executed(section.lastSequence());
                }
            }
            executed++;
        }
    }

    /** Makes everything it holds durable, and says so. */
    void syncs() {
        if (promised && durable < log.size()) {
            durable = log.size();
            peer.says(new Ack(last()));
        }
    }

    void submits(List<Request> requests) {
        outbox.add(requests);
        forwards();
    }

    void forwards() {
        if (serving) {
            outbox.takeUnsent().forEach(section -> peer.says(new Forward(section.image())));
        }
    }

    boolean holdsDurably(Batch batch) {
        return log.subList(0, durable).stream().anyMatch(b -> Arrays.equals(b.image(), batch.image()));
    }

    /** How many batches it knows to be committed. */
    int executed() {
        return executed;
    }

    /** The whole history, byte for byte. */
    List<byte[]> images() {
        return log.stream().map(Batch::image).toList();
    }
}
