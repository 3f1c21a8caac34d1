package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.conformance.frames.FrameSession;
import io.troupe.conformance.frames.Reply;
import io.troupe.conformance.frames.Request;
import io.troupe.contract.Covers;
import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateResponse;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetACLResponse;
import org.apache.zookeeper.proto.GetAllChildrenNumberRequest;
import org.apache.zookeeper.proto.GetAllChildrenNumberResponse;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetEphemeralsRequest;
import org.apache.zookeeper.proto.GetEphemeralsResponse;
import org.apache.zookeeper.proto.RemoveWatchesRequest;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 2 to 4 of the contract, frame by frame, as far as no client library would send such requests. */
@ExtendWith(EnsembleExtension.class)
class FrameOperationsTest {
    private static final int NO_NODE = -101;
    private static final int NO_AUTH = -102;
    private static final int BAD_ARGUMENTS = -8;
    private static final int NO_WATCHER = -121;
    private static final int SEQUENTIAL = 2;
    private static final Id ANYONE = new Id("world", "anyone");

    private FrameSession session;
    private String base;

    @BeforeEach
    void open(EnsembleProcesses ensemble, TestInfo test) throws IOException {
        session = FrameSession.open(ensemble.server(3).address().clientPort());
        base = "/" + test.getTestMethod().orElseThrow().getName() + Long.toHexString(session.id());
        assertThat(session.ask(create(base, OfficialClient.OPEN, 0)).error()).isZero();
    }

    @AfterEach
    void close() throws IOException {
        session.close();
    }

    private static Request create(String path, List<ACL> acl, int flags) {
        return RandomOperation.named("create", OpCode.create, new CreateRequest(path, null, acl, flags));
    }

    private static Request delete(String path) {
        return RandomOperation.named("delete", OpCode.delete, new DeleteRequest(path, -1));
    }

