package io.troupe.sim;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.LentSnapshot;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.TreeReport;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Clock;
import io.troupe.node.NodeEnvironment;
import io.troupe.node.NodeGuardian;
import io.troupe.node.NodeSettings;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A coordinator without replication: all nodes share one tree that no fault can touch. It is right by construction,
 * except for one planted bug, and so shows whether the simulator's judges notice that bug and no other.
 */
final class ToyCoordinator implements NodeStarter {
    /** What can be wrong with it. */
    enum Bug {
        NONE,
        FORGETS_WRITES,
        EXECUTES_TWICE,
        READS_STALE,
        HALF_A_MULTI,
        EVENT_AFTER_REPLY,
        EVENT_LOST,
        EXPIRES_EARLY,
        KEEPS_EPHEMERALS,
        REUSES_NUMBERS,
        SWAPS_REPLIES
    }

    private record Session(long id, long attach, int timeoutMillis, SessionSink sink, ToyTree.Watcher watcher) {}

    private final Bug bug;
    private final ToyTree tree;
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private final Map<Long, Long> heardMillis = new LinkedHashMap<>();
    private int requests;
    private int epochs;

    ToyCoordinator(Bug bug) {
        this.bug = bug;
        this.tree = new ToyTree(bug);
    }

    private record Tick() {}

    @Override
    public Behavior<?> start(NodeSettings settings, NodeEnvironment environment, NodeGuardian.Listener listener) {
        return Behaviors.<Object>withTimers(timers -> {
            listener.onFrontend(new ToyFrontend(settings.nodeId(), environment.clock()));
            timers.startTimerWithFixedDelay(new Tick(), Duration.ofMillis(250));
            return Behaviors.receiveMessage(tick -> {
                expire(environment.clock());
                return Behaviors.same();
            });
        });
    }

    private static long now(Clock clock) {
        return ((SimClock) clock).worldMillis();
    }

    private void expire(Clock clock) {
        for (Session each : List.copyOf(sessions.values())) {
            long timeout = bug == Bug.EXPIRES_EARLY ? each.timeoutMillis() / 3 : each.timeoutMillis() + 500;
            if (now(clock) - heardMillis.getOrDefault(each.id(), 0L) > timeout) {
                end(each, SessionSink.End.EXPIRED);
            }
        }
    }

    private void end(Session session, SessionSink.End reason) {
        sessions.remove(session.id());
        if (bug != Bug.KEEPS_EPHEMERALS) {
            tree.closeSession(session.id());
        }
        tree.forget(session.watcher());
        session.sink().end(reason);
    }

    private final class ToyFrontend implements Frontend {
        private final int nodeId;
        private final Clock clock;
        /** Each process leads an epoch of its own. */
        private final int epoch = ++epochs;

        private ToyFrontend(int nodeId, Clock clock) {
            this.nodeId = nodeId;
            this.clock = clock;
        }

        @Override
        public void connect(Connect connect, SessionSink sink) {
            Session old = sessions.get(connect.sessionId());
            if (connect.sessionId() != 0 && old == null) {
                sink.end(SessionSink.End.EXPIRED);
                return;
            }
            if (old != null) {
                tree.forget(old.watcher());
                old.sink().end(SessionSink.End.MOVED);
            }
            long zxid = tree.nextZxid();
            long id = old == null ? zxid : old.id();
            sessions.put(id, new Session(id, zxid, connect.timeoutMillis(), sink, tree.watcher(sink)));
            heardMillis.put(id, now(clock));
            sink.connected(new SessionHandle(id, zxid), connect.timeoutMillis(), false);
            sink.flush();
        }

        @Override
        public void submit(List<ClientRequest> burst) {
            List<Runnable> replies = new ArrayList<>();
            Session last = null;
            for (ClientRequest each : burst) {
                Session session = sessions.get(each.session().sessionId());
                if (session == null || session.attach() != each.session().attach()) {
                    continue;
                }
                last = session;
                heardMillis.put(session.id(), now(clock));
                answer(session, each, replies);
                if (bug != Bug.SWAPS_REPLIES) {
                    replies.forEach(Runnable::run);
                    replies.clear();
                }
            }
            if (replies.size() > 1) {
                replies.add(replies.remove(0));
            }
            replies.forEach(Runnable::run);
            tree.deliverDelayed();
            if (last != null) {
                last.sink().flush();
            }
        }

        private void answer(Session session, ClientRequest request, List<Runnable> replies) {
            requests++;
            if (request instanceof ClientRequest.Write write) {
                boolean close = write.operation() instanceof Operation.CloseSession;
                Result result = close
                        ? Result.Done.INSTANCE
                        : tree.write(session.id(), write.operation(), bug == Bug.FORGETS_WRITES && requests % 20 == 0);
                if (bug == Bug.EXECUTES_TWICE && requests % 20 == 0) {
                    tree.write(session.id(), write.operation(), false);
                }
                long zxid = tree.lastZxid();
                replies.add(() -> session.sink().reply(write.xid(), zxid, result));
                if (close) {
                    replies.add(() -> end(session, SessionSink.End.CLOSED));
                }
            } else if (request instanceof ClientRequest.Read read) {
                Result result = read.operation() instanceof ReadOperation.Ping
                        ? Result.Done.INSTANCE
                        : tree.read(session.watcher(), read.operation(), bug == Bug.READS_STALE && requests % 20 == 0);
                long zxid = tree.lastZxid();
                replies.add(() -> session.sink().reply(read.xid(), zxid, result));
            }
        }

        @Override
        public void upgrade(SessionHandle session, int timeoutMillis) {
            throw new AssertionError("all sessions are replicated");
        }

        @Override
        public void identified(SessionHandle session, List<Identity> identities) {
            throw new AssertionError("simulated clients do not authenticate");
        }

        @Override
        public void resume(SessionSink sink) {
            // Its clients read everything.
        }

        @Override
        public void disconnected(SessionSink sink) {
            sessions.values().stream().filter(each -> each.sink() == sink).forEach(each -> tree.forget(each.watcher()));
        }

        @Override
        public CompletionStage<TreeReport> report(TreeReport.Part part) {
            return CompletableFuture.completedFuture(TreeReport.ofSessions(List.of()));
        }

        @Override
        public CompletionStage<LentSnapshot> snapshot() {
            return CompletableFuture.failedFuture(new IOException("nothing is kept on disk here"));
        }

        @Override
        public NodeStatus status() {
            return new NodeStatus(
                    nodeId,
                    Role.LEADING,
                    "leading",
                    true,
                    false,
                    epoch,
                    nodeId,
                    tree.lastZxid(),
                    tree.lastZxid(),
                    Zxid.NONE,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    null);
        }
    }
}
