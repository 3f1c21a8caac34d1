package io.troupe.app.shell;

import io.troupe.env.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completes commands, their options and paths; these it asks the server for, and remembers them for a moment. */
final class ShellCompleter implements Completer {
    private static final long FRESH_MILLIS = 2000;
    /** Somebody waits with a finger on the key. */
    private static final long PATIENCE_MILLIS = 1000;

    private static final int MOST_REMEMBERED = 100;

    private record Remembered(List<String> names, long sinceMillis) {}

    private final Commands commands;
    private final Connection connection;
    private final Clock clock;
    private final Map<String, Remembered> remembered = new HashMap<>();

    ShellCompleter(Commands commands, Connection connection, Clock clock) {
        this.commands = commands;
        this.connection = connection;
        this.clock = clock;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0) {
            for (CommandLine command : commands.all()) {
                candidates.add(candidate(command.getCommandName(), description(command.getCommandSpec()), true));
            }
            return;
        }
        String typed = line.word().substring(0, line.wordCursor());
        if (typed.startsWith("/")) {
            completePath(typed, candidates);
            return;
        }
        try {
            String before = line.words().get(line.wordIndex() - 1);
            completeArgument(
                    commands.named(line.words().get(0)).getCommandSpec(), before, line.wordIndex(), candidates);
        } catch (CommandException e) {
            // Of an unknown command nothing is known.
        }
    }

    private void completeArgument(CommandSpec command, String before, int index, List<Candidate> candidates) {
        OptionSpec option = command.optionsMap().get(before);
        if (option != null && option.arity().min() > 0) {
            addValues(option, candidates);
            return;
        }
        if (command.name().equals("help") && index == 1) {
            commands.names().forEach(name -> candidates.add(candidate(name, "", true)));
            return;
        }
        command.positionalParameters().forEach(parameter -> {
            if (parameter.index().contains(index - 1)) {
                addValues(parameter, candidates);
            }
            if (parameter.paramLabel().equals("path")) {
                candidates.add(candidate("/", "", false));
            }
        });
        command.options()
                .forEach(known ->
                        candidates.add(candidate(known.longestName(), String.join(" ", known.description()), true)));
    }

    private static void addValues(ArgSpec argument, List<Candidate> candidates) {
        Iterable<String> values = argument.completionCandidates();
        if (values != null) {
            values.forEach(value -> candidates.add(candidate(value, "", true)));
        }
    }

    private void completePath(String typed, List<Candidate> candidates) {
        int slash = typed.lastIndexOf('/');
        String parent = slash == 0 ? "/" : typed.substring(0, slash);
        String prefix = typed.substring(slash + 1);
        for (String name : children(parent)) {
            if (name.startsWith(prefix)) {
                // No space behind it: the path may go on.
                candidates.add(candidate(Subtree.child(parent, name), "", false));
            }
        }
    }

    private List<String> children(String parent) {
        long now = clock.monotonicMillis();
        Remembered known = remembered.get(parent);
        if (known != null && now - known.sinceMillis() < FRESH_MILLIS) {
            return known.names();
        }
        List<String> names = ask(parent);
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(parent, new Remembered(names, now));
        return names;
    }

    private List<String> ask(String parent) {
        ZooKeeper client = connection.ifConnected();
        if (client == null) {
            return List.of();
        }
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        try {
            client.getChildren(
                    parent,
                    false,
                    (rc, path, context, children) ->
                            answer.complete(rc == Code.OK.intValue() ? children : List.<String>of()),
                    null);
            return answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IllegalArgumentException | ExecutionException | TimeoutException e) {
            // No path, or no server that answers soon: there is nothing to offer.
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static String description(CommandSpec command) {
        return String.join(" ", command.usageMessage().description());
    }

    private static Candidate candidate(String value, String description, boolean complete) {
        return new Candidate(value, value, null, description.isEmpty() ? null : description, null, null, complete);
    }
}
