package io.troupe.app.clientport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Stands behind TLS and tells the connection how the handshake went and what breaks later. One event loop only. */
final class TlsGate extends ChannelInboundHandlerAdapter {
    private final SslHandler tls;
    private final SocketChannel channel;
    private final ClientConnection connection;

    TlsGate(SslHandler tls, SocketChannel channel, ClientConnection connection) {
        this.tls = tls;
        this.channel = channel;
        this.connection = connection;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                connection
                        .proofs()
                        .secured(shown(tls.engine().getSession()), channel.remoteAddress(), channel.localAddress());
            } else {
                connection.drop("did not get through the TLS handshake (" + reason(done.cause()) + ")");
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private static List<X509Certificate> shown(SSLSession session) {
        List<X509Certificate> shown = new ArrayList<>();
        try {
            for (Certificate certificate : session.getPeerCertificates()) {
                shown.add((X509Certificate) certificate);
            }
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
        return shown;
    }

    /** The reason below what only says that there is one. */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        if (innermost instanceof NotSslRecordException) {
            // Its message is all that the client has sent.
            return "what it sent is not TLS";
        }
        String message = innermost.getMessage();
        if (innermost instanceof ClosedChannelException) {
            return "the client hung up";
        }
        return message == null ? innermost.getClass().getSimpleName() : message;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException broken) {
            connection.drop("broke off TLS (" + reason(broken) + ")");
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }
}
