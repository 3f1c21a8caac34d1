package io.troupe.app.clientport.jute;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.troupe.contract.Covers;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.CreateResponse;
import org.apache.zookeeper.proto.ErrorResponse;
import org.apache.zookeeper.proto.GetACLResponse;
import org.apache.zookeeper.proto.GetAllChildrenNumberResponse;
import org.apache.zookeeper.proto.GetChildren2Response;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.GetEphemeralsResponse;
import org.apache.zookeeper.proto.MultiHeader;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.SetDataResponse;
import org.apache.zookeeper.proto.SetSASLResponse;
import org.apache.zookeeper.proto.SyncResponse;
import org.apache.zookeeper.proto.WatcherEvent;
import org.apache.zookeeper.proto.WhoAmIResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every frame must have exactly the bytes that ZooKeeper's own records have. */
class ServerFrameTest {
    private static final Stat STAT = new Stat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    private static final org.apache.zookeeper.data.Stat ZK_STAT =
            new org.apache.zookeeper.data.Stat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    private static final byte[] DATA = {1, 2, 3};
    private static final int XID = 7;
    private static final long ZXID = 0x100000005L;

    private static byte[] expected(Record... records) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryOutputArchive archive = BinaryOutputArchive.getArchive(bytes);
        for (Record record : records) {
            record.serialize(archive, "");
        }
        return bytes.toByteArray();
    }

    private static byte[] encoded(ServerFrame frame) {
        ByteBuf buffer = Unpooled.buffer();
        frame.encode(buffer);
        assertThat(buffer.readInt()).isEqualTo(buffer.readableBytes());
        assertThat(frame.heldBytes()).isPositive();
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of(new Result.Created("/a", null), new CreateResponse("/a")),
                Arguments.of(new Result.Created("/ä€", STAT), new Create2Response("/ä€", ZK_STAT)),
                Arguments.of(new Result.Found(STAT), new SetDataResponse(ZK_STAT)),
                Arguments.of(new Result.Data(DATA, STAT), new GetDataResponse(DATA, ZK_STAT)),
                Arguments.of(new Result.Data(null, STAT), new GetDataResponse(null, ZK_STAT)),
                Arguments.of(new Result.Children(List.of("a", "b"), null), new GetChildrenResponse(List.of("a", "b"))),
                Arguments.of(new Result.Children(List.of(), STAT), new GetChildren2Response(List.of(), ZK_STAT)),
                Arguments.of(new Result.AclFound(Acl.OPEN, STAT), new GetACLResponse(Ids.OPEN_ACL_UNSAFE, ZK_STAT)),
                Arguments.of(new Result.Count(12), new GetAllChildrenNumberResponse(12)),
                Arguments.of(new Result.Paths(List.of("/e")), new GetEphemeralsResponse(List.of("/e"))),
                Arguments.of(new Result.Synced("/s"), new SyncResponse("/s")),
                Arguments.of(Result.WatchAdded.INSTANCE, new ErrorResponse(0)),
                Arguments.of(
                        new Result.Who(List.of(new Identity("ip", "::1"))),
                        new WhoAmIResponse(List.of(new ClientInfo("ip", "::1")))));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    @Covers("1.1.1")
    void repliesHaveTheirRecordsBytes(Result result, Record body) throws IOException {
        RequestShape request = new RequestShape(XID, ZooDefs.OpCode.getData, List.of());
        assertThat(encoded(new ServerFrame.Reply(request, ZXID, result)))
                .isEqualTo(expected(new ReplyHeader(XID, ZXID, 0), body));
    }

    @Test
    @Covers("1.2.3")
    void successWithoutABodyAndFailuresAreOnlyHeaders() throws IOException {
        RequestShape request = new RequestShape(XID, ZooDefs.OpCode.delete, List.of());
        assertThat(encoded(new ServerFrame.Reply(request, ZXID, Result.Done.INSTANCE)))
                .isEqualTo(expected(new ReplyHeader(XID, ZXID, 0)));
        assertThat(encoded(new ServerFrame.Reply(request, ZXID, Result.failed(ErrorCode.NO_NODE))))
                .isEqualTo(expected(new ReplyHeader(XID, ZXID, -101)));
        assertThat(encoded(new ServerFrame.Header(XID, -1, -6))).isEqualTo(expected(new ReplyHeader(XID, -1, -6)));
    }

    private static RequestShape shapeOf(Operation.Sub... ops) {
        return RequestShape.of(
                new ClientFrame(XID, ZooDefs.OpCode.multi, new ClientFrame.Write(new Operation.Multi(List.of(ops)))));
    }

    private static MultiHeader header(int type, int error) {
        return new MultiHeader(type, false, error);
    }

    private static final MultiHeader END = new MultiHeader(-1, true, -1);

    @Test
    @Covers("2.9.6")
    void aMultiNamesTheKindOfEachResult() throws IOException {
        RequestShape request = shapeOf(
                new Operation.Delete("/a", -1),
                new Operation.Check("/b", -1),
                new Operation.Delete("/c", -1),
                new Operation.Delete("/d", -1),
                new Operation.SetData("/e", DATA, -1));
        Result results = new Result.Many(List.of(
                Result.Done.INSTANCE,
                Result.Done.INSTANCE,
                new Result.Created("/c", null),
                new Result.Created("/d", STAT),
                new Result.Found(STAT)));
        assertThat(encoded(new ServerFrame.Reply(request, ZXID, results)))
                .isEqualTo(expected(
                        new ReplyHeader(XID, ZXID, 0),
                        header(ZooDefs.OpCode.delete, 0),
                        header(ZooDefs.OpCode.check, 0),
                        header(ZooDefs.OpCode.create, 0),
                        new CreateResponse("/c"),
                        header(ZooDefs.OpCode.create2, 0),
                        new Create2Response("/d", ZK_STAT),
                        header(ZooDefs.OpCode.setData, 0),
                        new SetDataResponse(ZK_STAT),
                        END));
    }

    @Test
    @Covers({"2.9.6", "2.9.2"})
    void aFailedMultiIsErrorsOnly() throws IOException {
        RequestShape request =
                shapeOf(new Operation.Delete("/a", -1), new Operation.Delete("/b", -1), new Operation.Delete("/c", -1));
        Result results = new Result.Many(List.of(
                Result.Done.INSTANCE,
                Result.failed(ErrorCode.NO_NODE),
                Result.failed(ErrorCode.RUNTIME_INCONSISTENCY)));
        assertThat(encoded(new ServerFrame.Reply(request, ZXID, results)))
                .isEqualTo(expected(
                        new ReplyHeader(XID, ZXID, 0),
                        header(-1, 0),
                        new ErrorResponse(0),
                        header(-1, -101),
                        new ErrorResponse(-101),
                        header(-1, -2),
                        new ErrorResponse(-2),
                        END));
    }

    @Test
    void aMultiReadMixesResultsAndErrors() throws IOException {
        RequestShape request = new RequestShape(XID, ZooDefs.OpCode.multiRead, List.of());
        Result results = new Result.Many(List.of(
                new Result.Data(DATA, STAT),
                Result.failed(ErrorCode.NO_AUTH),
                new Result.Children(List.of("x"), null)));
        assertThat(encoded(new ServerFrame.Reply(request, ZXID, results)))
                .isEqualTo(expected(
                        new ReplyHeader(XID, ZXID, 0),
                        header(ZooDefs.OpCode.getData, 0),
                        new GetDataResponse(DATA, ZK_STAT),
                        header(-1, -102),
                        new ErrorResponse(-102),
                        header(ZooDefs.OpCode.getChildren, 0),
                        new GetChildrenResponse(List.of("x")),
                        END));
    }

    @Test
    void theOtherFramesHaveTheirRecordsBytes() throws IOException {
        byte[] password = new byte[16];
        assertThat(encoded(new ServerFrame.Connected(9, 77, password, true, false)))
                .isEqualTo(expected(new ConnectResponse(0, 9, 77, password, false)));
        assertThat(encoded(new ServerFrame.Connected(9, 77, password, true, true)))
                .isEqualTo(expected(new ConnectResponse(0, 9, 77, password, true)));
        assertThat(encoded(new ServerFrame.SaslToken(XID, 0, DATA)))
                .isEqualTo(expected(new ReplyHeader(XID, 0, 0), new SetSASLResponse(DATA)));
        assertThat(encoded(new ServerFrame.SaslToken(XID, -115, null)))
                .isEqualTo(expected(new ReplyHeader(XID, 0, -115), new SetSASLResponse(null)));
        for (WatchEvent.Type type : WatchEvent.Type.values()) {
            assertThat(encoded(new ServerFrame.Event(new WatchEvent(type, "/w"), ZXID)))
                    .isEqualTo(expected(new ReplyHeader(-1, ZXID, 0), new WatcherEvent(type.code(), 3, "/w")));
        }
    }
}
