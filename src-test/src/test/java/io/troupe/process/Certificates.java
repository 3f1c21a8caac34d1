package io.troupe.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;

/** Keys with self-signed certificates, made by the JDK's keytool in a directory, and clients that show them. */
final class Certificates {
    /** Of every store. */
    static final String PASSWORD = "correct-horse";

    private final Path directory;

    Certificates(Path directory) {
        this.directory = directory;
    }

    /** A store with a key and a certificate for this host: the client looks up the name of the address that it is given. */
    Path make(String file, String subject) {
        var store = directory.resolve(file);
        keytool(
                directory.resolve(file + ".log"),
                store,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                subject,
                "-ext",
                "san=ip:" + ServerAddress.HOST + ",dns:localhost",
                "-storetype",
                "PKCS12");
        return store;
    }

    /** A text file with the certificates of stores. */
    Path believing(String file, Path... stores) throws IOException {
        var text = new StringBuilder();
        for (Path store : stores) {
            var exported = directory.resolve(store.getFileName() + ".exported");
            keytool(exported, store, "-exportcert", "-rfc");
            text.append(Files.readString(exported));
        }
        return Files.writeString(directory.resolve(file), text);
    }

    private static void keytool(Path output, Path store, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "key", "-keystore", store.toString(), "-storepass", PASSWORD));
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(output.toFile())
                    .start();
            // Asked for something, it fails.
            process.getOutputStream().close();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool failed: " + Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The settings of a client that speaks TLS and shows no certificate. */
    static ZKClientConfig client(Path believed) {
        var configuration = new ZKClientConfig();
        try (var keys = new ClientX509Util()) {
            configuration.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
            configuration.setProperty(
                    ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
            configuration.setProperty(keys.getSslTruststoreLocationProperty(), believed.toString());
        }
        return configuration;
    }

    /** The same showing the certificate of a store. */
    static ZKClientConfig client(Path believed, Path store) {
        var configuration = client(believed);
        try (var keys = new ClientX509Util()) {
            configuration.setProperty(keys.getSslKeystoreLocationProperty(), store.toString());
            configuration.setProperty(keys.getSslKeystorePasswdProperty(), PASSWORD);
        }
        return configuration;
    }
}
