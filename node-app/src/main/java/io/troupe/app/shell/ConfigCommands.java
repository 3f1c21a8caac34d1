package io.troupe.app.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.util.ConfigUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands for the members of the ensemble. */
final class ConfigCommands {
    private ConfigCommands() {}

    @Command(
            name = "config",
            customSynopsis = "config [-c | -l] [-w] [-s]",
            description = "the members of the ensemble")
    static final class Config implements Operation {
        @Option(names = "-c", description = "only what clients connect to")
        boolean clients;

        @Option(names = "-l", description = "as a table; ZooKeeper's own has none")
        boolean table;

        @Option(names = "-w", description = "watch them")
        boolean watch;

        @Option(names = "-s", description = "the stat too")
        boolean stat;

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            if (clients && table) {
                throw CommandException.usage("-c cannot be combined with -l", "leave one of them out");
            }
            Stat found = new Stat();
            byte[] data = shell.client().getConfig(watch, found);
            String text = DataText.plain(data);
            if (table) {
                List<Member> members = Member.of(text);
                shell.print(Result.of("config")
                        .with("members", Member.json(members))
                        .lines(Member.lines(members))
                        .withStat(stat, found));
                return;
            }
            String shown = clients ? ConfigUtils.getClientConfigStr(text) : text;
            shell.print(Result.of("config").with("config", shown).line(shown).withStat(stat, found));
        }
    }

    @Command(
            name = "reconfig",
            customSynopsis =
                    "reconfig [-s] [-v version] [[-file path] | [-members serverID=host:port1:port2;port3[,...]*]] |"
                            + " [-add serverId=host:port1:port2;port3[,...]]* [-remove serverId[,...]*]",
            description = "changes the members of the ensemble")
    static final class Reconfig implements Operation {
        @Option(names = "-s", description = "the stat too")
        boolean stat;

        @Option(
                names = "-v",
                paramLabel = "version",
                description = "only if this is the current configuration's, in hex")
        @Nullable
        String version;

        @Option(names = "-file", paramLabel = "path", description = "a file with server. lines: all members")
        @Nullable
        Path file;

        @Option(names = "-members", paramLabel = "members", description = "all members")
        @Nullable
        String members;

        @Option(names = "-add", paramLabel = "servers", description = "new members, or those that change")
        @Nullable
        String joining;

        @Option(names = "-remove", paramLabel = "ids", description = "members that go")
        @Nullable
        String leaving;

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            check();
            String all = file == null ? members : membersOf(file);
            Stat changed = new Stat();
            byte[] data = shell.client().reconfigure(joining, leaving, all, fromConfig(), changed);
            String text = DataText.plain(data);
            Result result = Result.of("reconfig")
                    .with("config", text)
                    .line("Committed new configuration:")
                    .line(text);
            shell.print(result.withStat(stat, changed));
        }

        private void check() throws CommandException {
            boolean change = joining != null || leaving != null;
            boolean whole = file != null || members != null;
            if (!change && !whole) {
                throw CommandException.usage("nothing is to change", "give -add, -remove, -members or -file");
            }
            if (change && whole) {
                throw CommandException.usage(
                        "Can't use -file or -members together with -add or -remove (mixing incremental and non-incremental"
                                + " modes is not allowed)",
                        "");
            }
            if (file != null && members != null) {
                throw CommandException.usage(
                        "Can't use -file and -members together (conflicting non-incremental modes)", "");
            }
        }

        private long fromConfig() throws CommandException {
            if (version == null) {
                return -1;
            }
            try {
                return Long.parseLong(version, 16);
            } catch (NumberFormatException e) {
                throw CommandException.usage(
                        "-v must be followed by a long (configuration version)",
                        "config shows it, version=100000000 say");
            }
        }

        private static String membersOf(Path file) throws CommandException {
            try {
                List<String> lines = Files.readAllLines(file).stream()
                        .map(String::strip)
                        .filter(line ->
                                line.startsWith("server.") || line.startsWith("group.") || line.startsWith("weight."))
                        .toList();
                if (lines.isEmpty()) {
                    throw CommandException.usage(
                            "Error processing " + file + ": no server. line", "write one per member");
                }
                return String.join(",", lines);
            } catch (IOException e) {
                throw CommandException.usage(
                        "Error processing " + file + ": " + e.getMessage(), "name a file that can be read");
            }
        }
    }
}
