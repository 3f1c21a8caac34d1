package io.troupe.app.clientport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a connection's bytes into frames (contract 1.2), each handed to the connection without its length. The first bytes may be a
 * {@link FourLetterWords status word} instead, handed over as a {@link StatusWord}. The last of the pipeline.
 */
final class FrameCodec extends ByteToMessageDecoder {
    private final ClientConnection connection;
    private @Nullable ChannelHandlerContext context;
    private boolean opened;
    /** Bytes of a large frame of which a part is here; 0 for none. */
    private int arriving;

    FrameCodec(ClientConnection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        if (msg != Unpooled.EMPTY_BUFFER && msg instanceof ByteBuf bytes) {
            connection.heard(bytes.readableBytes());
        }
        super.channelRead(ctx, msg);
        connection.adjustReading();
    }

    /** Does not ask for more: whether there is to be more, {@link ClientConnection#adjustReading} has said. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        discardSomeReadBytes();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        try {
            super.channelInactive(ctx);
        } finally {
            arrived();
            connection.inactive();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.failed(cause);
    }

    /** Bytes that have arrived and are no frame yet, or not taken. */
    int heldBytes() {
        return actualReadableBytes();
    }

    /** Hands on frames that arrived while the connection took none. */
    void resume() throws Exception {
        if (context != null && heldBytes() > 0) {
            channelRead(context, Unpooled.EMPTY_BUFFER);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (connection.discardsBytes()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!connection.takesFrames() || in.readableBytes() < Integer.BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (!opened && FourLetterWords.isWord(length)) {
            decodeWord(in, connection.argumentBytes(length));
            return;
        }
        opened = true;
        if (length < 0 || length > connection.maxFrameBytes()) {
            connection.drop("announced a frame of " + length + " bytes, where 0 to " + connection.maxFrameBytes()
                    + " are allowed");
            return;
        }
        if (!connection.hasRoomFor(length)) {
            connection.load().rejectedLarge();
            connection.drop("announced a frame of " + length + " bytes, while large requests hold all they may");
            return;
        }
        if (in.readableBytes() < Integer.BYTES + length) {
            await(length);
            return;
        }
        arrived();
        if (connection.isTurn(length < Integer.BYTES ? 0 : in.getInt(in.readerIndex() + Integer.BYTES))) {
            in.skipBytes(Integer.BYTES);
            connection.take(in.readSlice(length));
        }
    }

    /** The rest of a frame is to come. */
    private void await(int length) {
        if (arriving == 0 && length >= PortLoad.MUCH) {
            if (connection.load().arrives(length)) {
                arriving = length;
            } else {
                connection.load().rejectedLarge();
                connection.drop(
                        "announced a frame of " + length + " bytes, while others that have begun hold all they may");
            }
        }
    }

    private void arrived() {
        connection.load().arrived(arriving);
        arriving = 0;
    }

    private void decodeWord(ByteBuf in, int argumentBytes) {
        if (in.readableBytes() < Integer.BYTES + argumentBytes) {
            // The rest comes in a later segment.
            return;
        }
        opened = true;
        String text =
                in.readCharSequence(Integer.BYTES, StandardCharsets.ISO_8859_1).toString();
        connection.answer(new StatusWord(text, argumentBytes == 0 ? 0 : in.readLong()));
    }
}
