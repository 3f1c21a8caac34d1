package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.troupe.process.OfficialClient;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/**
 * One operation with all its parameters drawn, to be done by several clients alike.
 *
 * @param text what it is, for the report of a difference
 */
record RandomOperation(String text, Call call) {
    private static final Pattern ZXID = Pattern.compile("<(\\d+)>");
    private static final List<String> NAMES = List.of("a", "a", "a/b", "a/b", "a/c", "b");
    /** Not containers: when an empty one goes is a matter of time. */
    private static final List<CreateMode> MODES = List.of(
            CreateMode.PERSISTENT,
            CreateMode.PERSISTENT,
            CreateMode.PERSISTENT,
            CreateMode.PERSISTENT_SEQUENTIAL,
            CreateMode.EPHEMERAL,
            CreateMode.EPHEMERAL_SEQUENTIAL);

    private static final Id ANYONE = new Id("world", "anyone");
    private static final List<List<ACL>> ACLS = List.of(
            OfficialClient.OPEN,
            OfficialClient.OPEN,
            List.of(new ACL(Perms.READ, ANYONE)),
            List.of(new ACL(Perms.ALL & ~Perms.DELETE, ANYONE)),
            List.of(new ACL(Perms.ALL, new Id("auth", ""))),
            List.of(new ACL(Perms.ALL, new Id("digest", "bob:hash=")), new ACL(Perms.READ, ANYONE)),
            List.of(new ACL(Perms.ALL, new Id("ip", "127.0.0.0/8"))),
            List.of(new ACL(Perms.READ, new Id("auth", "")), new ACL(Perms.READ, new Id("auth", "x"))),
            List.of(new ACL(Perms.ALL, new Id("digest", "bob:hash=:")), new ACL(Perms.ALL, ANYONE)),
            List.of(new ACL(Perms.ALL, new Id("digest", "bob:hash=:more"))),
            List.of(new ACL(Perms.ALL, new Id("ip", "[::1]"))),
            List.of(new ACL(Perms.ALL, new Id("sasl", "bob"))),
            List.of(new ACL(Perms.ALL, new Id("nosuch", "x"))),
            List.of());

    /** Does it; the outcome is what a client can see of it that does not depend on time or zxid. */
    interface Call {
        String by(OfficialClient client) throws Exception;
    }

    /**
     * The outcome, or the error code.
     *
     * @param origin the zxid that others are counted from
     */
    String doneBy(OfficialClient client, long origin) throws Exception {
        try {
            return ZXID.matcher(call.by(client))
                    .replaceAll(zxid -> Long.toString(Long.parseLong(zxid.group(1)) - origin));
        } catch (KeeperException e) {
            return e.code().name();
        } catch (IllegalArgumentException e) {
            return "refused by the client";
        }
    }

    /** Any operation on a few paths below {@code base}. */
    static RandomOperation draw(Random random, String base) {
        String path = base + "/" + NAMES.get(random.nextInt(NAMES.size()));
        byte[] data =
                random.nextInt(8) == 0 ? null : "x".repeat(random.nextInt(20)).getBytes(UTF_8);
        int version = Math.max(-1, random.nextInt(6) - 4);
        CreateMode mode = MODES.get(random.nextInt(MODES.size()));
        // The client asks whether it contains null, which immutable lists do not answer.
        List<ACL> acl = new ArrayList<>(ACLS.get(random.nextInt(ACLS.size())));
        boolean watch = random.nextInt(3) == 0;
        return switch (random.nextInt(21)) {
            case 0, 1, 2 ->
                new RandomOperation("create " + path + " " + mode + " " + acl, c -> c.create(path, data, acl, mode));
            case 3 ->
                new RandomOperation("create " + path + " " + mode + " with its Stat", c -> {
                    Stat stat = new Stat();
                    return c.create(path, data, OfficialClient.OPEN, mode, stat) + " " + shown(stat);
                });
            case 4, 5 ->
                new RandomOperation("delete " + path + " " + version, c -> {
                    c.delete(path, version);
                    return "deleted";
                });
            case 6, 7 ->
                new RandomOperation("setData " + path + " " + version, c -> shown(c.setData(path, data, version)));
            case 8, 9 ->
                new RandomOperation("getData " + path + " " + watch, c -> {
                    Stat stat = new Stat();
                    byte[] found = c.getData(path, watch, stat);
                    return (found == null ? "null" : new String(found, UTF_8)) + " " + shown(stat);
                });
            case 10 ->
                new RandomOperation("exists " + path + " " + watch, c -> {
                    Stat stat = c.exists(path, watch);
                    return stat == null ? "missing" : shown(stat);
                });
            case 11, 12 ->
                new RandomOperation("getChildren " + path + " " + watch, c -> {
                    Stat stat = new Stat();
                    return new TreeSet<>(c.getChildren(path, watch, stat)) + " " + shown(stat);
                });
            case 13 ->
                new RandomOperation("getACL " + path, c -> {
                    Stat stat = new Stat();
                    return c.getACL(path, stat) + " " + shown(stat);
                });
            case 14 ->
                new RandomOperation(
                        "setACL " + path + " " + version + " " + acl, c -> shown(c.setACL(path, acl, version)));
            case 15 -> new RandomOperation("count below " + path, c -> "" + c.getAllChildrenNumber(path));
            case 16 -> new RandomOperation("ephemerals below " + base, c -> "" + new TreeSet<>(c.getEphemerals(base)));
            case 17 -> watchOperation(random, path);
            case 18 -> new RandomOperation("whoAmI", c -> shownIdentities(c.whoAmI()));
            default -> multi(random, base);
        };
    }

