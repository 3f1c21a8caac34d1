package io.troupe.app.command;

import io.troupe.app.backup.BackupException;
import io.troupe.app.backup.HttpNode;
import io.troupe.app.tls.CallerTls;
import io.troupe.node.ConfigurationException;
import io.troupe.node.Secret;
import io.troupe.node.TlsSettings.Store;
import io.troupe.node.TlsSettings.StoreType;
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
            description =
                    "HTTP port of any node (default ${DEFAULT-VALUE}); https://HOST:PORT where it has TLS, which the options"
                            + " about TLS imply",
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

    @Option(
            names = "--trust-store",
            paramLabel = "FILE",
            description =
                    "certificates of the authorities that are believed, or of the nodes (.pem, .p12, .jks), instead of those that"
                            + " Java believes")
    @Nullable
    Path trustStore;

    @Option(
            names = "--trust-store-password-file",
            paramLabel = "FILE",
            description = "whose first line opens it, where it needs a password")
    @Nullable
    Path trustStorePasswordFile;

    @Option(
            names = "--key-store",
            paramLabel = "FILE",
            description = "your private key and certificate (.pem, .p12, .jks), where nodes ask for one; one of"
                    + " troupe.http.certificate-users needs no --user")
    @Nullable
    Path keyStore;

    @Option(
            names = "--key-store-password-file",
            paramLabel = "FILE",
            description = "whose first line opens it, where it needs a password")
    @Nullable
    Path keyStorePasswordFile;

    /**
     * The node.
     *
     * @param input where the password comes from when there is neither a file nor a terminal
     */
    HttpNode node(InputStream input) throws IOException, BackupException {
        CallerTls tls = tls();
        if (user == null && !tls.showsCertificate()) {
            throw new BackupException(
                    "name an administrator with --user; bin/troupe password NAME --role admin makes one");
        }
        return HttpNode.of(server, user == null ? null : new HttpNode.User(user, password(input)), tls);
    }

    private CallerTls tls() throws BackupException {
        try {
            return CallerTls.load(
                    store("--trust-store", trustStore, trustStorePasswordFile),
                    store("--key-store", keyStore, keyStorePasswordFile));
        } catch (ConfigurationException e) {
            throw new BackupException(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Store store(String option, @Nullable Path file, @Nullable Path passwordFile)
            throws BackupException {
        if (file == null) {
            if (passwordFile != null) {
                throw new BackupException(option + "-password-file is of no use without " + option);
            }
            return null;
        }
        StoreType type = StoreType.of(file.toString())
                .orElseThrow(() -> new BackupException(
                        option + " " + file + ": the name must end in .pem, .p12, .pfx or .jks; rename the file"));
        return new Store(
                option, file.toString(), type, Secret.NONE, passwordFile == null ? "" : passwordFile.toString());
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
