package io.troupe.app.tls;

import akka.remote.artery.tcp.SSLEngineProvider;
import io.troupe.node.ConfigurationException;
import io.troupe.node.PeerSecurity;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import scala.Option;

/**
 * Makes the two ends of connections between nodes for Akka's remoting. Both show a certificate. Files that have changed are read when
 * the next connection is made.
 */
public final class PeerEngines implements SSLEngineProvider {
    private static final String[] SECRET_PROTOCOLS = {"TLSv1.3"};

    private final Ends ends;
    private final CertificateNames names;

    /** Where engines come from. */
    private interface Ends {
        SSLEngine answering(String host, int port);

        SSLEngine calling(String host, int port);
    }

    private PeerEngines(Ends ends, List<String> names) {
        this.ends = ends;
        this.names = new CertificateNames(names);
    }

    /**
     * What the settings ask for.
     *
     * @return empty where connections between nodes are not encrypted
     * @throws ConfigurationException when a file that they name cannot be used
     */
    public static Optional<SSLEngineProvider> of(PeerSecurity security) {
        if (security instanceof PeerSecurity.SharedSecret shared) {
            return Optional.of(new PeerEngines(new OfSecret(SharedSecret.contextOf(shared.file())), List.of()));
        }
        return security instanceof PeerSecurity.Certificates certificates
                ? Optional.of(new PeerEngines(new OfFiles(TlsContext.load(certificates.tls())), certificates.names()))
                : Optional.empty();
    }

    private record OfFiles(TlsContext context) implements Ends {
        @Override
        public SSLEngine answering(String host, int port) {
            context.refresh();
            return context.engine(host, port, false);
        }

        @Override
        public SSLEngine calling(String host, int port) {
            context.refresh();
            return context.callingEngine(host, port);
        }
    }

    private record OfSecret(SSLContext context) implements Ends {
        @Override
        public SSLEngine answering(String host, int port) {
            SSLEngine engine = engine(host, port);
            engine.setUseClientMode(false);
            engine.setNeedClientAuth(true);
            return engine;
        }

        @Override
        public SSLEngine calling(String host, int port) {
            SSLEngine engine = engine(host, port);
            engine.setUseClientMode(true);
            return engine;
        }

        private SSLEngine engine(String host, int port) {
            SSLEngine engine = context.createSSLEngine(host, port);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(SECRET_PROTOCOLS);
            engine.setSSLParameters(parameters);
            return engine;
        }
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
        return ends.answering(hostname, port);
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
        return ends.calling(hostname, port);
    }

    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
        return verify(session);
    }

    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
        return verify(session);
    }

    private Option<Throwable> verify(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain[0] instanceof X509Certificate own && names.accept(own)
                    ? Option.empty()
                    : Option.apply(new SSLPeerUnverifiedException("the certificate of " + session.getPeerPrincipal()
                            + " bears no name of troupe.peer-tls.names"));
        } catch (SSLPeerUnverifiedException e) {
            return Option.apply(e);
        }
    }
}
