package io.troupe.app.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Certificates, and at most one private key (PKCS #8), as text. */
final class PemFile {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "DSA");

    private final List<Certificate> certificates = new ArrayList<>();
    private @Nullable PrivateKey key;

    private PemFile() {}

    /**
     * A store of what the text holds. With a private key the certificates are that key's, its own first; without one each is that
     * of an authority.
     *
     * @param password decrypts the private key, and encrypts it in the store
     * @throws UnrecoverableKeyException when the password is wrong
     */
    static KeyStore open(byte[] text, char[] password) throws IOException, GeneralSecurityException {
        PemFile file = new PemFile();
        Matcher blocks = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
        while (blocks.find()) {
            file.add(blocks.group(1), blocks.group(2), password);
        }
        return file.toStore(password);
    }

    private void add(String label, String base64, char[] password) throws IOException, GeneralSecurityException {
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException("a block " + label + " is not written in Base64", e);
        }
        switch (label) {
            case "CERTIFICATE", "X509 CERTIFICATE" -> certificates.add(certificate(bytes));
            case "PRIVATE KEY" -> set(key(new PKCS8EncodedKeySpec(bytes)));
            case "ENCRYPTED PRIVATE KEY" -> set(key(decrypt(new EncryptedPrivateKeyInfo(bytes), password)));
            case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
                throw new IOException("the private key is not PKCS #8; convert it with openssl pkcs8 -topk8");
            default -> {
                // Parameters and the like say nothing that the key does not.
            }
        }
    }

    private static Certificate certificate(byte[] bytes) throws CertificateException {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    private void set(PrivateKey found) throws IOException {
        if (key != null) {
            throw new IOException("there are two private keys");
        }
        key = found;
    }

    private static PrivateKey key(PKCS8EncodedKeySpec encoded) throws GeneralSecurityException {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException another) {
                // The next may be it.
            }
        }
        throw new InvalidKeySpecException("the private key is none of " + String.join(", ", KEY_ALGORITHMS));
    }

    private static PKCS8EncodedKeySpec decrypt(EncryptedPrivateKeyInfo encrypted, char[] password)
            throws GeneralSecurityException {
        AlgorithmParameters parameters = encrypted.getAlgParameters();
        // Of the standard's second kind only the parameters know what was used.
        String algorithm = parameters != null && encrypted.getAlgName().equals("PBES2")
                ? parameters.toString()
                : encrypted.getAlgName();
        SecretKeyFactory factory;
        try {
            factory = SecretKeyFactory.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new NoSuchAlgorithmException(
                    "the private key is encrypted by " + algorithm + ", which this Java does not know", e);
        }
        try {
            Key secret = factory.generateSecret(new PBEKeySpec(password));
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
            return encrypted.getKeySpec(cipher);
        } catch (InvalidKeyException | InvalidKeySpecException e) {
            throw wrongPassword(e);
        }
    }

    private static UnrecoverableKeyException wrongPassword(Exception cause) {
        UnrecoverableKeyException wrong = new UnrecoverableKeyException("the private key cannot be decrypted");
        wrong.initCause(cause);
        return wrong;
    }

    private KeyStore toStore(char[] password) throws IOException, GeneralSecurityException {
        if (certificates.isEmpty()) {
            throw new IOException("there is no certificate in it");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (key != null) {
            store.setKeyEntry("key", key, password, certificates.toArray(Certificate[]::new));
            return store;
        }
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority-" + i, certificates.get(i));
        }
        return store;
    }
}
