package io.troupe.app.clientport.jute;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.edge.ReadOperation;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several requests in one. Contract section 2.9. */
class MultiDecodingTest extends RequestDecoderRig {
    @Test
    void aMultiCarriesItsOperationsAndTheErrorsFoundInThem() throws IOException {
        Operation multi = write(
                ZooDefs.OpCode.multi,
                op(ZooDefs.OpCode.check),
                new CheckVersionRequest("/c", 3),
                op(ZooDefs.OpCode.create),
                create(4),
                op(ZooDefs.OpCode.delete),
                new DeleteRequest("/d", 2),
                END);
        assertThat(multi)
                .isEqualTo(new Operation.Multi(List.of(
                        new Operation.Check("/c", 3),
                        new Operation.Refused(ErrorCode.BAD_ARGUMENTS),
                        new Operation.Delete("/d", 2))));
        assertThat(write(ZooDefs.OpCode.multi, END)).isEqualTo(new Operation.Multi(List.of()));
    }

    @ParameterizedTest
    @CsvSource({"1, 9", "15, -1", "19, 7", "1, 5", "15, 6"})
    @Covers("2.9.4")
    void aMultiWithFlagsOfNoCreationCannotBeRead(int type, int flags) throws IOException {
        byte[] frame = frame(ZooDefs.OpCode.multi, op(type), create(flags), END);
        assertThat(refusal(decode(withTtl, frame))).isEqualTo(ErrorCode.MARSHALLING_ERROR);
    }

    @Test
    @Covers("2.9.4")
    void aMultiThatCannotBeReadIsAMarshallingErrorAsAWhole() throws IOException {
        byte[] whole = frame(
                ZooDefs.OpCode.multi,
                op(ZooDefs.OpCode.create),
                create(0),
                op(ZooDefs.OpCode.delete),
                new DeleteRequest("/d", 2),
                END);
        for (int length = HEADER; length < whole.length; length++) {
            assertThat(refusal(decode(plain, Arrays.copyOf(whole, length)))).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ZooDefs.OpCode.setACL, ZooDefs.OpCode.getData, ZooDefs.OpCode.sync, ZooDefs.OpCode.multi, -11})
    void aMultiTakesOnlyItsOwnKinds(int type) throws IOException {
        assertThat(refusal(decode(plain, frame(ZooDefs.OpCode.multi, op(type), new GetDataRequest("/a", false), END))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
    }

    @Test
    void aMultiReadIgnoresWatches() throws IOException {
        assertThat(decode(
                        plain,
                        frame(
                                ZooDefs.OpCode.multiRead,
                                op(ZooDefs.OpCode.getData),
                                new GetDataRequest("/a", true),
                                op(ZooDefs.OpCode.getChildren),
                                new GetChildrenRequest("/b", true),
                                END)))
                .isEqualTo(new ClientFrame.Read(new ReadOperation.MultiRead(List.of(
                        new ReadOperation.GetData("/a", false), new ReadOperation.GetChildren("/b", false, false)))));
        assertThat(refusal(decode(
                        plain,
                        frame(ZooDefs.OpCode.multiRead, op(ZooDefs.OpCode.delete), new DeleteRequest("/a", 1), END))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
    }
}
