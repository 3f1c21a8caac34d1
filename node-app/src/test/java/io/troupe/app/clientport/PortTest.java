package io.troupe.app.clientport;

import java.io.IOException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client port in front of a node that answers as the test says. */
abstract class PortTest {
    PortFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new PortFixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    static byte[] exists(int xid) throws IOException {
        return RawClient.request(xid, ZooDefs.OpCode.exists, new ExistsRequest("/a", false));
    }

    static byte[] setData(int xid) throws IOException {
        return RawClient.request(xid, ZooDefs.OpCode.setData, new SetDataRequest("/a", new byte[0], -1));
    }
}
