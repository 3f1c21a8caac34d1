package io.troupe.app.shell;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Quotas;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands for limits on a subtree, which stand in znodes below {@code /zookeeper/quota}. */
final class QuotaCommands {
    private static final long NONE = -1;

    private QuotaCommands() {}

    private static StatsTrack track(ZooKeeper client, String path) throws KeeperException, InterruptedException {
        return new StatsTrack(client.getData(path, false, null));
    }

    /** The four limits, of which a command sets one. */
    static final class Limit {
        @Option(names = "-n", paramLabel = "val", description = "znodes, soft: more are logged")
        @Nullable
        Long count;

        @Option(names = "-b", paramLabel = "val", description = "bytes of data, soft")
        @Nullable
        Long bytes;

        @Option(names = "-N", paramLabel = "val", description = "znodes, hard: more are refused")
        @Nullable
        Long hardCount;

        @Option(names = "-B", paramLabel = "val", description = "bytes of data, hard")
        @Nullable
        Long hardBytes;

        void check() throws CommandException {
            if (isBelow(count, 1) || isBelow(hardCount, 1)) {
                throw CommandException.usage(
                        "the num quota must be greater than zero",
                        "it counts the znode itself; delquota takes it away");
            }
            if (isBelow(bytes, 0) || isBelow(hardBytes, 0)) {
                throw CommandException.usage(
                        "the bytes quota must be greater than or equal to zero", "delquota takes it away");
            }
        }

        private static boolean isBelow(@Nullable Long value, long least) {
            return value != null && value < least;
        }

        void applyTo(StatsTrack limits) {
            if (count != null) {
                limits.setCount(count);
            }
            if (bytes != null) {
                limits.setBytes(bytes);
            }
            if (hardCount != null) {
                limits.setCountHardLimit(hardCount);
            }
            if (hardBytes != null) {
                limits.setByteHardLimit(hardBytes);
            }
        }
    }

    @Command(
            name = "setquota",
            customSynopsis = "setquota -n|-b|-N|-B val path",
            description = "limits the znodes or bytes below a path")
    static final class SetQuota implements Operation {
        @ArgGroup(exclusive = true, multiplicity = "1")
        Limit limit = new Limit();

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            limit.check();
            if (path.equals(Quotas.quotaZookeeper) || path.startsWith(Quotas.quotaZookeeper + "/")) {
                throw CommandException.usage(
                        "cannot set a quota under the path: " + Quotas.quotaZookeeper, "name a path of your own");
            }
            ZooKeeper client = shell.client();
            if (client.exists(path, false) == null) {
                throw KeeperException.create(Code.NONODE, path);
            }
            if (client.exists(Quotas.limitPath(path), false) == null) {
                refuseNested(client);
                create(client);
            } else {
                change(client);
            }
            Result result = Result.of("setquota", path);
            warn(client, result);
            shell.print(result);
        }

