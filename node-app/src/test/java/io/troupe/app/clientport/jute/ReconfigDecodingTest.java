package io.troupe.app.clientport.jute;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.edge.ReadOperation;
import io.troupe.ensemble.MemberLine;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import java.io.IOException;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ReconfigRequest;
import org.junit.jupiter.api.Test;

/** A wish for other members. Contract section 2.10. */
class ReconfigDecodingTest extends RequestDecoderRig {
    private static final String FOURTH = "server.4=d:2888:3888:observer;2181";

    @Test
    void aWishForOtherMembersIsReadAsToolsWriteIt() throws IOException {
        assertThat(write(ZooDefs.OpCode.reconfig, new ReconfigRequest(FOURTH, "1, 2", null, 9)))
                .isEqualTo(new Operation.Reconfigure(List.of(MemberLine.parse(FOURTH)), List.of(1, 2), null, 9, true));
        assertThat(write(
                        ZooDefs.OpCode.reconfig,
                        new ReconfigRequest(null, null, FOURTH + "\nversion=1c\nserver.5=e:1:2;3", -1)))
                .isEqualTo(new Operation.Reconfigure(
                        List.of(),
                        List.of(),
                        List.of(MemberLine.parse(FOURTH), MemberLine.parse("server.5=e:1:2;3")),
                        -1,
                        true));
    }

    @Test
    void aWishThatCannotBeReadIsRefusedInItsTurn() throws IOException {
        Operation unreadable = new Operation.Reconfigure(List.of(), List.of(), null, -1, false);
        assertThat(write(ZooDefs.OpCode.reconfig, new ReconfigRequest("server.4=d:2888:3888", null, null, -1)))
                .as("without a client port")
                .isEqualTo(unreadable);
        assertThat(write(ZooDefs.OpCode.reconfig, new ReconfigRequest(null, "four", null, -1)))
                .isEqualTo(unreadable);
        assertThat(write(ZooDefs.OpCode.reconfig, new ReconfigRequest(null, null, "group.1=1:2", -1)))
                .isEqualTo(unreadable);
    }

    @Test
    @Covers("2.10.1")
    void aWishForOtherMembersIsRefusedWhereThatIsOff() throws IOException {
        ClientFrame.Body body =
                decode(plain, frame(ZooDefs.OpCode.reconfig, new ReconfigRequest(FOURTH, null, null, -1)));
        assertThat(body).isEqualTo(new ClientFrame.Read(new ReadOperation.Refused(ErrorCode.RECONFIG_DISABLED)));
    }
}
