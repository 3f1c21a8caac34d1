package io.troupe.app.command;

import io.troupe.app.backup.BackupException;
import io.troupe.app.backup.HttpNode;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which node is asked over HTTP, and who asks. */
final class HttpTarget {
    @Option(
            names = {"-server", "--server"},
            paramLabel = "HOST:PORT",
            description = "HTTP port of any node (default ${DEFAULT-VALUE}); https://HOST:PORT where it has TLS",
            defaultValue = "localhost:8080")
    String server = "localhost:8080";

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description =
                    "a user of troupe.http.users with the role admin; the password is asked for, or the first line of"
                            + " standard input")
    @Nullable
    String user;

    @Option(names = "--password-file", paramLabel = "FILE", description = "whose first line is the password")
    @Nullable
    Path passwordFile;

    /**
     * The node.
     *
     * @param input where the password comes from when there is neither a file nor a terminal
     */
    HttpNode node(InputStream input) throws IOException, BackupException {
        if (user == null) {
            throw new BackupException(
                    "name an administrator with --user; bin/troupe password NAME --role admin makes one");
        }
        return HttpNode.of(server, user, password(input));
    }

    private char[] password(InputStream input) throws IOException {
        if (passwordFile != null) {
            return firstLine(Files.newInputStream(passwordFile));
        }
        Console terminal = terminal();
        if (terminal != null) {
            char[] typed = terminal.readPassword("Password of %s: ", user);
            return typed == null ? new char[0] : typed;
        }
        return firstLine(input);
    }

    private static char[] firstLine(InputStream input) throws IOException {
        String line = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8)).readLine();
        return line == null ? new char[0] : line.toCharArray();
    }

    /** Whether somebody looks. */
    static boolean watched() {
        return terminal() != null;
    }

    @SuppressWarnings("SystemConsoleNull") // later platforms tell by isTerminal, which this one does not have
    private static @Nullable Console terminal() {
        return System.console();
    }
}
