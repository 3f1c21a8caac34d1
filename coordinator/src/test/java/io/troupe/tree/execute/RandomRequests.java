package io.troupe.tree.execute;

import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Requests of every kind over few names, so that many succeed and many collide. The same seed gives the same ones. */
final class RandomRequests {
    private static final List<Identity> NAMES =
            List.of(StateMachine.ALICE, StateMachine.BOB, new Identity("ip", "10.0.0.7"), StateMachine.SUPER);
    private static final List<List<Acl>> ACLS = List.of(
            Acl.OPEN,
            Acl.OPEN,
            Acl.OPEN,
            Acl.READ_ONLY,
            List.of(),
            StateMachine.acl(Acl.ALL, StateMachine.ALICE),
            StateMachine.acl(Acl.ALL, new Identity("ip", "10.0.0.0/8")),
            List.of(new Acl(Acl.ALL, Identity.ANYONE), new Acl(Acl.READ, StateMachine.BOB)));

    private final Random random;
    private final DataTree tree;

    /**
     * @param tree where sessions and their attaches are looked up, so that most requests pass the session check
     */
    RandomRequests(long seed, DataTree tree) {
        this.random = new Random(seed);
        this.tree = tree;
    }

    Request next() {
        int kind = random.nextInt(100);
        long sessionId = 1L + random.nextInt(6);
        if (kind < 6) {
            return Request.internal(
                    sessionId, new Operation.CreateSession(random.nextInt(9), 1000 + random.nextInt(9)));
        }
        if (kind < 8) {
            return Request.internal(
                    sessionId, new Operation.AttachSession(random.nextInt(9), 1000 + random.nextInt(9)));
        }
        Session session = tree.sessions().get(sessionId);
        long attach = session == null ? 0 : session.attach() + (random.nextInt(40) == 0 ? 1 : 0);
        if (kind < 9) {
            return Request.internal(sessionId, new Operation.CloseSession(Math.max(1, attach), StateMachine.EPOCH));
        }
        if (kind < 12) {
            return Request.internal(0, new Operation.Reap(path(), StateMachine.EPOCH, 0));
        }
        return new Request(sessionId, attach, random.nextInt(), identities(), operation(kind));
    }

    private Operation operation(int kind) {
        if (kind < 14) {
            return new Operation.CloseSession(0, 0);
        }
        if (kind < 20) {
            return new Operation.SetAcl(path(), acl(), version());
        }
        if (kind < 35) {
            List<Operation.Sub> ops = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                ops.add(sub(random.nextInt(100)));
            }
            return new Operation.Multi(ops);
        }
        return sub(random.nextInt(96));
    }

    private Operation.Sub sub(int kind) {
        if (kind < 55) {
            CreateMode mode = CreateMode.of(random.nextInt(7)).orElseThrow();
            long ttl = mode.ttl() ? 1L + random.nextInt(50) : -1L;
            return new Operation.Create(path(), data(), acl(), mode, random.nextBoolean(), ttl);
        }
        if (kind < 70) {
            return new Operation.Delete(path(), version());
        }
        if (kind < 96) {
            return new Operation.SetData(path(), data(), version());
        }
        return kind < 99 ? new Operation.Check(path(), version()) : new Operation.Refused(ErrorCode.UNIMPLEMENTED);
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (int depth = random.nextInt(3); depth >= 0; depth--) {
            path.append('/').append("abcdéf".charAt(random.nextInt(6)));
        }
        return path.toString();
    }

    private int version() {
        return random.nextInt(4) == 0 ? random.nextInt(3) : -1;
    }

    private byte @Nullable [] data() {
        if (random.nextInt(10) == 0) {
            return null;
        }
        byte[] data = new byte[random.nextInt(40)];
        random.nextBytes(data);
        return data;
    }

    private List<Acl> acl() {
        return ACLS.get(random.nextInt(ACLS.size()));
    }

    private List<Identity> identities() {
        List<Identity> identities = new ArrayList<>();
        for (Identity name : NAMES) {
            if (random.nextBoolean()) {
                identities.add(name);
            }
        }
        return identities;
    }
}
