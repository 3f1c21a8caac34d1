package io.troupe.app.shell;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change znodes. */
final class WriteCommands {
    private WriteCommands() {}

    @Command(
            name = "create",
            customSynopsis = "create [-s] [-e] [-c] [-t ttl] path [data] [acl]",
            description = "creates a znode")
    static final class Create implements Operation {
        @Option(names = "-s", description = "with a number behind its name")
        boolean sequential;

        @Option(names = "-e", description = "for as long as this session lives")
        boolean ephemeral;

        @Option(names = "-c", description = "a container: goes when its last child has gone")
        boolean container;

        @Option(names = "-t", paramLabel = "ttl", description = "goes when not changed for so many ms")
        @Nullable
        Long ttl;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "data")
        @Nullable
        String data;

        @Parameters(index = "2", arity = "0..1", paramLabel = "acl")
        @Nullable
        String acl;

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            CreateMode mode = mode();
            List<ACL> rights = acl == null ? ZooDefs.Ids.OPEN_ACL_UNSAFE : AclText.parse(acl);
            byte[] bytes = data == null ? null : data.getBytes(StandardCharsets.UTF_8);
            Stat stat = new Stat();
            ZooKeeper client = shell.client();
            String created = ttl == null
                    ? client.create(path, bytes, rights, mode)
                    : client.create(path, bytes, rights, mode, stat, ttl);
            shell.print(Result.of("create", created).line("Created " + created));
        }

        private CreateMode mode() throws CommandException {
            if (container && (sequential || ephemeral)) {
                throw CommandException.usage(
                        "-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.", "");
            }
            if (ttl != null && ephemeral) {
                throw CommandException.usage("TTLs cannot be used with Ephemeral znodes", "leave out -t or -e");
            }
            if (ttl != null && container) {
                throw CommandException.usage("TTLs cannot be used with Container znodes", "leave out -t or -c");
            }
            if (container) {
                return CreateMode.CONTAINER;
            }
            if (ttl != null) {
                return sequential ? CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL : CreateMode.PERSISTENT_WITH_TTL;
            }
            if (ephemeral) {
                return sequential ? CreateMode.EPHEMERAL_SEQUENTIAL : CreateMode.EPHEMERAL;
            }
            return sequential ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT;
        }
    }

    @Command(
            name = "set",
            customSynopsis = "set path data [-s] [-v version] [-b]",
            description = "changes the data of a znode")
    static final class Set implements Operation {
        @Option(names = "-s", description = "print its stat")
        boolean stat;

        @Option(names = "-v", paramLabel = "version", description = "only if it has this version")
        int version = -1;

        @Option(names = "-b", description = "the data is in base64")
        boolean base64;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Parameters(index = "1", paramLabel = "data")
        String data = "";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            byte[] bytes = base64 ? DataText.fromBase64(data) : data.getBytes(StandardCharsets.UTF_8);
            Stat changed = shell.client().setData(path, bytes, version);
            Result result = Result.of("set", path).with("stat", StatText.json(changed));
            shell.print(stat ? result.lines(StatText.lines(changed)) : result);
        }
    }

    @Command(
            name = "delete",
            customSynopsis = "delete [-v version] path",
            description = "deletes a znode without children")
    static final class Delete implements Operation {
        @Option(names = "-v", paramLabel = "version", description = "only if it has this version")
        int version = -1;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Parameters(index = "1", arity = "0..1", hidden = true)
        @Nullable
        Integer versionWord;

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            shell.client().delete(path, versionWord == null ? version : versionWord);
            shell.print(Result.of("delete", path));
        }
    }

    @Command(
            name = "deleteall",
            customSynopsis = "deleteall path [-b batch size]",
            description = "deletes a znode and everything below it")
    static final class DeleteAll implements Operation {
        private static final String OWN = "/zookeeper";

        @Option(names = "-b", paramLabel = "batch size", description = "so many in one transaction (default 1000)")
        int batchSize = 1000;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            if (batchSize < 1) {
                throw CommandException.usage("-b must be at least 1", "leave it out");
            }
            ZooKeeper client = shell.client();
            try {
                List<String> paths = ReadCommands.pathsOf(shell, client, path);
                if (path.equals("/")) {
                    // The root stays, and so does what belongs to the servers.
                    paths.removeIf(found -> found.equals("/") || found.equals(OWN) || found.startsWith(OWN + "/"));
                }
                int deleted = new Deletion(client, shell.output(), batchSize).deleteFromTheEnd(paths);
                shell.output().endProgress();
                shell.print(Result.of("deleteall", path).with("deleted", deleted));
            } catch (KeeperException.NotEmptyException e) {
                throw CommandException.failed(
                        e.code().name(),
                        "Failed to delete some node(s) in the subtree! Children were created meanwhile below "
                                + e.getPath(),
                        "stop who creates them and repeat");
            } finally {
                shell.output().endProgress();
            }
        }
    }

    @Command(
            name = "setAcl",
            customSynopsis = "setAcl [-s] [-v version] [-R] path acl",
            description = "says who may do what with a znode")
    static final class SetAcl implements Operation {
        @Option(names = "-s", description = "print its stat")
        boolean stat;

        @Option(names = "-v", paramLabel = "version", description = "only if its ACL has this version")
        int version = -1;

        @Option(names = "-R", description = "the same for everything below it")
        boolean recurse;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Parameters(index = "1", paramLabel = "acl")
        String acl = "";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            List<ACL> rights = AclText.parse(acl);
            ZooKeeper client = shell.client();
            if (!recurse) {
                Stat changed = client.setACL(path, rights, version);
                Result result = Result.of("setAcl", path).with("stat", StatText.json(changed));
                shell.print(stat ? result.lines(StatText.lines(changed)) : result);
                return;
            }
            Subtree.walk(client, path, found -> {
                Stat changed = client.setACL(found, rights, version);
                Result result = Result.of("setAcl", found).with("stat", StatText.json(changed));
                shell.print(stat ? result.line(found).lines(StatText.lines(changed)) : result);
            });
        }
    }
}
