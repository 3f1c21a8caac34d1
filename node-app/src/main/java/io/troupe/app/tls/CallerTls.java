package io.troupe.app.tls;

import io.troupe.node.ConfigurationException;
import io.troupe.node.TlsSettings.Store;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS of a command that calls a node: whose certificates it believes, and which one it shows. */
public final class CallerTls {
    private final @Nullable Store authorities;
    private final @Nullable Store keys;
    private final SSLContext context;

    private CallerTls(@Nullable Store authorities, @Nullable Store keys, SSLContext context) {
        this.authorities = authorities;
        this.keys = keys;
        this.context = context;
    }

    /**
     * Reads the files.
     *
     * @param authorities whose certificates are believed; null for those that Java believes
     * @param keys the caller's private key and certificate; null for none
     * @throws ConfigurationException when a file is not as it should be
     */
    public static CallerTls load(@Nullable Store authorities, @Nullable Store keys) {
        try {
            if (authorities == null && keys == null) {
                return new CallerTls(null, null, SSLContext.getDefault());
            }
            // Null is Java's own choice.
            TrustManager[] believed = authorities == null
                    ? null
                    : new StoreOpener(authorities, StoreContents.read(authorities)).authorities();
            KeyManager[] shown = keys == null ? null : new StoreOpener(keys, StoreContents.read(keys)).keys();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown, believed, null);
            return new CallerTls(authorities, keys, context);
        } catch (GeneralSecurityException e) {
            throw noTls(e);
        }
    }

    /**
     * For who calls the node whose own keys these are: it is known by its certificate, which is shown to it where it asks for one.
     *
     * @throws ConfigurationException when the file is not as it should be
     */
    public static SSLContext ofNode(Store keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new StoreOpener(keys, StoreContents.read(keys)).keys(),
                    new TrustManager[] {new OneCertificate(Set.copyOf(CertificateDates.of(keys)))},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw noTls(e);
        }
    }

    private static ConfigurationException noTls(GeneralSecurityException e) {
        return new ConfigurationException("this Java speaks no TLS (" + e.getMessage() + "); use another one");
    }

    /** Whether anything was said of TLS. */
    public boolean wanted() {
        return authorities != null || keys != null;
    }

    /** Whether a node that asks is shown a certificate. */
    public boolean showsCertificate() {
        return keys != null;
    }

    /** For connections. */
    public SSLContext context() {
        return context;
    }

    /**
     * Why a connection came to nothing, and what to do, as the end of a sentence that begins with the node; empty where it was not
     * for TLS.
     */
    public Optional<String> explain(IOException failure) {
        if (caused(failure, CertificateExpiredException.class)) {
            return Optional.of("shows a certificate that has ended; give the node a new one, which needs no restart");
        } else if (caused(failure, CertPathBuilderException.class)
                || caused(failure, CertPathValidatorException.class)) {
            return Optional.of(
                    authorities == null
                            ? "shows a certificate of an authority that this Java does not believe; name the file with that"
                                    + " authority's certificate, or the node's own, by --trust-store"
                            : "shows a certificate that is believed by nothing in " + authorities.file()
                                    + "; put its authority's, or the node's own, into that file, or name another by "
                                    + authorities.key());
        } else if (caused(failure, CertificateException.class)) {
            return Optional.of("shows a certificate for another host ("
                    + root(failure).getMessage() + "); call the node by a name in its certificate");
        } else if (!caused(failure, SSLException.class)) {
            return Optional.empty();
        }
        String told = String.valueOf(root(failure).getMessage());
        if (!told.contains("alert")) {
            return Optional.of("does not speak TLS as this Java does (" + told
                    + "); write http:// if it has none (troupe.http.tls)");
        }
        return Optional.of(
                keys == null
                        ? "ended the TLS handshake (" + told
                                + "); where it demands a certificate (troupe.http.tls.client-auth ="
                                + " need), name the file with yours and its private key by --key-store"
                        : "ended the TLS handshake (" + told
                                + "), probably because it does not believe the certificate in "
                                + keys.file() + "; add its authority to the node's troupe.http.tls.trust-store, or name"
                                + " another by " + keys.key());
    }

    private static boolean caused(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
