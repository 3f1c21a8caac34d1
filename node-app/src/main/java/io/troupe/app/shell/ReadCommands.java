package io.troupe.app.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that only look. A word behind the path sets a watch, as it did in old releases of ZooKeeper. */
final class ReadCommands {
    private static final int PROGRESS_STEP = 1000;

    private ReadCommands() {}

    @Command(name = "get", customSynopsis = "get [-s] [-w] [-b] [-x] path", description = "the data of a znode")
    static final class Get implements Operation {
        @Option(names = "-s", description = "its stat too")
        boolean stat;

        @Option(names = "-w", description = "watch it")
        boolean watch;

        @Option(names = "-b", description = "in base64")
        boolean base64;

        @Option(names = "-x", description = "as a hex dump")
        boolean hex;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Parameters(index = "1", arity = "0..1", hidden = true)
        @Nullable
        String watchWord;

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            Stat found = new Stat();
            byte[] data = shell.client().getData(path, watch || watchWord != null, found);
            Result result = Result.of("get", path);
            if (base64) {
                String text = DataText.base64(data);
                result.with("data_base64", data == null ? null : text).line(text);
            } else if (hex) {
                result.with("data_hex", DataText.hex(data)).lines(DataText.hex(data));
            } else {
                DataText.json(result, data).line(DataText.plain(data));
            }
            shell.print(result.withStat(stat, found));
        }
    }

    @Command(name = "ls", customSynopsis = "ls [-s] [-w] [-R | -l] path", description = "the children of a znode")
    static final class Ls implements Operation {
        @Option(names = "-s", description = "the stat of the znode too")
        boolean stat;

        @Option(names = "-w", description = "watch them")
        boolean watch;

        @Option(names = "-R", description = "everything below it, one path a line")
        boolean recurse;

        @Option(names = "-l", description = "a table with what each of them is; ZooKeeper's own has none")
        boolean table;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Parameters(index = "1", arity = "0..1", hidden = true)
        @Nullable
        String watchWord;

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            if (recurse && table) {
                throw CommandException.usage("-l cannot be combined with -R", "leave one of them out");
            }
            if (recurse) {
                Subtree.walk(
                        shell.client(),
                        path,
                        found -> shell.print(Result.of("ls", found).line(found)));
                return;
            }
            Stat found = new Stat();
            List<String> children =
                    new ArrayList<>(shell.client().getChildren(path, watch || watchWord != null, found));
            children.sort(null);
            Result result = Result.of("ls", path).with("children", children);
            if (table) {
                Map<String, Stat> stats = Listing.of(shell.client(), path, children);
                result.with("details", Listing.json(stats)).lines(Listing.lines(stats));
            } else {
                result.line("[" + String.join(", ", children) + "]");
            }
            shell.print(result.withStat(stat, found));
        }
    }

    @Command(name = "stat", customSynopsis = "stat [-w] path", description = "versions, times and sizes of a znode")
    static final class StatOf implements Operation {
        @Option(names = "-w", description = "watch it")
        boolean watch;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Parameters(index = "1", arity = "0..1", hidden = true)
        @Nullable
        String watchWord;

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            Stat found = shell.client().exists(path, watch || watchWord != null);
            if (found == null) {
                throw KeeperException.create(Code.NONODE, path);
            }
            shell.print(Result.of("stat", path).withStat(true, found));
        }
    }

    @Command(name = "getAcl", customSynopsis = "getAcl [-s] path", description = "who may do what with a znode")
    static final class GetAcl implements Operation {
        @Option(names = "-s", description = "its stat too")
        boolean stat;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            Stat found = new Stat();
            List<ACL> acl = shell.client().getACL(path, found);
            Result result =
                    Result.of("getAcl", path).with("acl", AclText.json(acl)).lines(AclText.lines(acl));
            shell.print(result.withStat(stat, found));
        }
    }

    @Command(
            name = "getAllChildrenNumber",
            customSynopsis = "getAllChildrenNumber path",
            description = "how many znodes there are below a znode")
    static final class GetAllChildrenNumber implements Operation {
        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            int number = shell.client().getAllChildrenNumber(path);
            shell.print(Result.of("getAllChildrenNumber", path)
                    .with("number", number)
                    .line(String.valueOf(number)));
        }
    }

    @Command(
            name = "getEphemerals",
            customSynopsis = "getEphemerals path",
            description = "the ephemeral znodes of this session below a path")
    static final class GetEphemerals implements Operation {
        @Parameters(index = "0", arity = "0..1", paramLabel = "path")
        String path = "/";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            List<String> paths = new ArrayList<>(shell.client().getEphemerals(path));
            paths.sort(null);
            shell.print(
                    Result.of("getEphemerals", path).with("ephemerals", paths).line(paths.toString()));
        }
    }

    /** All paths of a subtree, with progress. */
    static List<String> pathsOf(ShellContext shell, ZooKeeper client, String path)
            throws KeeperException, InterruptedException {
        List<String> paths = new ArrayList<>();
        Subtree.walk(client, path, found -> {
            paths.add(found);
            if (paths.size() % PROGRESS_STEP == 0) {
                shell.output().progress(paths.size() + " found");
            }
        });
        return paths;
    }
}