    /** ZooKeeper keeps them in no order. */
    private static String shownIdentities(List<ClientInfo> identities) {
        return identities.stream()
                .map(who -> who.getAuthScheme() + ":" + who.getUser())
                .sorted()
                .toList()
                .toString();
    }

    private static RandomOperation watchOperation(Random random, String path) {
        if (random.nextBoolean()) {
            AddWatchMode mode = random.nextBoolean() ? AddWatchMode.PERSISTENT : AddWatchMode.PERSISTENT_RECURSIVE;
            return new RandomOperation("addWatch " + path + " " + mode, c -> {
                c.addWatch(path, mode);
                return "watched";
            });
        }
        List<WatcherType> types = List.copyOf(EnumSet.allOf(WatcherType.class));
        WatcherType type = types.get(random.nextInt(types.size()));
        return new RandomOperation("removeAllWatches " + path + " " + type, c -> {
            c.removeAllWatches(path, type, false);
            return "removed";
        });
    }

    private static RandomOperation multi(Random random, String base) {
        List<Op> ops = new ArrayList<>();
        StringBuilder text = new StringBuilder("multi");
        for (int i = random.nextInt(4); i >= 0; i--) {
            String path = base + "/" + NAMES.get(random.nextInt(NAMES.size()));
            int version = random.nextInt(3) - 1;
            CreateMode mode = MODES.get(random.nextInt(MODES.size()));
            byte[] data = new byte[random.nextInt(9)];
            int kind = random.nextInt(4);
            text.append("; ")
                    .append(List.of("create", "delete", "setData", "check").get(kind))
                    .append(' ')
                    .append(path);
            text.append(' ').append(kind == 0 ? mode : version);
            ops.add(
                    switch (kind) {
                        case 0 -> Op.create(path, data, OfficialClient.OPEN, mode);
                        case 1 -> Op.delete(path, version);
                        case 2 -> Op.setData(path, data, version);
                        default -> Op.check(path, version);
                    });
        }
        return new RandomOperation(text.toString(), c -> {
            try {
                return shown(c.multi(ops));
            } catch (KeeperException e) {
                return e.code() + " " + (e.getResults() == null ? "" : shown(e.getResults()));
            }
        });
    }

    private static String shown(List<OpResult> results) {
        List<String> all = new ArrayList<>();
        for (OpResult result : results) {
            if (result instanceof OpResult.ErrorResult error) {
                all.add("error " + error.getErr());
            } else if (result instanceof OpResult.CreateResult created) {
                all.add(created.getPath() + (created.getStat() == null ? "" : " " + shown(created.getStat())));
            } else if (result instanceof OpResult.SetDataResult set) {
                all.add(shown(set.getStat()));
            } else {
                all.add(result.getClass().getSimpleName());
            }
        }
        return all.toString();
    }

    /** Everything but the times, and whose an ephemeral is. */
    private static String shown(Stat s) {
        return "v%d c%d a%d owner %s length %d children %d zxids <%d> <%d> <%d>"
                .formatted(
                        s.getVersion(),
                        s.getCversion(),
                        s.getAversion(),
                        s.getEphemeralOwner() != 0,
                        s.getDataLength(),
                        s.getNumChildren(),
                        s.getCzxid(),
                        s.getMzxid(),
                        s.getPzxid());
    }
}
