package io.troupe.app.tls;

import io.troupe.node.ConfigurationException;
import io.troupe.node.TlsSettings;
import io.troupe.node.TlsSettings.ClientAuth;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys and certificates in force, and how TLS is spoken with them. Thread-safe. */
public final class TlsContext {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContext.class);

    private final TlsSettings settings;
    private volatile SSLContext current;

    /** What the files held when they were last looked at; null when they could not be read. */
    private @Nullable Files seen;

    private String lastProblem = "";

    /** All files at one moment; those of the trust store only where clients are asked for certificates. */
    private record Files(StoreContents keys, @Nullable StoreContents authorities) {}

    private TlsContext(TlsSettings settings, Files files) {
        this.settings = settings;
        this.seen = files;
        this.current = context(files);
    }

    /**
     * Reads the files that the settings name.
     *
     * @throws ConfigurationException when they, or what the settings ask of TLS, cannot be used
     */
    public static TlsContext load(TlsSettings settings) {
        TlsContext context = new TlsContext(settings, read(settings));
        context.probe();
        return context;
    }

    public TlsSettings settings() {
        return settings;
    }

    private static Files read(TlsSettings settings) {
        return new Files(
                StoreContents.read(settings.keyStore()),
                settings.asksForCertificates() ? StoreContents.read(settings.trustStore()) : null);
    }

    private SSLContext context(Files files) {
        // Without any, Java would believe all public authorities.
        TrustManager[] authorities = files.authorities() == null
                ? new TrustManager[0]
                : new StoreOpener(settings.trustStore(), files.authorities()).authorities();
        try {
            SSLContext made = SSLContext.getInstance("TLS");
            made.init(new StoreOpener(settings.keyStore(), files.keys()).keys(), authorities, null);
            return made;
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException("this Java speaks no TLS (" + e.getMessage() + "); use another one");
        }
    }

    /** Looks whether Java knows everything that the settings name. */
    private void probe() {
        SSLParameters known = current.getSupportedSSLParameters();
        check("protocols", settings.protocols(), Set.of(known.getProtocols()));
        check("cipher-suites", settings.cipherSuites(), Set.of(known.getCipherSuites()));
    }

    private void check(String key, List<String> named, Set<String> known) {
        for (String name : named) {
            if (!known.contains(name)) {
                throw new ConfigurationException(settings.keyStore().key().replace("key-store", key) + " names " + name
                        + ", which this Java does not know; choose from " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    /** The server's side of one connection with a client. */
    public SSLEngine engine(InetSocketAddress peer) {
        return engine(peer.getAddress().getHostAddress(), peer.getPort());
    }

    /** The same with a client of whose address only the text is known. */
    public SSLEngine engine(String host, int port) {
        return engine(host, port, settings.verifyHost());
    }

    /**
     * The side of one connection that was called.
     *
     * @param verifyHost whether the other side's certificate must name {@code host}
     */
    SSLEngine engine(String host, int port, boolean verifyHost) {
        SSLEngine engine = current.createSSLEngine(host, port);
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine, verifyHost);
        parameters.setUseCipherSuitesOrder(true);
        if (settings.clientAuth() == ClientAuth.NEED) {
            parameters.setNeedClientAuth(true);
        } else if (settings.clientAuth() == ClientAuth.WANT) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The side of one connection that calls {@code host}. */
    SSLEngine callingEngine(String host, int port) {
        SSLEngine engine = current.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(parameters(engine, settings.verifyHost()));
        return engine;
    }

    private SSLParameters parameters(SSLEngine engine, boolean verifyHost) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(settings.protocols().toArray(String[]::new));
        if (!settings.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(settings.cipherSuites().toArray(String[]::new));
        }
        if (verifyHost) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        return parameters;
    }

    /**
     * Takes over what the files hold now, for connections that come later. What cannot be used is logged once, and what was in
     * force stays. Reads files, so it may block.
     */
    public synchronized void refresh() {
        try {
            Files now = read(settings);
            if (now.equals(seen)) {
                return;
            }
            seen = now;
            current = context(now);
            lastProblem = "";
            LOG.info("TLS: the files have changed; connections from now on use what they hold");
        } catch (ConfigurationException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(lastProblem)) {
                LOG.warn("TLS: {}; until then connections use what was there before", problem);
            }
            lastProblem = problem;
        }
    }
}
