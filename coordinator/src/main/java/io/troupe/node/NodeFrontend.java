package io.troupe.node;

import akka.actor.typed.ActorRef;
import io.troupe.broadcast.BroadcastProtocol;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.LentSnapshot;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.Replicator;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.TreeReport;
import io.troupe.ensemble.Release;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Request;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Sorts what the edges hand in: writes to broadcast, everything else to the tree. */
final class NodeFrontend implements Frontend {
    private final ActorRef<BroadcastProtocol.Command> broadcast;
    private final ActorRef<DataTreeProtocol.Command> tree;
    private final ActorRef<HeartbeatProtocol.Command> heartbeat;
    private final StatusBoard board;
    private final Doorkeeper doorkeeper;
    private final boolean quotasEnforced;

    NodeFrontend(
            ActorRef<BroadcastProtocol.Command> broadcast,
            ActorRef<DataTreeProtocol.Command> tree,
            ActorRef<HeartbeatProtocol.Command> heartbeat,
            StatusBoard board,
            Doorkeeper doorkeeper,
            boolean quotasEnforced) {
        this.broadcast = broadcast;
        this.tree = tree;
        this.heartbeat = heartbeat;
        this.board = board;
        this.doorkeeper = doorkeeper;
        this.quotasEnforced = quotasEnforced;
    }

    @Override
    public void connect(Connect connect, SessionSink sink) {
        if (doorkeeper.admits(connect)) {
            tree.tell(new DataTreeProtocol.Open(connect, sink));
        } else {
            sink.end(SessionSink.End.NOT_SERVING);
            sink.flush();
        }
    }

    @Override
    public void submit(List<ClientRequest> burst) {
        List<ClientRequest.Write> writes = new ArrayList<>();
        List<ClientRequest.Read> reads = new ArrayList<>();
        for (ClientRequest request : burst) {
            if (request instanceof ClientRequest.Write write) {
                writes.add(write);
            } else if (request instanceof ClientRequest.Read read) {
                reads.add(read);
            }
        }
        // Reads first: a write that executes before the tree knows of a read ahead of it would overtake that read's
        // reply.
        if (!reads.isEmpty()) {
            tree.tell(new DataTreeProtocol.Reads(reads));
        }
        submitWrites(writes);
    }

    private void submitWrites(List<ClientRequest.Write> writes) {
        boolean full = !writes.isEmpty() && doorkeeper.treeIsFull();
        List<Request> taken = new ArrayList<>();
        for (ClientRequest.Write write : writes) {
            boolean bounded = full && !Doorkeeper.isExempt(write);
            Request request = write.toRequest(quotasEnforced, bounded);
            if (bounded && Doorkeeper.creates(write.operation())) {
                replicate(taken);
                taken = new ArrayList<>();
                broadcast.tell(
                        new BroadcastProtocol.FromEdge(new Replicator.Refuse(request, ErrorCode.QUOTA_EXCEEDED)));
            } else {
                taken.add(request);
            }
        }
        replicate(taken);
    }

    private void replicate(List<Request> requests) {
        if (!requests.isEmpty()) {
            broadcast.tell(new BroadcastProtocol.FromEdge(new Replicator.Submit(requests)));
        }
    }

    @Override
    public void upgrade(SessionHandle session, int timeoutMillis) {
        tree.tell(new DataTreeProtocol.Upgrade(session, timeoutMillis));
    }

    @Override
    public void identified(SessionHandle session, List<Identity> identities) {
        tree.tell(new DataTreeProtocol.Identified(session, identities));
    }

    @Override
    public void resume(SessionSink sink) {
        tree.tell(new DataTreeProtocol.Resume(sink));
    }

    @Override
    public void disconnected(SessionSink sink) {
        tree.tell(new DataTreeProtocol.Disconnected(sink));
    }

    @Override
    public CompletionStage<TreeReport> report(TreeReport.Part part) {
        CompletableFuture<TreeReport> answer = new CompletableFuture<>();
        tree.tell(new DataTreeProtocol.Report(part, answer::complete));
        return part == TreeReport.Part.SESSIONS ? answer.thenCombine(expiries(), TreeReport::withExpiries) : answer;
    }

    @Override
    public CompletionStage<LentSnapshot> snapshot() {
        CompletableFuture<SnapshotProtocol.Loan> loan = new CompletableFuture<>();
        tree.tell(new DataTreeProtocol.LendSnapshot(loan));
        return loan.thenApply(l -> new LentSnapshot(l.zxid(), l.bytes(), l.file(), l.giveBack()));
    }

    private CompletableFuture<@Nullable SortedMap<Long, List<Long>>> expiries() {
        CompletableFuture<@Nullable SortedMap<Long, List<Long>>> answer = new CompletableFuture<>();
        heartbeat.tell(new HeartbeatProtocol.ReportExpiries(answer::complete));
        return answer;
    }

    @Override
    public Map<Integer, Release> releases() {
        return board.releases();
    }

    @Override
    public NodeStatus status() {
        return board.status();
    }
}
