package io.troupe.app.clientport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/** Tells by the first byte of a connection whether the client speaks TLS, and steps aside. At the head of the pipeline. */
final class FirstByte extends ChannelInboundHandlerAdapter {
    /** A record of TLS that begins a handshake. No status word begins so, and no frame that is short enough. */
    private static final byte HANDSHAKE = 22;

    private final Consumer<Boolean> speaksTls;

    /**
     * A handler of one connection.
     *
     * @param speaksTls told whether the client speaks TLS, before the byte goes on
     */
    FirstByte(Consumer<Boolean> speaksTls) {
        this.speaksTls = speaksTls;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            speaksTls.accept(bytes.getByte(bytes.readerIndex()) == HANDSHAKE);
            ctx.pipeline().remove(this);
            // From the head, where TLS may stand now.
            ctx.pipeline().fireChannelRead(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }
}
