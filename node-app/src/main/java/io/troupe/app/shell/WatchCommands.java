package io.troupe.app.shell;

import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands for watches. */
final class WatchCommands {
    private WatchCommands() {}

    @Command(
            name = "addWatch",
            customSynopsis = "addWatch [-m mode] path",
            description = "watches a znode, or it and everything below it, until removewatches")
    static final class AddWatch implements Operation {
        @Option(
                names = "-m",
                paramLabel = "mode",
                description = "${COMPLETION-CANDIDATES} (default PERSISTENT_RECURSIVE)")
        AddWatchMode mode = AddWatchMode.PERSISTENT_RECURSIVE;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            shell.client().addWatch(path, mode);
            shell.print(Result.of("addWatch", path).with("mode", mode.name()));
        }
    }

    @Command(
            name = "removewatches",
            customSynopsis = "removewatches path [-c|-d|-p|-r|-a] [-l]",
            description = "takes watches off a znode")
    static final class RemoveWatches implements Operation {
        @Option(names = "-c", description = "those for children")
        boolean children;

        @Option(names = "-d", description = "those for data")
        boolean data;

        @Option(names = "-p", description = "persistent ones")
        boolean persistent;

        @Option(names = "-r", description = "persistent recursive ones")
        boolean recursive;

        @Option(names = "-a", description = "all (default)")
        boolean any;

        @Option(names = "-l", description = "also when there is no server")
        boolean local;

        @Parameters(index = "0", paramLabel = "path")
        String path = "";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            ZooKeeper client = local ? shell.connection().session() : shell.client();
            client.removeAllWatches(path, kind(), local);
            shell.print(Result.of("removewatches", path));
        }

        private WatcherType kind() {
            if (children) {
                return WatcherType.Children;
            }
            if (data) {
                return WatcherType.Data;
            }
            if (persistent) {
                return WatcherType.Persistent;
            }
            return recursive ? WatcherType.PersistentRecursive : WatcherType.Any;
        }
    }

    @Command(
            name = "printwatches",
            customSynopsis = "printwatches on|off",
            description = "whether watches that fire are printed; without a word, says which")
    static final class PrintWatches implements Operation {
        /** The two words. */
        enum Switch {
            on,
            off
        }

        @Parameters(index = "0", arity = "0..1", paramLabel = "on|off")
        @Nullable
        Switch wanted;

        @Override
        public void run(ShellContext shell) {
            if (wanted != null) {
                shell.output().printEvents(wanted == Switch.on);
                shell.print(Result.of("printwatches").with("printwatches", wanted.name()));
                return;
            }
            String now = shell.output().printsEvents() ? "on" : "off";
            shell.print(Result.of("printwatches").with("printwatches", now).line("printwatches is " + now));
        }
    }
}
