package io.troupe.app.clientport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a connection's bytes into frames (contract 1.2), each handed on as a {@link ByteBuf} without its length. The
 * first bytes may be a {@link FourLetterWords status word} instead, handed on as a {@link StatusWord}.
 */
final class FrameCodec extends ByteToMessageDecoder {
    private final ClientConnection connection;
    private final FourLetterWords words;
    private final int maxFrameBytes;
    private @Nullable ChannelHandlerContext context;
    private boolean opened;

    FrameCodec(ClientConnection connection, FourLetterWords words, int maxFrameBytes) {
        this.connection = connection;
        this.words = words;
        this.maxFrameBytes = maxFrameBytes;
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
            decodeWord(in, words.argumentBytes(length), out);
            return;
        }
        opened = true;
        if (length < 0 || length > maxFrameBytes) {
            connection.drop("announced a frame of " + length + " bytes, where 0 to " + maxFrameBytes + " are allowed");
            return;
        }
        if (!connection.hasRoomFor(length)) {
            connection.rejectedLarge();
            connection.drop("announced a frame of " + length + " bytes, while large requests hold all they may");
            return;
        }
        if (in.readableBytes() >= Integer.BYTES + length
                && connection.isTurn(length < Integer.BYTES ? 0 : in.getInt(in.readerIndex() + Integer.BYTES))) {
            in.skipBytes(Integer.BYTES);
            out.add(in.readRetainedSlice(length));
        }
    }

    private void decodeWord(ByteBuf in, int argumentBytes, List<Object> out) {
        if (in.readableBytes() < Integer.BYTES + argumentBytes) {
            // The rest comes in a later segment.
            return;
        }
        opened = true;
        String text =
                in.readCharSequence(Integer.BYTES, StandardCharsets.ISO_8859_1).toString();
        out.add(new StatusWord(text, argumentBytes == 0 ? 0 : in.readLong()));
    }
}
