package io.troupe.app.console;

import io.troupe.app.tls.TlsContext;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS in front of HTTP. A connection that does not begin with a handshake is HTTP in plain text, which {@link AccessRule} shows health
 * and nothing else, so that probes need no certificates and a forgotten "s" is answered by a sentence.
 */
final class HttpTls {
    private HttpTls() {}

    /** What begins a connection, first that which looks at its first bytes. */
    static ConnectionFactory[] factories(TlsContext context, HttpConfiguration configuration) {
        // The certificate is for people and tools to check; by what name they came is no matter here.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        SslConnectionFactory tls = new SslConnectionFactory(new Engines(context), http.getProtocol());
        return new ConnectionFactory[] {new DetectorConnectionFactory(tls), http};
    }

    /** The verified chain that the caller has shown, its own first; empty where he has shown none. */
    static List<X509Certificate> shownBy(Request request) {
        EndPoint.SslSessionData session =
                request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
        X509Certificate[] chain = session == null ? null : session.peerCertificates();
        return chain == null ? List.of() : List.of(chain);
    }

    /** Engines of the keys that are in force at the moment, which Jetty would keep for ever. */
    private static final class Engines extends SslContextFactory.Server {
        private final TlsContext context;

        Engines(TlsContext context) {
            this.context = context;
        }

        @Override
        public SSLEngine newSSLEngine() {
            return newSSLEngine("localhost", 0);
        }

        @Override
        public SSLEngine newSSLEngine(String host, int port) {
            return context.engine(host, port);
        }

        @Override
        public SSLEngine newSSLEngine(InetSocketAddress peer) {
            return context.engine(peer);
        }
    }
}
