package io.troupe.app.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Every command, by its name. */
final class Commands {
    private final Map<String, Supplier<Operation>> makers = new LinkedHashMap<>();

    Commands() {
        makers.put("addWatch", WatchCommands.AddWatch::new);
        makers.put("addauth", SessionCommands.AddAuth::new);
        makers.put("close", SessionCommands.Close::new);
        makers.put("config", ConfigCommands.Config::new);
        makers.put("connect", SessionCommands.Connect::new);
        makers.put("create", WriteCommands.Create::new);
        makers.put("delete", WriteCommands.Delete::new);
        makers.put("deleteall", WriteCommands.DeleteAll::new);
        makers.put("delquota", QuotaCommands.DelQuota::new);
        makers.put("get", ReadCommands.Get::new);
        makers.put("getAcl", ReadCommands.GetAcl::new);
        makers.put("getAllChildrenNumber", ReadCommands.GetAllChildrenNumber::new);
        makers.put("getEphemerals", ReadCommands.GetEphemerals::new);
        makers.put("help", SessionCommands.Help::new);
        makers.put("history", SessionCommands.History::new);
        makers.put("listquota", QuotaCommands.ListQuota::new);
        makers.put("ls", ReadCommands.Ls::new);
        makers.put("printwatches", WatchCommands.PrintWatches::new);
        makers.put("quit", SessionCommands.Quit::new);
        makers.put("reconfig", ConfigCommands.Reconfig::new);
        makers.put("redo", SessionCommands.Redo::new);
        makers.put("removewatches", WatchCommands.RemoveWatches::new);
        makers.put("set", WriteCommands.Set::new);
        makers.put("setAcl", WriteCommands.SetAcl::new);
        makers.put("setquota", QuotaCommands.SetQuota::new);
        makers.put("stat", ReadCommands.StatOf::new);
        makers.put("sync", SessionCommands.Sync::new);
        makers.put("version", SessionCommands.VersionOf::new);
        makers.put("whoami", SessionCommands.WhoAmI::new);
    }

    Set<String> names() {
        return makers.keySet();
    }

    /** A new one of each. */
    List<CommandLine> all() {
        return makers.values().stream().map(Commands::parser).toList();
    }

    /** A new one, which can be run once. */
    CommandLine named(String name) throws CommandException {
        Supplier<Operation> maker = makers.get(name.equals("exit") ? "quit" : name);
        if (maker == null) {
            throw CommandException.usage("Command not found: " + name, "help lists the commands");
        }
        return parser(maker);
    }

    /** The command of a line, with its options and arguments set. */
    Operation parse(List<String> words) throws CommandException {
        CommandLine command = named(words.get(0));
        List<String> arguments = words.subList(1, words.size());
        try {
            command.parseArgs(arguments.toArray(String[]::new));
        } catch (CommandLine.UnmatchedArgumentException e) {
            throw CommandException.usage(
                    String.valueOf(e.getMessage()),
                    "usage: " + synopsis(command)
                            + (e.isUnknownOption() ? "; write -- before data that begins with -" : ""));
        } catch (CommandLine.ParameterException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()), "usage: " + synopsis(command));
        }
        return command.getCommand();
    }

    static String synopsis(CommandLine command) {
        return String.join(" ", command.getCommandSpec().usageMessage().customSynopsis());
    }

    private static CommandLine parser(Supplier<Operation> maker) {
        return new CommandLine(maker.get()).setExpandAtFiles(false);
    }
}
