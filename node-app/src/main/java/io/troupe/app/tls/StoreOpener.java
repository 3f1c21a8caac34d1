package io.troupe.app.tls;

import io.troupe.node.ConfigurationException;
import io.troupe.node.TlsSettings.Store;
import io.troupe.node.TlsSettings.StoreType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes of a store's contents what TLS needs. Messages name file, key and remedy, and never a password. */
final class StoreOpener {
    private final Store store;
    private final StoreContents contents;

    StoreOpener(Store store, StoreContents contents) {
        this.store = store;
        this.contents = contents;
    }

    /** The file in a message: with our key for it, and ZooKeeper's, or with the option that names it. */
    static String named(String key, String file) {
        if (isOption(key) || key.startsWith("troupe.http.")) {
            return file + ", which " + key + " names,";
        }
        String theirs = key.replace("troupe.tls.", "ssl.")
                .replace("troupe.peer-tls.", "ssl.quorum.")
                .replace("-password-file", ".passwordPath")
                .replace("-store", "Store");
        return file + ", which " + key + " (" + (theirs.endsWith("Store") ? theirs + ".location" : theirs) + ") names,";
    }

    /** Whether it stands on a command line, not in a configuration. */
    private static boolean isOption(String key) {
        return key.startsWith("--");
    }

    /**
     * The private key with its certificate.
     *
     * @throws ConfigurationException when the store is not as it should be
     */
    KeyManager[] keys() {
        KeyStore opened = open();
        try {
            boolean holdsKey = false;
            for (String alias : Collections.list(opened.aliases())) {
                holdsKey |= opened.isKeyEntry(alias);
            }
            if (!holdsKey) {
                throw problem("holds no private key; a key store needs one, with its certificate");
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(opened, password());
            return factory.getKeyManagers();
        } catch (UnrecoverableKeyException e) {
            throw problem("has a private key with another password than the file; give both the same one (keytool"
                    + " -keypasswd)");
        } catch (GeneralSecurityException e) {
            throw problem("has a private key that cannot be used (" + e.getMessage() + "); make another one");
        }
    }

    /**
     * The authorities that are believed.
     *
     * @throws ConfigurationException when the store is not as it should be
     */
    TrustManager[] authorities() {
        KeyStore opened = open();
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(opened);
            TrustManager[] managers = factory.getTrustManagers();
            for (TrustManager manager : managers) {
                if (manager instanceof X509TrustManager x509 && x509.getAcceptedIssuers().length == 0) {
                    throw problem("holds no certificate that Java trusts; add the authority's (keytool -importcert)");
                }
            }
            return managers;
        } catch (GeneralSecurityException e) {
            throw problem("holds certificates that cannot be used (" + e.getMessage() + "); make another one");
        }
    }

    KeyStore open() {
        try {
            if (store.type() == StoreType.PEM) {
                return PemFile.open(contents.toBytes(), password());
            }
            KeyStore opened = KeyStore.getInstance(store.type().name());
            opened.load(new ByteArrayInputStream(contents.toBytes()), fileNeedsNoPassword() ? null : password());
            return opened;
        } catch (KeyStoreException e) {
            throw problem("is of a type that this Java does not know; use PKCS12 or PEM");
        } catch (UnrecoverableKeyException e) {
            throw wrongPassword();
        } catch (IOException | GeneralSecurityException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw wrongPassword();
            }
            throw problem("cannot be read as " + store.type() + " (" + e.getMessage() + "); correct the file, or "
                    + (isOption(store.key()) ? "the ending of its name" : store.key() + "-type"));
        }
    }

    /** A JKS file can be read without its password, which then is not checked. */
    private boolean fileNeedsNoPassword() {
        return store.type() == StoreType.JKS && contents.password().text().isEmpty();
    }

    private char[] password() {
        return contents.password().text().toCharArray();
    }

    private ConfigurationException wrongPassword() {
        if (isOption(store.key()) && store.passwordFile().isEmpty()) {
            return problem(
                    "needs a password; name a file whose first line is it with " + store.key() + "-password-file");
        }
        String given = store.passwordFile().isEmpty()
                ? store.key() + "-password"
                : store.passwordFile() + " (" + store.key() + "-password-file)";
        return problem("cannot be opened with the password in " + given + "; correct the password");
    }

    private ConfigurationException problem(@Nullable String problem) {
        return new ConfigurationException(named(store.key(), store.file()) + " " + problem);
    }
}
