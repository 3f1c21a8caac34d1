package io.troupe.app.tls;

import io.troupe.node.TlsSettings.Store;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The certificates in a store, for who asks how long they last. */
public final class CertificateDates {
    private CertificateDates() {}

    /**
     * All of them, with the chains of those that have one.
     *
     * @throws io.troupe.node.ConfigurationException when the store cannot be read or opened
     */
    public static List<X509Certificate> of(Store store) {
        KeyStore opened = new StoreOpener(store, StoreContents.read(store)).open();
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (String alias : Collections.list(opened.aliases())) {
                Certificate[] chain = opened.getCertificateChain(alias);
                for (Certificate certificate :
                        chain == null ? new Certificate[] {opened.getCertificate(alias)} : chain) {
                    if (certificate instanceof X509Certificate x509) {
                        certificates.add(x509);
                    }
                }
            }
        } catch (KeyStoreException e) {
            throw new IllegalStateException("the store is open", e);
        }
        return certificates;
    }
}
