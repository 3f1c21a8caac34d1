package io.troupe.tree.execute;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Znode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** A tree with its executor, and short words for what tests do with it. Every request takes the next zxid. */
final class StateMachine {
    static final long EPOCH = 3;
    static final long START = 1_700_000_000_000L;
    static final Identity ALICE = new Identity("digest", "alice:hash");
    static final Identity BOB = new Identity("digest", "bob:hash");
    static final Identity SUPER = new Identity("super", "");

    final DataTree tree;
    final Executor executor;
    long zxid = Zxid.of(EPOCH, 0);
    long time = START;
    Outcome last = Outcome.failed(ErrorCode.OK);

    StateMachine() {
        this(DataTree.founding(membership()));
    }

    StateMachine(DataTree tree) {
        this.tree = tree;
        this.executor = new Executor(tree);
    }

    static Membership membership() {
        return new Membership(
                "ensemble",
                0,
                List.of(
                        new Member(1, "a", 7001, "a", 2181, 11),
                        new Member(2, "b", 7001, "b", 2181, 12),
                        new Member(3, "c", 7001, "c", 2181, 13)),
                null);
    }

    /** A client: its session, the attach it knows, and who it is. */
    record Client(long sessionId, long attach, List<Identity> identities) {
        Client as(Identity... who) {
            return new Client(sessionId, attach, List.of(who));
        }
    }

    Client open(long sessionId) {
        run(Request.internal(sessionId, new Operation.CreateSession(0, 10_000)));
        return new Client(sessionId, zxid, List.of());
    }

    Client attach(Client client) {
        run(Request.internal(client.sessionId(), new Operation.AttachSession(0, 20_000)));
        return new Client(client.sessionId(), zxid, client.identities());
    }

    Result run(Request request) {
        time += 5;
        last = executor.execute(request, ++zxid, time);
        return last.result();
    }

    Result run(Client client, Operation operation) {
        return run(new Request(client.sessionId(), client.attach(), 1, client.identities(), operation));
    }

    Result multi(Client client, Operation.Sub... ops) {
        return run(client, new Operation.Multi(List.of(ops)));
    }

    Znode node(String path) {
        return Objects.requireNonNull(tree.get(path), path);
    }

    Stat stat(String path) {
        return node(path).stat();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Operation.Create createOp(String path) {
        return createOp(path, CreateMode.PERSISTENT);
    }

    static Operation.Create createOp(String path, CreateMode mode) {
        return new Operation.Create(path, bytes("data"), Acl.OPEN, mode, true, mode.ttl() ? 60_000 : -1);
    }

    static Operation.Create createOp(String path, List<Acl> acl) {
        return new Operation.Create(path, bytes("data"), acl, CreateMode.PERSISTENT, true, -1);
    }

    static Operation.Delete delete(String path) {
        return new Operation.Delete(path, -1);
    }

    static Operation.SetData setData(String path, String text) {
        return new Operation.SetData(path, bytes(text), -1);
    }

    static Operation.Check check(String path, int version) {
        return new Operation.Check(path, version);
    }

    static List<Acl> acl(int perms, Identity who) {
        return List.of(new Acl(perms, who));
    }
}
