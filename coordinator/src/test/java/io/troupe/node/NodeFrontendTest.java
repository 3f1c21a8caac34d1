package io.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Behaviors;
import io.troupe.broadcast.BroadcastProtocol;
import io.troupe.broadcast.BroadcastStatus;
import io.troupe.contract.Covers;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.Replicator;
import io.troupe.edge.SessionHandle;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.metrics.Metrics;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.tree.DataTreeProtocol;
import io.troupe.tree.local.TreeLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class NodeFrontendTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    private final List<Class<?>> handled = new ArrayList<>();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static StatusBoard board() {
        Membership alone = new Membership("", 0, List.of(new Member(1, "h", 1, "h", 1, 0)), null);
        return new StatusBoard(1, new BroadcastStatus(1, Role.LOOKING, "starting", false, 0, 0, 0, 0, 0, 0, 0, alone));
    }

    /** Handles what it is told before the teller goes on, so that the order of all is seen. */
    private <T> ActorRef<T> recording(Class<T> messages) {
        return KIT.spawn(
                Behaviors.receive(messages)
                        .onAnyMessage(message -> {
                            handled.add(message.getClass());
                            return Behaviors.same();
                        })
                        .build(),
                DispatcherSelector.fromConfig("akka.test.calling-thread-dispatcher"));
    }

    @Test
    @Covers("1.3.1")
    void aReadIsKnownToTheTreeBeforeAnyWriteBehindItCanExecute() {
        NodeFrontend frontend = new NodeFrontend(
                recording(BroadcastProtocol.Command.class),
                recording(DataTreeProtocol.Command.class),
                recording(HeartbeatProtocol.Command.class),
                board(),
                new Doorkeeper(TreeLimits.NONE, () -> 0, () -> 0, new Metrics()),
                false);
        SessionHandle session = new SessionHandle(7, 3);

        frontend.submit(List.of(
                new ClientRequest.Read(session, 1, 0, List.of(), new ReadOperation.Ping()),
                new ClientRequest.Write(session, 2, List.of(), new Operation.Delete("/a", -1))));

        // Otherwise the write's reply could overtake the read's (contract 1.8).
        assertThat(handled).containsExactly(DataTreeProtocol.Reads.class, BroadcastProtocol.FromEdge.class);
    }

    @Test
    void whereTheTreeIsFullAWriteIsRefusedInItsPlaceAmongTheOthers() {
        List<Replicator> replicated = new ArrayList<>();
        ActorRef<BroadcastProtocol.Command> broadcast = KIT.spawn(
                Behaviors.receive(BroadcastProtocol.Command.class)
                        .onMessage(BroadcastProtocol.FromEdge.class, message -> {
                            replicated.add(message.request());
                            return Behaviors.same();
                        })
                        .build(),
                DispatcherSelector.fromConfig("akka.test.calling-thread-dispatcher"));
        NodeFrontend frontend = new NodeFrontend(
                broadcast,
                recording(DataTreeProtocol.Command.class),
                recording(HeartbeatProtocol.Command.class),
                board(),
                new Doorkeeper(new TreeLimits(0, 0, 0, 1), () -> 0, () -> 1, new Metrics()),
                false);
        SessionHandle session = new SessionHandle(7, 3);
        ClientRequest.Write delete = new ClientRequest.Write(session, 1, List.of(), new Operation.Delete("/a", -1));
        ClientRequest.Write set =
                new ClientRequest.Write(session, 2, List.of(), new Operation.SetData("/b", new byte[1], -1));
        ClientRequest.Write create = new ClientRequest.Write(
                session, 3, List.of(), new Operation.Create("/c", null, Acl.OPEN, CreateMode.PERSISTENT, false, -1));
        ClientRequest.Write bySuperUser =
                new ClientRequest.Write(session, 4, List.of(new Identity("super", "")), create.operation());

        frontend.submit(List.of(delete, set, create, bySuperUser));

        assertThat(replicated)
                .containsExactly(
                        new Replicator.Submit(List.of(delete.toRequest(false, true), set.toRequest(false, true))),
                        new Replicator.Refuse(create.toRequest(false, true), ErrorCode.QUOTA_EXCEEDED),
                        new Replicator.Submit(List.of(bySuperUser.toRequest(false, false))));
    }
}
