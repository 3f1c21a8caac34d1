package io.troupe.app.tls;

import io.troupe.node.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret that all nodes share, as what TLS is spoken with: one private key follows from it, with one certificate, and that one
 * certificate is all that is believed. So only who knows the secret completes a handshake, on either side. The certificate is shown
 * to whoever calls, and a short secret could be guessed from it at leisure: hence its least length.
 */
final class SharedSecret {
    private static final Logger LOG = LoggerFactory.getLogger(SharedSecret.class);
    private static final int LEAST_CHARACTERS = 32;
    private static final String KEY = "troupe.peer-tls.secret-file";
    private static final String MAC = "HmacSHA256";
    /** Bound to its use and form: another use of the secret must come to another key. */
    private static final byte[] PURPOSE = "troupe peer key 1".getBytes(StandardCharsets.US_ASCII);

    private SharedSecret() {}

    /**
     * Reads the file.
     *
     * @throws ConfigurationException when it cannot be read or holds no good secret; the message names it
     */
    static SSLContext contextOf(String file) {
        byte[] secret = read(file);
        try {
            KeyPair pair = keyPair(secret);
            Certificate certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(SelfSigned.certificate(pair)));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("node", pair.getPrivate(), new char[0], new Certificate[] {certificate});
            store.setCertificateEntry("ensemble", certificate);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigurationException(
                    KEY + " needs a Java that knows Ed25519 (" + e.getMessage() + "); use one, or certificates");
        }
    }

    private static byte[] read(String file) {
        String named = file + ", which " + KEY + " names,";
        String text;
        try {
            Path path = Path.of(file);
            text = Files.readString(path, StandardCharsets.UTF_8).strip();
            warnIfOthersRead(path, named);
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(
                    named + " does not exist; make one (head -c 32 /dev/urandom | base64) and copy it to all nodes");
        } catch (IOException | InvalidPathException e) {
            throw new ConfigurationException(named + " cannot be read ("
                    + e.getClass().getSimpleName() + "); let this node's user read it, or correct the path");
        }
        if (text.length() < LEAST_CHARACTERS) {
            throw new ConfigurationException(named + " holds " + text.length() + " characters, where "
                    + LEAST_CHARACTERS + " are the least; make another (head -c 32 /dev/urandom | base64)");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void warnIfOthersRead(Path file, String named) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
            LOG.warn("{} can be read by every user of this host; chmod 600 it", named);
        }
    }

    /** What follows from it. */
    static KeyPair keyPair(byte[] secret) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(MAC);
        mac.init(new SecretKeySpec(secret, MAC));
        byte[] seed = mac.doFinal(PURPOSE);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new Predetermined(seed));
        KeyPair pair = generator.generateKeyPair();
        byte[] drawn = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        if (!Arrays.equals(drawn, seed)) {
            throw new GeneralSecurityException("keys do not follow from a given number");
        }
        return pair;
    }

    /** Java makes a public key for a private one only where it draws that itself. */
    private static final class Predetermined extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] drawn;

        Predetermined(byte[] drawn) {
            this.drawn = drawn;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(drawn, 0, bytes, 0, bytes.length);
        }
    }
}
