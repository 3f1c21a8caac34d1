package io.troupe.app.clientport.jute;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply with long data or many names, encoded as the socket takes it: a connection holds a part of it outside the heap, however
 * long it is and however slowly it is read.
 */
final class LargeReply implements ServerFrame.Parts {
    private static final long LARGE = 64 << 10;
    private static final int HEADER = 16;
    private static final int MULTI_HEADER = 9;
    private static final int STAT = 68;

    private final ServerFrame.Reply reply;
    private final boolean many;
    private final Iterator<Result> results;
    private boolean begun;
    private byte @Nullable [] data;
    private int dataWritten;
    private Iterator<String> names = Collections.emptyIterator();
    private @Nullable Stat stat;

    /** The reply from its beginning. */
    LargeReply(ServerFrame.Reply reply) {
        this.reply = reply;
        this.many = reply.result() instanceof Result.Many;
        this.results = resultsOf(reply.result()).iterator();
    }

    /** Whether it pays to encode the reply in parts. */
    static boolean isLarge(ServerFrame.Reply reply) {
        Result result = reply.result();
        boolean canBe = result instanceof Result.Data
                || result instanceof Result.Children
                || result instanceof Result.Paths
                || (result instanceof Result.Many && reply.request().type() == OpCode.MULTI_READ);
        return canBe && reply.heldBytes() > LARGE;
    }

    private static List<Result> resultsOf(Result result) {
        return result instanceof Result.Many several ? several.results() : List.of(result);
    }

    @Override
    public boolean append(ByteBuf target, int bytes) {
        int end = target.writerIndex() + Math.max(1, bytes);
        while (target.writerIndex() < end) {
            if (!begun) {
                begin(target);
            } else if (!appendBody(target, end) && !nextResult(target)) {
                return true;
            }
        }
        return false;
    }

    private void begin(ByteBuf target) {
        begun = true;
        target.writeInt(Math.toIntExact(length()));
        WireWriter.header(
                target,
                reply.request().xid(),
                reply.zxid(),
                reply.result().error().code());
    }

    private long length() {
        long length = HEADER;
        for (Result result : resultsOf(reply.result())) {
            length += bodyLength(result) + (many ? MULTI_HEADER : 0);
        }
        return length + (many ? MULTI_HEADER : 0);
    }

    private static long bodyLength(Result result) {
        if (result instanceof Result.Data found) {
            byte[] bytes = found.data();
            return (long) Integer.BYTES + (bytes == null ? 0 : bytes.length) + STAT;
        } else if (result instanceof Result.Children children) {
            return Integer.BYTES * (1L + children.names().size())
                    + children.names().utf8Bytes()
                    + (children.stat() == null ? 0 : STAT);
        } else if (result instanceof Result.Paths paths) {
            return textsLength(paths.paths());
        }
        return Integer.BYTES;
    }

    private static long textsLength(List<String> texts) {
        long length = Integer.BYTES;
        for (String text : texts) {
            length += Integer.BYTES + ByteBufUtil.utf8Bytes(text);
        }
        return length;
    }

    /** Goes on with the body of a result; false when there is nothing left of it. */
    private boolean appendBody(ByteBuf target, int end) {
        if (data != null) {
            int part = Math.min(data.length - dataWritten, end - target.writerIndex());
            target.writeBytes(data, dataWritten, part);
            dataWritten += part;
            if (dataWritten == data.length) {
                data = null;
            }
        } else if (names.hasNext()) {
            WireWriter.text(target, names.next());
        } else if (stat != null) {
            WireWriter.stat(target, stat);
            stat = null;
        } else {
            return false;
        }
        return true;
    }

    /** Begins the next result, or ends the list of them; false when there is none. */
    private boolean nextResult(ByteBuf target) {
        if (!results.hasNext()) {
            if (many) {
                WireWriter.multiHeader(target, OpCode.ERROR, true, -1);
            }
            return false;
        }
        Result result = results.next();
        if (many) {
            WireWriter.multiHeader(target, typeOf(result), false, result.error().code());
        }
        if (result instanceof Result.Data found) {
            beginData(target, found);
        } else if (result instanceof Result.Children children) {
            target.writeInt(children.names().size());
            names = children.names().iterator();
            stat = children.stat();
        } else if (result instanceof Result.Paths paths) {
            target.writeInt(paths.paths().size());
            names = paths.paths().iterator();
        } else {
            target.writeInt(result.error().code());
        }
        return true;
    }

    private void beginData(ByteBuf target, Result.Data found) {
        byte[] bytes = found.data();
        if (bytes == null || bytes.length == 0) {
            WireWriter.bytes(target, bytes);
        } else {
            target.writeInt(bytes.length);
            data = bytes;
            dataWritten = 0;
        }
        stat = found.stat();
    }

    private static int typeOf(Result result) {
        if (result instanceof Result.Data) {
            return OpCode.GET_DATA;
        }
        return result instanceof Result.Children ? OpCode.GET_CHILDREN : OpCode.ERROR;
    }
}
