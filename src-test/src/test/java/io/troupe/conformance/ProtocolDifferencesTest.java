package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.conformance.frames.FrameSession;
import io.troupe.conformance.frames.Names;
import io.troupe.conformance.frames.Request;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SyncRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Troupe does otherwise than ZooKeeper on purpose, shown at both; see {@link ProtocolDifference}. */
class ProtocolDifferencesTest {
    private static final int OK = 0;
    private static final int UNIMPLEMENTED = -6;
    private static final int BAD_ARGUMENTS = -8;
    private static final int NO_AUTH = -102;

    private static final int CONTAINER_FLAGS = 4;

    /** ZooKeeper's answer depends on how soon it executes what came before. */
    private static final int ATTEMPTS = 50;

    private static EnsembleProcesses zookeeper;
    private static EnsembleProcesses troupe;

    @BeforeAll
    static void start() {
        zookeeper = EnsembleProcesses.prepare(new SameConfiguration(false), 1);
        troupe = EnsembleProcesses.prepare(new SameConfiguration(true), 1);
        zookeeper.startAll();
        troupe.startAll();
    }

    @AfterAll
    static void stop() {
        zookeeper.close();
        troupe.close();
    }

    private static int port(EnsembleProcesses ensemble) {
        return ensemble.server(1).address().clientPort();
    }

    private static Request create(String path, String data, int flags) {
        return RandomOperation.named(
                "create", OpCode.create, new CreateRequest(path, data.getBytes(UTF_8), OfficialClient.OPEN, flags));
    }

    /** The errors of the replies to requests sent at once on a new session. */
    private static List<Integer> errors(EnsembleProcesses ensemble, Request... requests) throws IOException {
        List<Integer> errors = new ArrayList<>();
        try (FrameSession session = FrameSession.open(port(ensemble))) {
            session.send(List.of(requests));
            while (session.due() > 0) {
                errors.add(session.next().reply().error());
            }
        }
        return errors;
    }

    @Test
    void everyDifferenceStandsInTheDocumentationWithItsReason() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "differences.md"));
        for (ProtocolDifference difference : ProtocolDifference.values()) {
            assertThat(page).contains("| " + difference.section() + " | `" + difference.name() + "` |");
        }
    }

    @Test
    void aWrongPasswordDisconnectsNobody() throws IOException {
        assertThat(survivesAnIntruder(zookeeper)).isFalse();
        assertThat(survivesAnIntruder(troupe)).isTrue();
    }

    private static boolean survivesAnIntruder(EnsembleProcesses ensemble) throws IOException {
        try (FrameSession owner = FrameSession.open(port(ensemble));
                FrameSession intruder = FrameSession.connected(port(ensemble))) {
            byte[] wrong = owner.password();
            wrong[0]++;
            assertThat(intruder.handshake(0, FrameSession.TIMEOUT_MILLIS, owner.id(), wrong))
                    .isTrue();
            assertThat(intruder.timeoutMillis()).isZero();
            owner.send(List.of(RandomOperation.named("ping", OpCode.ping)));
            return owner.receive() != null;
        }
    }

    @Test
    void flagsOfAnotherTypeAreRefused() throws IOException {
        assertThat(errors(zookeeper, create("/flags", "", CONTAINER_FLAGS))).containsExactly(OK);
        assertThat(errors(troupe, create("/flags", "", CONTAINER_FLAGS))).containsExactly(BAD_ARGUMENTS);
    }

    @Test
    void onlyServersReap() throws IOException {
        Request reap = RandomOperation.named("deleteContainer", OpCode.deleteContainer, new SyncRequest("/reaped"));
        assertThat(errors(zookeeper, create("/reaped", "", 0), reap)).containsExactly(OK, OK);
        assertThat(errors(troupe, create("/reaped", "", 0), reap)).containsExactly(OK, UNIMPLEMENTED);
    }

    @Test
    void aListThatWasSetCountsAtOnce() throws IOException {
        List<Integer> zookeepers = List.of();
        for (int i = 0; i < ATTEMPTS && !zookeepers.equals(List.of(OK, OK, OK, OK)); i++) {
            zookeepers = errors(zookeeper, closing("/acl" + i));
        }
        assertThat(zookeepers).containsExactly(OK, OK, OK, OK);
        assertThat(errors(troupe, closing("/acl"))).containsExactly(OK, OK, OK, NO_AUTH);
    }

    /** Takes the permission to delete children away, and deletes one. */
    private static Request[] closing(String path) {
        List<ACL> readable = new ArrayList<>(List.of(new ACL(Perms.READ, new Id("world", "anyone"))));
        return new Request[] {
            create(path, "", 0),
            create(path + "/a", "", 0),
            RandomOperation.named("setACL", OpCode.setACL, new SetACLRequest(path, readable, -1)),
            RandomOperation.named("delete", OpCode.delete, new DeleteRequest(path + "/a", -1))
        };
    }

    @Test
    void quotasAreExactInAMulti() throws IOException {
        assertThat(overshoot(zookeeper)).contains("[1/0 /quota/a, 1/0 /quota/b, 1/0 /quota/c]");
        assertThat(overshoot(troupe)).contains("error 0, -1/0 error 0, -1/-125 error -125");
    }

    private static String overshoot(EnsembleProcesses ensemble) throws IOException {
        String quota = "/zookeeper/quota/quota";
        MultiOperationRecord three = new MultiOperationRecord(List.of(
                Op.create("/quota/a", new byte[0], OfficialClient.OPEN, 0),
                Op.create("/quota/b", new byte[0], OfficialClient.OPEN, 0),
                Op.create("/quota/c", new byte[0], OfficialClient.OPEN, 0)));
        try (FrameSession session = FrameSession.open(port(ensemble))) {
            session.ask(create("/quota", "", 0));
            session.ask(create(quota, "", 0));
            session.ask(create(quota + "/zookeeper_limits", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=3", 0));
            session.ask(create(quota + "/zookeeper_stats", "count=0,bytes=0", 0));
            Request multi = Request.of("multi", OpCode.multi, three);
            return session.ask(multi).text(OpCode.multi, Names.NONE);
        }
    }
}
