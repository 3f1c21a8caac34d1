package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Random;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.Test;

/** Contract 1.2: a server that is told so takes requests of several megabytes, and so must the ensemble behind it. */
class LargeRequestTest {
    private static final String LIMIT = "0x400000";
    private static final int LARGE = 3 << 20;

    @Test
    @Covers("1.2.2")
    void aRequestOfThreeMebibytesReachesEveryServer() throws Exception {
        var options = new ArrayList<>(Tuning.TEST.jvmOptions());
        options.add("-Djute.maxbuffer=" + LIMIT);
        var program = new TroupeProgram(
                TroupeProgram.packagedDistribution(),
                new Tuning(options, Tuning.TEST.snapshotEvery(), Tuning.TEST.tickMillis()));
        try (var ensemble = EnsembleProcesses.prepare(program, 3)) {
            ensemble.startAll();
            var leader = ensemble.awaitLeader();
            var followers = ensemble.servers().stream()
                    .filter(server -> server != leader)
                    .toList();
            followers.get(1).kill();
            var data = new byte[LARGE];
            new Random(1).nextBytes(data);

            try (var client = OfficialClient.connect(followers.get(0).address().clientAddress())) {
                client.createText("/large", "", CreateMode.PERSISTENT);
                client.setData("/large", data, 0);
                client.setData("/large", data, 1);
                client.setData("/large", data, 2);
                assertThat(client.stat("/large").getDataLength()).isEqualTo(LARGE);
            }

            followers.get(1).start();
            ensemble.awaitAllServing();
            ensemble.servers().forEach(ServerProcess::kill);
            ensemble.startAll();
            for (ServerProcess server : ensemble.servers()) {
                assertThat(read(server)).as("on server %d", server.id()).isEqualTo(data);
            }
        }
    }

    /** Without the official client, whose own limit holds for all of this JVM. */
    private static byte[] read(ServerProcess server) throws IOException {
        byte[] path = "/large".getBytes(UTF_8);
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().clientPort())) {
            var out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            var in = new DataInputStream(socket.getInputStream());
            out.writeInt(44);
            out.writeInt(0);
            out.writeLong(0);
            out.writeInt(OfficialClient.SESSION_TIMEOUT_MILLIS);
            out.writeLong(0);
            out.writeInt(16);
            out.write(new byte[16]);
            out.flush();
            in.skipNBytes(in.readInt());
            out.writeInt(8 + 4 + path.length + 1);
            out.writeInt(1);
            out.writeInt(ZooDefs.OpCode.getData);
            out.writeInt(path.length);
            out.write(path);
            out.writeByte(0);
            out.flush();
            in.readInt();
            in.skipNBytes(16);
            return in.readNBytes(in.readInt());
        }
    }
}
