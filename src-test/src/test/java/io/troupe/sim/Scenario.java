package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.BroadcastProtocol;
import io.troupe.broadcast.PeerMessage;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.ReadOperation;
import io.troupe.ensemble.WireMessage;
import io.troupe.request.Acl;
import io.troupe.request.Batch;
import io.troupe.request.CreateMode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import io.troupe.request.Result;
import io.troupe.request.Section;
import io.troupe.sim.SimOptions.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** An ensemble under a test's own hand: the faults come where the test says, not where a seed does. */
final class Scenario implements AutoCloseable {
    /** A message between nodes, as it leaves. */
    record Sent(int from, int to, WireMessage message) {
        /** Whether it carries this kind of protocol message. */
        boolean is(Class<? extends PeerMessage> kind) {
            return message instanceof BroadcastProtocol.Frame frame && kind.isInstance(frame.message());
        }

        /** Whether it proposes a request whose operation is of this kind. */
        boolean proposes(Class<? extends Operation> kind) {
            return message instanceof BroadcastProtocol.Frame frame
                    && frame.message() instanceof PeerMessage.Propose propose
                    && Batch.of(propose.batch()).sections().stream()
                            .flatMap(section -> requests(section).stream())
                            .anyMatch(request -> kind.isInstance(request.operation()));
        }

        private static List<Request> requests(Section section) {
            try {
                return RequestCodec.decode(section);
            } catch (RequestFormatException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SimEnsemble ensemble;
    private int clients;

    Scenario(int nodes) {
        this(nodes, 1);
    }

    Scenario(int nodes, long seed) {
        ensemble = new SimEnsemble(
                new SimOptions(
                        seed,
                        nodes,
                        0,
                        Set.of(Mode.READ_DISKS, Mode.PROBES, Mode.PRODUCTION_BEATS),
                        Duration.ZERO,
                        Trace.quiet()),
                Seeds.PRODUCTION);
        ensemble.startAll();
    }

    SimEnsemble ensemble() {
        return ensemble;
    }

    SimWorld world() {
        return ensemble.world();
    }

    SimNode node(int id) {
        return ensemble.node(id);
    }

    // ---- time ----

    void run(Duration span) {
        world().runFor(span);
        healthy();
    }

    void healthy() {
        assertThat(world().failure())
                .as(() -> String.join("\n", world().trace().recent()))
                .isNull();
        assertThat(world().foreign()).isZero();
    }

    /** The node that leads, once one does. */
    SimNode leader() {
        assertThat(ensemble.awaitLeader(PATIENCE)).as("a leader serves").isTrue();
        healthy();
        return ensemble.leader().orElseThrow();
    }

    /** The running nodes that do not lead, ascending. */
    List<SimNode> followers() {
        SimNode leader = leader();
        return ensemble.nodes().stream()
                .filter(node -> node != leader && node.up())
                .toList();
    }

    /** Does something once, at the moment a certain message leaves; the message itself still goes out. */
    void when(Predicate<Sent> moment, Consumer<Sent> action) {
        List<Consumer<Sent>> due = new ArrayList<>(List.of(action));
        ensemble.network().observe((from, to, recipient, message) -> {
            Sent sent = new Sent(from, to, message);
            if (!due.isEmpty() && moment.test(sent)) {
                due.remove(0).accept(sent);
            }
        });
    }

    // ---- clients ----

    /** A client that only ever talks to one node. */
    SimClient clientOf(SimNode node) {
        return client(List.of(node), 10_000);
    }

    /** A client that talks to whichever node serves it. */
    SimClient client() {
        return client(ensemble.nodes(), 10_000);
    }

    SimClient client(List<SimNode> nodes, int timeoutMillis) {
        SimClient client = new SimClient(world(), "c" + ++clients, nodes, timeoutMillis, new SimClient.Listener() {});
        client.start();
        return client;
    }

    Call await(Call call) {
        world().runUntil(call::done, PATIENCE);
        healthy();
        assertThat(call.done()).as("%s is answered", call).isTrue();
        return call;
    }

    Call create(SimClient client, String path, CreateMode mode) {
        return client.write(new Operation.Create(path, new byte[0], Acl.OPEN, mode, true, -1), call -> {});
    }

    /** Creates a persistent znode and waits until that is acknowledged. */
    void mustCreate(SimClient client, String path) {
        assertThat(await(create(client, path, CreateMode.PERSISTENT)).ok())
                .as("create %s", path)
                .isTrue();
    }

    Call set(SimClient client, String path, String value) {
        return client.write(new Operation.SetData(path, value.getBytes(UTF_8), -1), call -> {});
    }

    /** Writes and waits until that is acknowledged. */
    void mustSet(SimClient client, String path, String value) {
        Call call = await(set(client, path, value));
        assertThat(call.ok()).as("%s", call).isTrue();
    }

    /** Writes so many values, one after the other, each acknowledged. */
    void mustSetOften(SimClient client, String path, int times) {
        mustSetOften(client, path, times, "v");
    }

    /** Likewise; each value begins with {@code value}. */
    void mustSetOften(SimClient client, String path, int times, String value) {
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            calls.add(set(client, path, value + i));
            if (calls.size() % 20 == 0) {
                await(calls.get(calls.size() - 1));
            }
        }
        calls.forEach(call -> assertThat(await(call).ok()).as("%s", call).isTrue());
    }

    /** Makes the log so long that a node that is down now will need a snapshot. */
    void outgrowTheLog(SimClient client, String path) {
        mustSetOften(client, path, 1_000, "v".repeat(300));
    }

    /** What a node shows after a sync; "(none)" for a znode that is not there. */
    String valueAt(SimNode node, String path) {
        SimClient client = clientOf(node);
        client.read(new ReadOperation.Sync(path), call -> {});
        Call get = await(client.read(new ReadOperation.GetData(path, false), call -> {}));
        client.stop();
        return get.ok() && get.result() instanceof Result.Data found && found.data() != null
                ? new String(found.data(), UTF_8)
                : "(none)";
    }

    /** All running nodes show the same tree; returns it. */
    TreeDump mustAgree() {
        List<TreeDump> dumps = new ArrayList<>();
        for (SimNode node : ensemble.nodes()) {
            if (node.up()) {
                TreeDump.of(world(), node, "inspector" + ++clients).ifPresent(dumps::add);
            }
        }
        healthy();
        for (TreeDump dump : dumps) {
            assertThat(dump.differenceFrom(dumps.get(0))).isEmpty();
        }
        return dumps.get(0);
    }

    /** The node comes back and serves again. */
    void restart(SimNode node) {
        node.start();
        boolean serves = world().runUntil(
                        () -> {
                            NodeStatus status = node.status();
                            return status != null && status.serving();
                        },
                        PATIENCE);
        healthy();
        assertThat(serves).as("%s serves again", node).isTrue();
    }

    /** Everything loses power at once and comes back. */
    void restartAll() {
        ensemble.nodes().forEach(node -> node.die(SimNode.Death.POWER_LOSS));
        run(Duration.ofMillis(100));
        ensemble.startAll();
        leader();
    }

    @Override
    public void close() {
        ensemble.close();
    }
}
