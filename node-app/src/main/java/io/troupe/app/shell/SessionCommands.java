package io.troupe.app.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Version;
import org.apache.zookeeper.data.ClientInfo;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands about the session, and about the shell itself. */
final class SessionCommands {
    /** How many lines {@code history} shows, as ZooKeeper's does. */
    private static final int HISTORY = 11;

    private SessionCommands() {}

    @Command(
            name = "addauth",
            customSynopsis = "addauth scheme auth",
            description = "identifies the session, with digest user:password say")
    static final class AddAuth implements Operation {
        @Parameters(index = "0", paramLabel = "scheme")
        String scheme = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "auth")
        String auth = "";

        @Override
        public void run(ShellContext shell) throws InterruptedException, CommandException {
            shell.connection().identify(scheme, auth);
            shell.print(Result.of("addauth").with("scheme", scheme));
        }
    }

    @Command(
            name = "connect",
            customSynopsis = "connect [host:port,...]",
            description = "ends the session and opens one, there or where it was")
    static final class Connect implements Operation {
        @Parameters(index = "0", arity = "0..1", paramLabel = "host:port")
        @Nullable
        String server;

        @Override
        public void run(ShellContext shell) throws InterruptedException, CommandException {
            shell.connection().open(server == null ? shell.connection().server() : server);
            shell.client();
            shell.print(Result.of("connect").with("server", shell.connection().address()));
        }
    }

    @Command(name = "close", customSynopsis = "close", description = "ends the session")
    static final class Close implements Operation {
        @Override
        public void run(ShellContext shell) throws InterruptedException {
            shell.connection().close();
            shell.print(Result.of("close"));
        }
    }

    @Command(
            name = "sync",
            customSynopsis = "sync path",
            description =
                    "lets the server catch up with the leader, so that what is read next is what was written before")
    static final class Sync implements Operation {
        @Parameters(index = "0", arity = "0..1", paramLabel = "path")
        String path = "/";

        @Override
        public void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException {
            shell.client().sync(path);
            shell.print(Result.of("sync", path).line("Sync is OK"));
        }
    }

    @Command(name = "whoami", customSynopsis = "whoami", description = "as whom the server knows this session")
    static final class WhoAmI implements Operation {
        @Override
        public void run(ShellContext shell) throws InterruptedException, CommandException {
            List<ClientInfo> identities = shell.client().whoAmI();
            Result result = Result.of("whoami").line("Auth scheme: User");
            identities.forEach(identity -> result.line(identity.getAuthScheme() + ": " + identity.getUser()));
            shell.print(result.with(
                    "identities",
                    identities.stream().map(SessionCommands::fields).toList()));
        }
    }

    private static Map<String, String> fields(ClientInfo identity) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("scheme", identity.getAuthScheme());
        fields.put("user", identity.getUser());
        return fields;
    }

    @Command(name = "version", customSynopsis = "version", description = "of ZooKeeper's client, which this shell uses")
    static final class VersionOf implements Operation {
        @Override
        public void run(ShellContext shell) {
            shell.print(Result.of("version")
                    .with("client", Version.getVersion())
                    .line("ZooKeeper CLI version: " + Version.getFullVersion()));
        }
    }

    @Command(name = "history", customSynopsis = "history", description = "the last lines with their numbers, for redo")
    static final class History implements Operation {
        @Override
        public void run(ShellContext shell) {
            List<String> lines = shell.history();
            Result result = Result.of("history");
            int first = Math.max(0, lines.size() - HISTORY);
            for (int i = first; i < lines.size(); i++) {
                result.line(i + " - " + lines.get(i));
            }
            shell.print(result.with("first", first).with("lines", List.copyOf(lines.subList(first, lines.size()))));
        }
    }

    @Command(name = "redo", customSynopsis = "redo cmdno", description = "runs a line of the history again")
    static final class Redo implements Operation {
        @Parameters(index = "0", paramLabel = "cmdno")
        int number;

        @Override
        public void run(ShellContext shell) throws CommandException {
            // Of several lines, the interpreter has put the earlier one in its place.
            throw CommandException.usage("Command index out of range", "history shows the numbers");
        }
    }

    @Command(name = "quit", customSynopsis = "quit", description = "ends the session and leaves; so does Ctrl-D")
    static final class Quit implements Operation {
        @Override
        public void run(ShellContext shell) {
            shell.leave();
        }
    }

    @Command(name = "help", customSynopsis = "help [command]", description = "this list, or the options of one command")
    static final class Help implements Operation {
        @Parameters(index = "0", arity = "0..1", paramLabel = "command")
        @Nullable
        String name;

        @Override
        public void run(ShellContext shell) throws CommandException {
            Result result = Result.of("help");
            if (name != null) {
                CommandLine command = shell.commands().named(name);
                String usage = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
                shell.print(result.with("usage", usage).lines(usage.lines().toList()));
                return;
            }
            Map<String, String> all = new LinkedHashMap<>();
            shell.commands().all().forEach(command -> {
                String synopsis = Commands.synopsis(command);
                String description =
                        String.join(" ", command.getCommandSpec().usageMessage().description());
                all.put(command.getCommandName(), synopsis);
                result.line(synopsis).line("    " + description);
            });
            shell.print(result.with("commands", all));
        }
    }
}
