package io.troupe.app.clientport.jute;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import io.troupe.request.Stat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The primitives of the wire (contract 1.1), written straight into a buffer. */
final class WireWriter {
    private static final int NULL_LENGTH = -1;

    private WireWriter() {}

    /** Leaves room for the length of a frame. */
    static int begin(ByteBuf target) {
        int start = target.writerIndex();
        target.writeInt(0);
        return start;
    }

    /** Fills in the length of everything written since {@link #begin}. */
    static void end(ByteBuf target, int start) {
        target.setInt(start, target.writerIndex() - start - Integer.BYTES);
    }

    static void header(ByteBuf target, int xid, long zxid, int error) {
        target.writeInt(xid).writeLong(zxid).writeInt(error);
    }

    static void bytes(ByteBuf target, byte @Nullable [] bytes) {
        if (bytes == null) {
            target.writeInt(NULL_LENGTH);
        } else {
            target.writeInt(bytes.length).writeBytes(bytes);
        }
    }

    static void text(ByteBuf target, String text) {
        int start = begin(target);
        ByteBufUtil.writeUtf8(target, text);
        end(target, start);
    }

    static void texts(ByteBuf target, List<String> list) {
        target.writeInt(list.size());
        for (String text : list) {
            text(target, text);
        }
    }

    static void stat(ByteBuf target, Stat stat) {
        target.writeLong(stat.czxid())
                .writeLong(stat.mzxid())
                .writeLong(stat.ctime())
                .writeLong(stat.mtime())
                .writeInt(stat.version())
                .writeInt(stat.cversion())
                .writeInt(stat.aversion())
                .writeLong(stat.ephemeralOwner())
                .writeInt(stat.dataLength())
                .writeInt(stat.numChildren())
                .writeLong(stat.pzxid());
    }

    static void acl(ByteBuf target, List<Acl> list) {
        target.writeInt(list.size());
        for (Acl entry : list) {
            target.writeInt(entry.perms());
            identity(target, entry.who());
        }
    }

    static void identities(ByteBuf target, List<Identity> list) {
        target.writeInt(list.size());
        for (Identity identity : list) {
            identity(target, identity);
        }
    }

    private static void identity(ByteBuf target, Identity identity) {
        text(target, identity.scheme());
        text(target, identity.id());
    }

    static void multiHeader(ByteBuf target, int type, boolean done, int error) {
        target.writeInt(type).writeBoolean(done).writeInt(error);
    }
}
