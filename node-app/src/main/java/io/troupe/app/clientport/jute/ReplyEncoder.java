package io.troupe.app.clientport.jute;

import io.netty.buffer.ByteBuf;
import io.troupe.request.ErrorCode;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the body that follows from a result (contract 2.5 to 2.9). */
final class ReplyEncoder {
    /** About what one text of a list costs: the reference and its share of the array; the characters are the tree's. */
    private static final long LIST_ENTRY = 64;

    private ReplyEncoder() {}

    static void encode(ByteBuf target, ServerFrame.Reply reply) {
        RequestShape request = reply.request();
        int start = WireWriter.begin(target);
        WireWriter.header(
                target, request.xid(), reply.zxid(), reply.result().error().code());
        if (reply.result() instanceof Result.Many many) {
            many(target, request, many.results());
        } else {
            body(target, reply.result());
        }
        WireWriter.end(target, start);
    }

    private static void body(ByteBuf target, Result result) {
        if (result instanceof Result.Created created) {
            WireWriter.text(target, created.path());
            optionalStat(target, created.stat());
        } else if (result instanceof Result.Found found) {
            WireWriter.stat(target, found.stat());
        } else if (result instanceof Result.Data data) {
            WireWriter.bytes(target, data.data());
            WireWriter.stat(target, data.stat());
        } else if (result instanceof Result.Children children) {
            WireWriter.texts(target, children.names());
            optionalStat(target, children.stat());
        } else {
            rareBody(target, result);
        }
    }

    private static void rareBody(ByteBuf target, Result result) {
        if (result instanceof Result.AclFound found) {
            WireWriter.acl(target, found.acl());
            WireWriter.stat(target, found.stat());
        } else if (result instanceof Result.Count count) {
            target.writeInt(count.total());
        } else if (result instanceof Result.Paths paths) {
            WireWriter.texts(target, paths.paths());
        } else if (result instanceof Result.Synced synced) {
            WireWriter.text(target, synced.path());
        } else if (result instanceof Result.WatchAdded) {
            target.writeInt(ErrorCode.OK.code());
        } else if (result instanceof Result.Who who) {
            WireWriter.identities(target, who.identities());
        }
    }

    private static void optionalStat(ByteBuf target, @Nullable Stat stat) {
        if (stat != null) {
            WireWriter.stat(target, stat);
        }
    }

    private static void many(ByteBuf target, RequestShape request, List<Result> results) {
        // One failure undoes a whole multi, so that its other results are errors too, if only "OK".
        boolean allErrors =
                request.type() == OpCode.MULTI && results.stream().anyMatch(Result.Failed.class::isInstance);
        for (int i = 0; i < results.size(); i++) {
            Result result = results.get(i);
            if (allErrors || result instanceof Result.Failed) {
                WireWriter.multiHeader(
                        target, OpCode.ERROR, false, result.error().code());
                target.writeInt(result.error().code());
            } else {
                WireWriter.multiHeader(target, typeOf(result, request, i), false, ErrorCode.OK.code());
                body(target, result);
            }
        }
        WireWriter.multiHeader(target, OpCode.ERROR, true, -1);
    }

    private static int typeOf(Result result, RequestShape request, int index) {
        if (result instanceof Result.Created created) {
            return created.stat() == null ? OpCode.CREATE : OpCode.CREATE2;
        }
        if (result instanceof Result.Found) {
            return OpCode.SET_DATA;
        }
        if (result instanceof Result.Data) {
            return OpCode.GET_DATA;
        }
        if (result instanceof Result.Children) {
            return OpCode.GET_CHILDREN;
        }
        return request.subTypes().get(index);
    }

    static long heldBytes(Result result) {
        if (result instanceof Result.Data data) {
            byte[] bytes = data.data();
            return ServerFrame.SMALL + (bytes == null ? 0 : bytes.length);
        }
        if (result instanceof Result.Children children) {
            return ServerFrame.SMALL + LIST_ENTRY * children.names().size();
        }
        if (result instanceof Result.Paths paths) {
            return ServerFrame.SMALL + LIST_ENTRY * paths.paths().size();
        }
        if (result instanceof Result.Many many) {
            return many.results().stream().mapToLong(ReplyEncoder::heldBytes).sum() + ServerFrame.SMALL;
        }
        return ServerFrame.SMALL;
    }
}