        /** Only the deepest quota of a path would count. */
        private void refuseNested(ZooKeeper client) throws KeeperException, InterruptedException, CommandException {
            for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
                String parent = path.substring(0, end);
                if (client.exists(Quotas.limitPath(parent), false) != null) {
                    throw CommandException.failed(
                            "NESTEDQUOTA",
                            path + " has a parent " + parent + " which has a quota",
                            "delquota " + parent + " first");
                }
            }
            String below = Quotas.quotaPath(path);
            if (client.exists(below, false) == null) {
                return;
            }
            List<String> found = new ArrayList<>();
            Subtree.walk(client, below, znode -> {
                if (znode.endsWith("/" + Quotas.limitNode)) {
                    found.add(znode);
                }
            });
            if (!found.isEmpty()) {
                String child = Quotas.trimQuotaPath(
                        found.get(0).substring(0, found.get(0).lastIndexOf('/')));
                throw CommandException.failed(
                        "NESTEDQUOTA",
                        path + " has a child " + child + " which has a quota",
                        "delquota " + child + " first");
            }
        }

        private void create(ZooKeeper client) throws KeeperException, InterruptedException {
            String parent = Quotas.quotaPath(path);
            for (int end = parent.indexOf('/', 1); end > 0; end = parent.indexOf('/', end + 1)) {
                createUnlessThere(client, parent.substring(0, end), null);
            }
            createUnlessThere(client, parent, null);
            StatsTrack limits = new StatsTrack();
            limit.applyTo(limits);
            createUnlessThere(client, Quotas.limitPath(path), limits);
            StatsTrack use = new StatsTrack();
            use.setCount(0);
            use.setBytes(0);
            createUnlessThere(client, Quotas.statPath(path), use);
        }

        private static void createUnlessThere(ZooKeeper client, String path, @Nullable StatsTrack content)
                throws KeeperException, InterruptedException {
            try {
                client.create(
                        path,
                        content == null ? null : content.getStatsBytes(),
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT);
            } catch (KeeperException.NodeExistsException e) {
                if (content != null) {
                    throw e;
                }
            }
        }

        private void change(ZooKeeper client) throws KeeperException, InterruptedException {
            Stat stat = new Stat();
            StatsTrack limits = new StatsTrack(client.getData(Quotas.limitPath(path), false, stat));
            limit.applyTo(limits);
            client.setData(Quotas.limitPath(path), limits.getStatsBytes(), stat.getVersion());
        }

        private void warn(ZooKeeper client, Result result) throws KeeperException, InterruptedException {
            if (client.exists(Quotas.statPath(path), false) == null) {
                return;
            }
            StatsTrack use = track(client, Quotas.statPath(path));
            warn(result, "count", Limit.isBelow(limit.count, use.getCount()), use.getCount());
            warn(result, "count", Limit.isBelow(limit.hardCount, use.getCount()), use.getCount());
            warn(result, "bytes", Limit.isBelow(limit.bytes, use.getBytes()), use.getBytes());
            warn(result, "bytes", Limit.isBelow(limit.hardBytes, use.getBytes()), use.getBytes());
        }

        private static void warn(Result result, String what, boolean exceeded, long existing) {
            if (exceeded) {
                String text = "[Warning]: the " + what + " quota you create is less than the existing " + what + ":"
                        + existing;
                result.with("warning", text).line(text);
            }
        }
    }

    @Command(name = "listquota", customSynopsis = "listquota path", description = "the limits of a path, and its use")
    static final class ListQuota implements Operation {
        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            ZooKeeper client = shell.client();
            try {
                StatsTrack limits = track(client, Quotas.limitPath(path));
                StatsTrack use = track(client, Quotas.statPath(path));
                shell.print(Result.of("listquota", path)
                        .with("count", limits.getCount())
                        .with("bytes", limits.getBytes())
                        .with("count_hard", limits.getCountHardLimit())
                        .with("bytes_hard", limits.getByteHardLimit())
                        .with("count_used", use.getCount())
                        .with("bytes_used", use.getBytes())
                        .line("absolute path is " + Quotas.limitPath(path))
                        .line("Output quota for " + path + " " + limits)
                        .line("Output stat for " + path + " " + use));
            } catch (KeeperException.NoNodeException e) {
                throw noQuota(path);
            }
        }
    }

    private static CommandException noQuota(String path) {
        return CommandException.failed("NOQUOTA", "quota for " + path + " does not exist.", "setquota sets one");
    }

    @Command(
            name = "delquota",
            customSynopsis = "delquota [-n|-b|-N|-B] path",
            description = "takes away all limits of a path, or one")
    static final class DelQuota implements Operation {
        @Option(names = "-n", description = "only the soft one on znodes")
        boolean count;

        @Option(names = "-b", description = "only the soft one on bytes")
        boolean bytes;

        @Option(names = "-N", description = "only the hard one on znodes")
        boolean hardCount;

        @Option(names = "-B", description = "only the hard one on bytes")
        boolean hardBytes;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            ZooKeeper client = shell.client();
            if (client.exists(Quotas.limitPath(path), false) == null) {
                throw noQuota(path);
            }
            if (count || bytes || hardCount || hardBytes) {
                takeAwayOne(client);
            } else {
                takeAwayAll(client);
            }
            shell.print(Result.of("delquota", path));
        }

        private void takeAwayOne(ZooKeeper client) throws KeeperException, InterruptedException {
            Stat stat = new Stat();
            StatsTrack limits = new StatsTrack(client.getData(Quotas.limitPath(path), false, stat));
            if (count) {
                limits.setCount(NONE);
            }
            if (bytes) {
                limits.setBytes(NONE);
            }
            if (hardCount) {
                limits.setCountHardLimit(NONE);
            }
            if (hardBytes) {
                limits.setByteHardLimit(NONE);
            }
            client.setData(Quotas.limitPath(path), limits.getStatsBytes(), stat.getVersion());
        }

        private void takeAwayAll(ZooKeeper client) throws KeeperException, InterruptedException {
            deleteIfThere(client, Quotas.limitPath(path));
            deleteIfThere(client, Quotas.statPath(path));
            // What led only there goes too.
            String parent = Quotas.quotaPath(path);
            while (!parent.equals(Quotas.quotaZookeeper)
                    && client.getChildren(parent, false).isEmpty()) {
                deleteIfThere(client, parent);
                parent = parent.substring(0, parent.lastIndexOf('/'));
            }
        }

        private static void deleteIfThere(ZooKeeper client, String path) throws KeeperException, InterruptedException {
            try {
                client.delete(path, -1);
            } catch (KeeperException.NoNodeException e) {
                // Another shell was faster.
            }
        }
    }
}
