package io.troupe.app.clientport.jute;

import io.netty.buffer.ByteBuf;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Result;
import org.jspecify.annotations.Nullable;

/** One frame to a client, encoded only when it can be written, so that a waiting one shares the tree's arrays. */
public sealed interface ServerFrame {
    /** The xid that marks a watch event. */
    int EVENT_XID = -1;

    /** What a frame without much of a body costs while it waits, in bytes. */
    long SMALL = 128;

    /** Appends the frame, its length included. */
    void encode(ByteBuf target);

    /** What is left of a frame that is encoded in parts. */
    @FunctionalInterface
    interface Parts {
        /** Appends about so many bytes more, at least one; true when these were the last. */
        boolean append(ByteBuf target, int bytes);
    }

    /** The frame from its beginning. */
    default Parts parts() {
        return (target, bytes) -> {
            encode(target);
            return true;
        };
    }

    /** About how much memory a reply with this result holds while it waits. */
    static long heldBytes(Result result) {
        return ReplyEncoder.heldBytes(result);
    }

    /** About how much memory it holds while it waits. */
    default long heldBytes() {
        return SMALL;
    }

    /** The first frame of a connection; all zero with an empty session for an expired one. */
    record Connected(int timeoutMillis, long sessionId, byte[] password, boolean withReadOnly, boolean readOnly)
            implements ServerFrame {
        @Override
        public void encode(ByteBuf target) {
            int start = WireWriter.begin(target);
            target.writeInt(0).writeInt(timeoutMillis).writeLong(sessionId);
            WireWriter.bytes(target, password);
            if (withReadOnly) {
                target.writeBoolean(readOnly);
            }
            WireWriter.end(target, start);
        }
    }

    /** A reply that is only a header. */
    record Header(int xid, long zxid, int error) implements ServerFrame {
        @Override
        public void encode(ByteBuf target) {
            int start = WireWriter.begin(target);
            WireWriter.header(target, xid, zxid, error);
            WireWriter.end(target, start);
        }
    }

    /** The answer to a SASL token, with a body even when it is an error (contract 1.2). */
    record SaslToken(int xid, int error, byte @Nullable [] token) implements ServerFrame {
        @Override
        public void encode(ByteBuf target) {
            int start = WireWriter.begin(target);
            WireWriter.header(target, xid, 0, error);
            WireWriter.bytes(target, token);
            WireWriter.end(target, start);
        }
    }

    /** A watch fired. */
    record Event(WatchEvent event, long zxid) implements ServerFrame {
        private static final int SYNC_CONNECTED = 3;

        @Override
        public void encode(ByteBuf target) {
            int start = WireWriter.begin(target);
            WireWriter.header(target, EVENT_XID, zxid, 0);
            target.writeInt(event.type().code()).writeInt(SYNC_CONNECTED);
            WireWriter.text(target, event.path());
            WireWriter.end(target, start);
        }
    }

    /** The answer to one request. */
    record Reply(RequestShape request, long zxid, Result result) implements ServerFrame {
        @Override
        public void encode(ByteBuf target) {
            ReplyEncoder.encode(target, this);
        }

        @Override
        public Parts parts() {
            return LargeReply.isLarge(this) ? new LargeReply(this) : ServerFrame.super.parts();
        }

        @Override
        public long heldBytes() {
            return ReplyEncoder.heldBytes(result);
        }
    }
}
