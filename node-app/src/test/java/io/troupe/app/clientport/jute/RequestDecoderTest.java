package io.troupe.app.clientport.jute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.troupe.contract.Covers;
import io.troupe.edge.ReadOperation;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.proto.AddWatchRequest;
import org.apache.zookeeper.proto.CheckWatchesRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetAllChildrenNumberRequest;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetEphemeralsRequest;
import org.apache.zookeeper.proto.RemoveWatchesRequest;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SetWatches;
import org.apache.zookeeper.proto.SetWatches2;
import org.apache.zookeeper.proto.SyncRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest extends RequestDecoderRig {
    private static final long LONGEST_TTL = 1_099_511_627_775L;

    static Stream<Arguments> reads() {
        return Stream.of(
                Arguments.of(
                        ZooDefs.OpCode.exists, new ExistsRequest("/a", true), new ReadOperation.Exists("/a", true)),
                Arguments.of(
                        ZooDefs.OpCode.getData, new GetDataRequest("/a", true), new ReadOperation.GetData("/a", true)),
                Arguments.of(
                        ZooDefs.OpCode.getChildren,
                        new GetChildrenRequest("/a", true),
                        new ReadOperation.GetChildren("/a", true, false)),
                Arguments.of(
                        ZooDefs.OpCode.getChildren2,
                        new GetChildren2Request("/a", false),
                        new ReadOperation.GetChildren("/a", false, true)),
                Arguments.of(ZooDefs.OpCode.getACL, new GetACLRequest("/a"), new ReadOperation.GetAcl("/a")),
                Arguments.of(ZooDefs.OpCode.sync, new SyncRequest("/a"), new ReadOperation.Sync("/a")),
                Arguments.of(
                        ZooDefs.OpCode.getAllChildrenNumber,
                        new GetAllChildrenNumberRequest("/a"),
                        new ReadOperation.GetAllChildrenNumber("/a")),
                Arguments.of(
                        ZooDefs.OpCode.getEphemerals,
                        new GetEphemeralsRequest("/a"),
                        new ReadOperation.GetEphemerals("/a")),
                Arguments.of(
                        ZooDefs.OpCode.addWatch, new AddWatchRequest("/a", 1), new ReadOperation.AddWatch("/a", 1)),
                Arguments.of(
                        ZooDefs.OpCode.checkWatches,
                        new CheckWatchesRequest("/a", 3),
                        new ReadOperation.CheckWatches("/a", 3)),
                Arguments.of(
                        ZooDefs.OpCode.removeWatches,
                        new RemoveWatchesRequest("/a", 5),
                        new ReadOperation.RemoveWatches("/a", 5)),
                Arguments.of(
                        ZooDefs.OpCode.setWatches,
                        new SetWatches(9, List.of("/d"), List.of("/e"), List.of("/c")),
                        new ReadOperation.SetWatches(
                                9, List.of("/d"), List.of("/e"), List.of("/c"), List.of(), List.of())),
                Arguments.of(
                        ZooDefs.OpCode.setWatches2,
                        new SetWatches2(9, List.of(), List.of(), List.of(), List.of("/p"), List.of("/r")),
                        new ReadOperation.SetWatches(
                                9, List.of(), List.of(), List.of(), List.of("/p"), List.of("/r"))));
    }

    static Stream<Arguments> writes() {
        return Stream.of(
                Arguments.of(ZooDefs.OpCode.create, create(0)),
                Arguments.of(ZooDefs.OpCode.create2, create(3)),
                Arguments.of(ZooDefs.OpCode.createContainer, create(4)),
                Arguments.of(ZooDefs.OpCode.createTTL, createTtl(5, 1)),
                Arguments.of(ZooDefs.OpCode.delete, new DeleteRequest("/a", 1)),
                Arguments.of(ZooDefs.OpCode.setData, new SetDataRequest("/a", DATA, 1)),
                Arguments.of(ZooDefs.OpCode.setACL, new SetACLRequest("/a", Ids.READ_ACL_UNSAFE, 1)));
    }

    @ParameterizedTest
    @MethodSource("reads")
    void readsAreUnderstood(int type, Record request, ReadOperation expected) throws IOException {
        assertThat(decode(plain, frame(type, request))).isEqualTo(new ClientFrame.Read(expected));
    }

    /** Contract 1.3. */
    @Test
    void aPingHasTheXidOfPingsWhateverItsClientHasGivenIt() throws IOException {
        ClientFrame ping = plain.decode(Unpooled.wrappedBuffer(frame(ZooDefs.OpCode.ping)), List.of());

        assertThat(ping.xid()).isEqualTo(-2);
        assertThat(ping.body()).isEqualTo(new ClientFrame.Read(new ReadOperation.Ping()));
    }

    @Test
    void readsWithoutABodyAreUnderstood() throws IOException {
        assertThat(decode(plain, frame(ZooDefs.OpCode.whoAmI)))
                .isEqualTo(new ClientFrame.Read(new ReadOperation.WhoAmI()));
    }

    @ParameterizedTest
    @MethodSource({"reads", "writes"})
    @Covers("2.1.2")
    void everyTruncationIsAMarshallingError(int type, Record request) throws IOException {
        byte[] whole = frame(type, request);
        for (int length = HEADER; length < whole.length; length++) {
            assertThat(refusal(decode(withTtl, Arrays.copyOf(whole, length)))).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        }
    }

    @ParameterizedTest
    @MethodSource({"reads", "writes"})
    void noByteThatIsWrongBreaksTheDecoder(int type, Record request) throws IOException {
        byte[] whole = frame(type, request);
        for (int i = HEADER; i < whole.length; i++) {
            for (int wrong : new int[] {0x00, 0x7f, 0x80, 0xff}) {
                byte[] frame = whole.clone();
                frame[i] = (byte) wrong;
                assertThat(decode(withTtl, frame)).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource({"reads", "writes"})
    @Covers("1.1.2")
    void bytesBehindARequestAreIgnored(int type, Record request) throws IOException {
        byte[] whole = frame(type, request);
        ClientFrame.Body expected = decode(withTtl, whole);
        assertThat(decode(withTtl, Arrays.copyOf(whole, whole.length + 3)).getClass())
                .isEqualTo(expected.getClass());
    }

    @Test
    void aFrameWithoutAHeaderCannotBeAnswered() {
        assertThatThrownBy(() -> plain.decode(Unpooled.wrappedBuffer(new byte[7]), List.of()))
                .isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void writesAreUnderstood() throws IOException {
        assertThat(write(ZooDefs.OpCode.delete, new DeleteRequest("/a", 4))).isEqualTo(new Operation.Delete("/a", 4));
        assertThat(write(ZooDefs.OpCode.setACL, new SetACLRequest("/a", Ids.READ_ACL_UNSAFE, 4)))
                .isEqualTo(new Operation.SetAcl("/a", Acl.READ_ONLY, 4));
        assertThat(write(ZooDefs.OpCode.closeSession)).isEqualTo(new Operation.CloseSession(0, 0));
        Operation.SetData set = (Operation.SetData) write(ZooDefs.OpCode.setData, new SetDataRequest("/a", null, 4));
        assertThat(set.data()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"1, 0, false", "1, 3, false", "15, 1, true", "15, 2, true", "19, 4, true"})
    @Covers("2.5.1")
    void creationsCarryTheirModeAndWhetherAStatIsWanted(int type, int flags, boolean withStat) throws IOException {
        Operation.Create create = (Operation.Create) write(type, create(flags));
        assertThat(create.path()).isEqualTo("/a");
        assertThat(create.data()).isEqualTo(DATA);
        assertThat(create.acl()).isEqualTo(Acl.OPEN);
        assertThat(create.mode().flags()).isEqualTo(flags);
        assertThat(create.withStat()).isEqualTo(withStat);
        assertThat(create.ttlMillis()).isEqualTo(-1);
    }

    @Test
    void flagsAreLookedAtBeforeThePath() throws IOException {
        byte[] nowhere = frame(ZooDefs.OpCode.create, new CreateRequest(null, DATA, Ids.OPEN_ACL_UNSAFE, 9));
        assertThat(refusal(decode(withTtl, nowhere))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @ParameterizedTest
    @CsvSource({"1, -1", "1, 7", "1, 4", "15, 4", "1, 5", "15, 6", "19, 0", "19, 5", "15, 2147483647"})
    void flagsThatDoNotFitTheTypeAreBadArguments(int type, int flags) throws IOException {
        assertThat(refusal(decode(withTtl, frame(type, create(flags))))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, LONGEST_TTL + 1, Long.MAX_VALUE})
    void aTimeToLiveOutOfRangeIsABadArgument(long ttl) throws IOException {
        assertThat(refusal(decode(withTtl, frame(ZooDefs.OpCode.createTTL, createTtl(5, ttl)))))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    @Covers("2.5.1")
    void aTimeToLiveIsTakenOrUnimplemented() throws IOException {
        Operation.Create create = (Operation.Create) write(ZooDefs.OpCode.createTTL, createTtl(6, LONGEST_TTL));
        assertThat(create.mode()).isEqualTo(CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL);
        assertThat(create.ttlMillis()).isEqualTo(LONGEST_TTL);
        assertThat(refusal(decode(plain, frame(ZooDefs.OpCode.createTTL, createTtl(6, -1)))))
                .isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(refusal(decode(withTtl, frame(ZooDefs.OpCode.createTTL, createTtl(0, 5)))))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void missingTextsAreMarshallingErrorsExceptAPrefix() throws IOException {
        assertThat(refusal(decode(plain, frame(ZooDefs.OpCode.exists, new ExistsRequest(null, true)))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(refusal(decode(plain, frame(ZooDefs.OpCode.delete, new DeleteRequest(null, 1)))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(decode(plain, frame(ZooDefs.OpCode.getEphemerals, new GetEphemeralsRequest(null))))
                .isEqualTo(new ClientFrame.Read(new ReadOperation.GetEphemerals("")));
    }

    @Test
    @Covers("3.6.2")
    void watchKindsThatDoNotExistAreMarshallingErrors() throws IOException {
        assertThat(refusal(decode(plain, frame(ZooDefs.OpCode.addWatch, new AddWatchRequest("/a", 2)))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(refusal(decode(plain, frame(ZooDefs.OpCode.removeWatches, new RemoveWatchesRequest("/a", 6)))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(refusal(decode(plain, frame(ZooDefs.OpCode.checkWatches, new CheckWatchesRequest("/a", 0)))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
    }

    @Test
    void entriesForTheClientItselfBecomeItsIdentities() throws IOException {
        Identity bob = new Identity("digest", "bob:x");
        byte[] frame = frame(ZooDefs.OpCode.create, new CreateRequest("/a", DATA, Ids.CREATOR_ALL_ACL, 0));
        ClientFrame decoded =
                plain.decode(Unpooled.wrappedBuffer(frame), List.of(new Identity("ip", "127.0.0.1"), bob));
        assertThat(((Operation.Create) ((ClientFrame.Write) decoded.body()).operation()).acl())
                .containsExactly(new Acl(Acl.ALL, bob));
    }

    @Test
    void aMissingAccessListStaysAnEmptyOneForTheTreeToRefuse() throws IOException {
        Operation.Create create =
                (Operation.Create) write(ZooDefs.OpCode.create, new CreateRequest("/a", DATA, null, 0));
        assertThat(create.acl()).isEmpty();
    }
}
