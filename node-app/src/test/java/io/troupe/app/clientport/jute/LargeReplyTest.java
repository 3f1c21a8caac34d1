package io.troupe.app.clientport.jute;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.troupe.request.ErrorCode;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A reply in parts has the bytes that it has as a whole, and no part is much longer than asked for. */
class LargeReplyTest {
    private static final Stat STAT = new Stat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    private static final int LONGEST_PIECE = 100;

    static List<ServerFrame.Reply> replies() {
        byte[] data = new byte[200_000];
        new Random(1).nextBytes(data);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            names.add("näme-" + i);
        }
        Result many = new Result.Many(List.of(
                new Result.Data(data, STAT),
                new Result.Failed(ErrorCode.NO_NODE),
                new Result.Children(names, null),
                new Result.Data(null, STAT),
                new Result.Data(new byte[0], STAT),
                new Result.Children(List.of(), null)));
        return List.of(
                reply(OpCode.GET_DATA, new Result.Data(data, STAT)),
                reply(OpCode.GET_CHILDREN, new Result.Children(names, null)),
                reply(OpCode.GET_CHILDREN, new Result.Children(names, STAT)),
                reply(OpCode.GET_EPHEMERALS, new Result.Paths(names)),
                reply(OpCode.MULTI_READ, many));
    }

    private static ServerFrame.Reply reply(int type, Result result) {
        return new ServerFrame.Reply(new RequestShape(7, type, List.of()), 0x100000005L, result);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void thePartsAreTheWhole(ServerFrame.Reply reply) {
        assertThat(LargeReply.isLarge(reply)).isTrue();
        ByteBuf whole = Unpooled.buffer();
        reply.encode(whole);
        for (int size : new int[] {1, 100, 64 << 10, 1 << 30}) {
            assertThat(inParts(reply, size)).isEqualTo(ByteBufUtil.getBytes(whole));
        }
    }

    private static byte[] inParts(ServerFrame.Reply reply, int size) {
        ServerFrame.Parts parts = reply.parts();
        ByteBuf all = Unpooled.buffer();
        boolean end = false;
        while (!end) {
            ByteBuf part = Unpooled.buffer();
            end = parts.append(part, size);
            assertThat(part.readableBytes() - LONGEST_PIECE).isLessThanOrEqualTo(size);
            all.writeBytes(part);
        }
        return ByteBufUtil.getBytes(all);
    }

    @Test
    void aSmallReplyIsEncodedAtOnce() {
        assertThat(LargeReply.isLarge(reply(OpCode.GET_DATA, new Result.Data(new byte[1_000], STAT))))
                .isFalse();
        assertThat(LargeReply.isLarge(reply(OpCode.EXISTS, new Result.Found(STAT))))
                .isFalse();
    }
}
