package io.troupe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SyncRequest;
import org.junit.jupiter.api.Test;

/** Frames that are written here are read by ZooKeeper's own code. */
class FramesTest {
    private static final byte[] DATA = {1, 2, 3};

    /** Reads a frame to its end; answers the type of its request. */
    private static int read(byte[] frame, Record record) throws IOException {
        ByteArrayInputStream bytes = new ByteArrayInputStream(frame);
        BinaryInputArchive in = BinaryInputArchive.getArchive(bytes);
        assertThat(in.readInt("length")).isEqualTo(frame.length - 4);
        RequestHeader header = new RequestHeader();
        header.deserialize(in, "");
        record.deserialize(in, "");
        assertThat(bytes.available()).isZero();
        return header.getType();
    }

    @Test
    void singleRequests() throws IOException {
        CreateRequest create = new CreateRequest();
        assertThat(read(Frames.createSequential("/a-", DATA), create)).isEqualTo(OpCode.create);
        assertThat(create.getPath()).isEqualTo("/a-");
        assertThat(create.getData()).isEqualTo(DATA);
        assertThat(create.getFlags()).isEqualTo(2);
        assertThat(create.getAcl().get(0).getPerms()).isEqualTo(31);

        SetDataRequest set = new SetDataRequest();
        assertThat(read(Frames.setData("/a", DATA), set)).isEqualTo(OpCode.setData);
        assertThat(set.getVersion()).isEqualTo(-1);

        GetDataRequest get = new GetDataRequest();
        assertThat(read(Frames.getData("/a", true), get)).isEqualTo(OpCode.getData);
        assertThat(get.getWatch()).isTrue();

        SyncRequest sync = new SyncRequest();
        assertThat(read(Frames.sync("/a"), sync)).isEqualTo(OpCode.sync);
        assertThat(sync.getPath()).isEqualTo("/a");
    }

    @Test
    void multis() throws IOException {
        MultiOperationRecord creations = new MultiOperationRecord();
        assertThat(read(Frames.createAll(List.of("/a", "/b"), DATA), creations)).isEqualTo(OpCode.multi);
        List<String> created = new ArrayList<>();
        creations.forEach(op -> created.add(op.getPath()));
        assertThat(created).containsExactly("/a", "/b");

        MultiOperationRecord writes = new MultiOperationRecord();
        read(Frames.setAll(List.of("/a", "/b"), DATA), writes);
        assertThat(writes).allSatisfy(op -> assertThat(op).isInstanceOf(Op.SetData.class));
    }

    @Test
    void handshake() throws IOException {
        byte[] frame = Frames.connect(30_000);
        BinaryInputArchive in = BinaryInputArchive.getArchive(new ByteArrayInputStream(frame));
        assertThat(in.readInt("length")).isEqualTo(frame.length - 4);
        ConnectRequest connect = new ConnectRequest();
        connect.deserialize(in, "");
        assertThat(connect.getTimeOut()).isEqualTo(30_000);
    }

    @Test
    void pathsOfAForestHaveThirtyCharactersAndAreShared() {
        Forest forest = new Forest(1_000, 1_000_000, 1);
        assertThat(forest.path(0)).hasSize(30);
        assertThat(forest.path(999_999)).hasSize(30);
        assertThat(forest.writes(2, 3, 10)).hasNumberOfRows(10);
    }
}
