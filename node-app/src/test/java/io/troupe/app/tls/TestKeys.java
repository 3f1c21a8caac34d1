package io.troupe.app.tls;

import com.typesafe.config.ConfigFactory;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Self-signed certificates of a directory, made by the JDK's keytool, and the settings that name them. */
public final class TestKeys {
    /** Of every store. */
    public static final String PASSWORD = "correct horse";

    private static final String NODE = "akka.cluster.seed-nodes = [\"akka://troupe@127.0.0.1:25520\"]\n";

    private final Path directory;

    /** Keys that are kept in this directory. */
    public TestKeys(Path directory) {
        this.directory = directory;
    }

    /** A store with the key of one subject, whose certificate names 127.0.0.1. */
    public Path make(String file, String subject, String... more) {
        return makeFor("127.0.0.1", file, subject, more);
    }

    /** The same of a subject at another address. */
    public Path makeFor(String address, String file, String subject, String... more) {
        Path store = directory.resolve(file);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                subject,
                "-ext",
                "san=ip:" + address,
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(more));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve(file + ".log").toFile())
                    .start();
            // Asked for something, it fails.
            process.getOutputStream().close();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(Files.readString(directory.resolve(file + ".log")));
            }
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        return loaded;
    }

    /** A text file with the certificates of these stores. */
    public Path certificates(String file, Path... stores) throws IOException, GeneralSecurityException {
        StringBuilder text = new StringBuilder();
        for (Path store : stores) {
            text.append(block("CERTIFICATE", load(store).getCertificate("key").getEncoded()));
        }
        return Files.writeString(directory.resolve(file), text);
    }

    /** A text file with the private key, labelled and encoded as wanted, and the certificate. */
    Path keyAndCertificate(String file, Path store, String label, boolean encrypted)
            throws IOException, GeneralSecurityException {
        byte[] key = load(store).getKey("key", PASSWORD.toCharArray()).getEncoded();
        return Files.writeString(
                directory.resolve(file),
                "a comment\n" + block(label, encrypted ? encrypt(key) : key)
                        + block("CERTIFICATE", load(store).getCertificate("key").getEncoded()));
    }

    private static byte[] encrypt(byte[] key) throws IOException, GeneralSecurityException {
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(PASSWORD.toCharArray())));
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
        parameters.init(cipher.getParameters().getEncoded());
        return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(key)).getEncoded();
    }

    private static String block(String label, byte[] bytes) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        label,
                        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(bytes),
                        label);
    }

    /** A client's side of TLS, with the key of a store, which may be null for none. */
    public static SSLContext client(@Nullable Path store, Path authorities)
            throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(PemFile.open(Files.readAllBytes(authorities), new char[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        if (store == null) {
            keys.init(null, null);
        } else {
            keys.init(load(store), PASSWORD.toCharArray());
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** The settings that these lines of a configuration file make. */
    static ProcessSettings settings(String... lines) {
        return NodeSettingsReader.read(ConfigFactory.parseString(NODE + String.join("\n", lines)));
    }

    /** Settings of a secure port with a key store, a trust store and further lines. */
    public static ProcessSettings settings(Path keys, Path authorities, String... lines) {
        return settings(
                "troupe.secure-client-port = 2281",
                "troupe.tls.key-store = \"" + keys + "\"",
                "troupe.tls.key-store-password = \"" + PASSWORD + "\"",
                "troupe.tls.trust-store = \"" + authorities + "\"",
                String.join("\n", lines));
    }
}