    private static List<ACL> anyone(int perms) {
        return new ArrayList<>(List.of(new ACL(perms, ANYONE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//a", "/./a", "/a/..", "/a\u0001", "/a\u007f", "/a\ue000", "/a\ufff0", "/\u0000"})
    @Covers({"2.2.1", "2.2.2"})
    void aPathThatCannotBeIsRefusedByWritesAndNotFoundByReads(String wrong) throws IOException {
        Request set = RandomOperation.named("setData", OpCode.setData, new SetDataRequest(base + wrong, null, -1));
        assertThat(session.ask(set).error()).isEqualTo(BAD_ARGUMENTS);
        Request read = RandomOperation.named("getData", OpCode.getData, new GetDataRequest(base + wrong, false));
        assertThat(session.ask(read).error()).isEqualTo(NO_NODE);
    }

    @Test
    @Covers("2.2.3")
    void onlyASequenceMakesANameOutOfASlash() throws IOException {
        assertThat(session.ask(create(base + "/", OfficialClient.OPEN, 0)).error())
                .isEqualTo(BAD_ARGUMENTS);
        assertThat(session.ask(create(base + "/", OfficialClient.OPEN, SEQUENTIAL))
                        .body(new CreateResponse())
                        .getPath())
                .isEqualTo(base + "/0000000000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"})
    @Covers("2.2.4")
    void theNodesOfTheEnsembleItselfStay(String path) throws IOException {
        assertThat(session.ask(delete(path)).error()).isEqualTo(BAD_ARGUMENTS);
    }

    static Stream<Arguments> permissions() {
        return Stream.of(
                needs(Perms.CREATE, "create", p -> create(p + "/new", OfficialClient.OPEN, 0)),
                needs(Perms.DELETE, "delete", p -> delete(p + "/child")),
                needs(Perms.WRITE, "setData", p -> named(OpCode.setData, new SetDataRequest(p, null, -1))),
                needs(Perms.ADMIN, "setACL", p -> named(OpCode.setACL, new SetACLRequest(p, OfficialClient.OPEN, -1))),
                needs(Perms.READ, "getData", p -> named(OpCode.getData, new GetDataRequest(p, false))),
                needs(Perms.READ, "exists", p -> named(OpCode.exists, new ExistsRequest(p, false))),
                needs(Perms.READ, "children", p -> named(OpCode.getChildren, new GetChildrenRequest(p, false))),
                needs(Perms.READ, "children2", p -> named(OpCode.getChildren2, new GetChildrenRequest(p, false))),
                needs(Perms.READ, "count", p -> named(OpCode.getAllChildrenNumber, new GetAllChildrenNumberRequest(p))),
                needs(Perms.READ | Perms.ADMIN, "getACL", p -> named(OpCode.getACL, new GetACLRequest(p))));
    }

    private static Arguments needs(int perms, String name, PathRequest request) {
        return Arguments.of(name, perms, request);
    }

    /** A request for a path. */
    interface PathRequest {
        Request of(String path);
    }

    private static Request named(int type, Record body) {
        return RandomOperation.named("request " + type, type, body);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("permissions")
    @Covers({"4.1.1", "2.7.1", "2.7.2"})
    void eachOperationNeedsItsPermissionAndNoOther(String name, int perms, PathRequest request) throws IOException {
        String denied = base + "/denied";
        String allowed = base + "/allowed";
        for (String path : List.of(denied, allowed)) {
            session.ask(create(path, OfficialClient.OPEN, 0));
            session.ask(create(path + "/child", OfficialClient.OPEN, 0));
        }
        session.ask(named(OpCode.setACL, new SetACLRequest(denied, anyone(Perms.ALL & ~perms), -1)));
        session.ask(named(OpCode.setACL, new SetACLRequest(allowed, anyone(Integer.lowestOneBit(perms)), -1)));

        assertThat(session.ask(request.of(denied)).error()).as(name).isEqualTo(NO_AUTH);
        assertThat(session.ask(request.of(allowed)).error()).as(name).isZero();
    }

    @Test
    @Covers({"2.7.2", "4.4.1"})
    void digestsAreShownOnlyToWhoMayChangeTheList(EnsembleProcesses ensemble) throws IOException {
        session.ask(named(OpCode.auth, new AuthPacket(0, "digest", "me:secret".getBytes(UTF_8))));
        List<ACL> mine = new ArrayList<>(List.of(new ACL(Perms.ALL, new Id("auth", "")), new ACL(Perms.READ, ANYONE)));
        session.ask(create(base + "/mine", mine, 0));
        Request ask = named(OpCode.getACL, new GetACLRequest(base + "/mine"));

        assertThat(ids(session.ask(ask))).contains("me:" + digest());
        try (FrameSession other = FrameSession.open(ensemble.server(3).address().clientPort())) {
            assertThat(ids(other.ask(ask))).contains("me:x");
        }
    }

    private static String digest() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA1").digest("me:secret".getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> ids(Reply reply) throws IOException {
        return reply.body(new GetACLResponse()).getAcl().stream()
                .map(entry -> entry.getId().getId())
                .toList();
    }

    @Test
    @Covers("2.7.3")
    void descendantsAndOnesOwnEphemeralsAreCounted() throws IOException {
        session.ask(create(base + "/a", OfficialClient.OPEN, 0));
        session.ask(create(base + "/a/e", OfficialClient.OPEN, 1));
        session.ask(create(base + "/e", OfficialClient.OPEN, 1));

        Reply count = session.ask(named(OpCode.getAllChildrenNumber, new GetAllChildrenNumberRequest(base)));
        assertThat(count.body(new GetAllChildrenNumberResponse()).getTotalNumber())
                .isEqualTo(3);
        assertThat(ephemerals(base + "/a")).containsExactly(base + "/a/e");
        assertThat(ephemerals("/")).containsExactlyInAnyOrder(base + "/a/e", base + "/e");
        assertThat(ephemerals("")).hasSize(2);
    }

    private List<String> ephemerals(String prefix) throws IOException {
        return session.ask(named(OpCode.getEphemerals, new GetEphemeralsRequest(prefix)))
                .body(new GetEphemeralsResponse())
                .getEphemerals();
    }

    @Test
    @Covers("2.7.1")
    void onlyExistsWatchesWhatIsNotThere() throws IOException {
        String missing = base + "/missing";
        assertThat(session.ask(named(OpCode.getData, new GetDataRequest(missing, true)))
                        .error())
                .isEqualTo(NO_NODE);
        Request check = named(OpCode.checkWatches, new RemoveWatchesRequest(missing, 3));
        assertThat(session.ask(check).error()).isEqualTo(NO_WATCHER);
        assertThat(session.ask(named(OpCode.exists, new ExistsRequest(missing, true)))
                        .error())
                .isEqualTo(NO_NODE);
        assertThat(session.ask(check).error()).isZero();
    }
}
