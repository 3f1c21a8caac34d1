package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tree as the official client sees it: each operation, each Stat field, each error. */
@ExtendWith(EnsembleExtension.class)
class TreeOperationsTest {
    private OfficialClient client;
    private String base;

    @BeforeEach
    void connect(EnsembleProcesses ensemble, TestInfo test) throws Exception {
        client = OfficialClient.connect(ensemble.connectString());
        base = client.createText("/" + test.getTestMethod().orElseThrow().getName(), "", CreateMode.PERSISTENT);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
    }

    @Test
    @Covers("2.4.1")
    void aCreatedNodeHasTheDataAndTheStatOfItsCreation() throws Exception {
        var path = client.createText(base + "/node", "hello", CreateMode.PERSISTENT);

        var stat = new Stat();
        assertThat(new String(client.getData(path, false, stat), UTF_8)).isEqualTo("hello");
        assertThat(path).isEqualTo(base + "/node");
        assertThat(stat.getCzxid()).isPositive();
        assertThat(stat.getMzxid()).isEqualTo(stat.getCzxid());
        assertThat(stat.getPzxid()).isEqualTo(stat.getCzxid());
        assertThat(stat.getMtime()).isEqualTo(stat.getCtime());
        assertThat(Math.abs(System.currentTimeMillis() - stat.getCtime())).isLessThan(60_000);
        assertThat(List.of(stat.getVersion(), stat.getCversion(), stat.getAversion()))
                .containsOnly(0);
        assertThat(stat.getEphemeralOwner()).isZero();
        assertThat(stat.getDataLength()).isEqualTo(5);
        assertThat(stat.getNumChildren()).isZero();
    }

    @Test
    @Covers("2.4.2")
    void setDataMovesVersionAndModificationAndNothingElse() throws Exception {
        var path = client.createText(base + "/node", "one", CreateMode.PERSISTENT);
        var before = client.stat(path);

        var after = client.setData(path, "three".getBytes(UTF_8), 0);

        assertThat(after.getVersion()).isEqualTo(1);
        assertThat(after.getMzxid()).isGreaterThan(before.getMzxid());
        assertThat(after.getDataLength()).isEqualTo(5);
        assertThat(after.getCzxid()).isEqualTo(before.getCzxid());
        assertThat(after.getPzxid()).isEqualTo(before.getPzxid());
        assertThat(after.getCversion()).isZero();
        assertThat(client.stat(path)).isEqualTo(after);
    }

    @Test
    @Covers("2.4.3")
    void aParentCountsTheCreationsAndDeletionsOfItsChildren() throws Exception {
        client.createText(base + "/a", "", CreateMode.PERSISTENT);
        client.createText(base + "/b", "", CreateMode.EPHEMERAL);
        client.delete(base + "/a", -1);

        var stat = client.stat(base);
        assertThat(stat.getCversion()).isEqualTo(3);
        assertThat(stat.getNumChildren()).isEqualTo(1);
        assertThat(stat.getPzxid()).isGreaterThan(client.stat(base + "/b").getCzxid());
        assertThat(stat.getVersion()).isZero();
        assertThat(stat.getMzxid()).isEqualTo(stat.getCzxid());

        var withStat = new Stat();
        assertThat(client.getChildren(base, false, withStat)).containsExactly("b");
        assertThat(withStat).isEqualTo(stat);
    }

    @Test
    @Covers("2.5.1")
    void createCanAnswerTheStat() throws Exception {
        var stat = new Stat();
        var path = client.create(
                base + "/s-", new byte[] {1, 2}, OfficialClient.OPEN, CreateMode.EPHEMERAL_SEQUENTIAL, stat);

        assertThat(path).isEqualTo(base + "/s-0000000000");
        assertThat(stat).isEqualTo(client.stat(path));
        assertThat(stat.getEphemeralOwner()).isEqualTo(client.getSessionId());
    }

    @Test
    @Covers("2.5.3")
    void sequenceNumbersCountEveryCreationUnderTheParent() throws Exception {
        assertThat(client.createText(base + "/x", "", CreateMode.PERSISTENT_SEQUENTIAL))
                .isEqualTo(base + "/x0000000000");
        client.createText(base + "/plain", "", CreateMode.PERSISTENT);
        client.delete(base + "/plain", -1);
        assertThat(client.createText(base + "/y", "", CreateMode.EPHEMERAL_SEQUENTIAL))
                .isEqualTo(base + "/y0000000002");
        assertThat(client.createText(base + "/", "", CreateMode.PERSISTENT_SEQUENTIAL))
                .isEqualTo(base + "/0000000003");
    }

    @Test
    @Covers("1.6.6")
    void anEphemeralGoesWithItsSession(EnsembleProcesses ensemble) throws Exception {
        try (var owner = OfficialClient.connect(ensemble.connectString())) {
            owner.createText(base + "/mine", "", CreateMode.EPHEMERAL);
            client.syncAll();
            assertThat(client.stat(base + "/mine").getEphemeralOwner()).isEqualTo(owner.getSessionId());
            assertThat(owner.getEphemerals()).containsExactly(base + "/mine");
            assertThat(failure(() -> owner.createText(base + "/mine/child", "", CreateMode.PERSISTENT)))
                    .isEqualTo(Code.NOCHILDRENFOREPHEMERALS);
        }
        client.syncAll();
        assertThat(client.exists(base + "/mine", false)).isNull();
    }

    @Test
    void nullAndEmptyDataAreKeptApart() throws Exception {
        client.create(base + "/null", null, OfficialClient.OPEN, CreateMode.PERSISTENT);
        client.create(base + "/empty", new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT);

        assertThat(client.getData(base + "/null", false, null)).isNull();
        assertThat(client.getData(base + "/empty", false, null)).isEmpty();
        assertThat(client.stat(base + "/null").getDataLength()).isZero();
    }

    @Test
    @Covers({"5.1", "2.4.5"})
    void eachRefusalHasItsOwnError() throws Exception {
        client.createText(base + "/full", "", CreateMode.PERSISTENT);
        client.createText(base + "/full/child", "", CreateMode.PERSISTENT);

        assertThat(failure(() -> client.createText(base + "/full", "", CreateMode.PERSISTENT)))
                .isEqualTo(Code.NODEEXISTS);
        assertThat(failure(() -> client.createText("/", "", CreateMode.PERSISTENT)))
                .isEqualTo(Code.NODEEXISTS);
        assertThat(failure(() -> client.createText(base + "/none/child", "", CreateMode.PERSISTENT)))
                .isEqualTo(Code.NONODE);
        assertThat(failure(() -> client.getData(base + "/none", false, null))).isEqualTo(Code.NONODE);
        assertThat(failure(() -> client.getChildren(base + "/none", false))).isEqualTo(Code.NONODE);
        assertThat(failure(() -> client.setData(base + "/none", new byte[0], -1)))
                .isEqualTo(Code.NONODE);
        assertThat(failure(() -> client.setData(base + "/full", new byte[0], 7)))
                .isEqualTo(Code.BADVERSION);
        assertThat(failure(() -> delete(base + "/full", 7))).isEqualTo(Code.BADVERSION);
        assertThat(failure(() -> delete(base + "/full", -1))).isEqualTo(Code.NOTEMPTY);
        assertThat(failure(() -> delete(base + "/none", -1))).isEqualTo(Code.NONODE);
        assertThat(failure(() -> delete("/zookeeper", -1))).isEqualTo(Code.BADARGUMENTS);
        assertThat(failure(() -> client.create(base + "/n", new byte[0], List.of(), CreateMode.PERSISTENT)))
                .isEqualTo(Code.INVALIDACL);
        assertThat(client.exists(base + "/none", false)).isNull();
    }

    @Test
    @Covers("2.1.1")
    void aFailedWriteIsFollowedBySuccessfulOnes() throws Exception {
        assertThat(failure(() -> delete(base + "/none", -1))).isEqualTo(Code.NONODE);
        assertThat(client.createText(base + "/after", "", CreateMode.PERSISTENT))
                .isEqualTo(base + "/after");
    }

    @Test
    @Covers("2.9.1")
    void aMultiHappensWhollyInOneTransaction() throws Exception {
        var results = client.multi(List.of(
                Op.create(base + "/a", "1".getBytes(UTF_8), OfficialClient.OPEN, CreateMode.PERSISTENT),
                Op.create(base + "/a/s-", new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT_SEQUENTIAL),
                Op.create(base + "/a/s-", new byte[0], OfficialClient.OPEN, CreateMode.EPHEMERAL_SEQUENTIAL),
                Op.setData(base + "/a", "2".getBytes(UTF_8), 0),
                Op.check(base + "/a", 1),
                Op.create(base + "/gone", new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT),
                Op.delete(base + "/gone", 0)));

        assertThat(results).hasSize(7);
        assertThat(((OpResult.CreateResult) results.get(1)).getPath()).isEqualTo(base + "/a/s-0000000000");
        assertThat(((OpResult.CreateResult) results.get(2)).getPath()).isEqualTo(base + "/a/s-0000000001");
        assertThat(((OpResult.SetDataResult) results.get(3)).getStat().getVersion())
                .isEqualTo(1);
        var stat = client.stat(base + "/a");
        assertThat(stat.getMzxid()).isEqualTo(stat.getCzxid());
        assertThat(client.stat(base + "/a/s-0000000001").getCzxid()).isEqualTo(stat.getCzxid());
        assertThat(client.exists(base + "/gone", false)).isNull();
    }

    @Test
    @Covers("2.9.2")
    @Shows("S37")
    void aFailedMultiChangesNothingAndNamesTheCulprit() throws Exception {
        var before = client.stat(base);

        var thrown = catchThrowableOfType(
                KeeperException.class,
                () -> client.multi(List.of(
                        Op.create(base + "/s-", new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT_SEQUENTIAL),
                        Op.setData(base + "/missing", new byte[0], -1),
                        Op.delete(base, -1))));

        assertThat(thrown.code()).isEqualTo(Code.NONODE);
        assertThat(thrown.getResults().stream().map(result -> ((OpResult.ErrorResult) result).getErr()))
                .containsExactly(Code.OK.intValue(), Code.NONODE.intValue(), Code.RUNTIMEINCONSISTENCY.intValue());
        assertThat(client.stat(base)).isEqualTo(before);
        assertThat(client.createText(base + "/s-", "", CreateMode.PERSISTENT_SEQUENTIAL))
                .isEqualTo(base + "/s-0000000000");
    }

    @Test
    @Covers("2.9.5")
    void aMultiReadAnswersEachPart() throws Exception {
        client.createText(base + "/a", "data", CreateMode.PERSISTENT);

        var results =
                client.multi(List.of(Op.getData(base + "/a"), Op.getData(base + "/missing"), Op.getChildren(base)));

        assertThat(new String(((OpResult.GetDataResult) results.get(0)).getData(), UTF_8))
                .isEqualTo("data");
        assertThat(((OpResult.ErrorResult) results.get(1)).getErr()).isEqualTo(Code.NONODE.intValue());
        assertThat(((OpResult.GetChildrenResult) results.get(2)).getChildren()).containsExactly("a");
    }

    @Test
    void dataOfNearlyAMebibyteRoundTrips() throws Exception {
        var large = new byte[1_048_000 - 200];
        for (var i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31);
        }
        client.create(base + "/large", large, OfficialClient.OPEN, CreateMode.PERSISTENT);

        assertThat(client.getData(base + "/large", false, null)).isEqualTo(large);
    }

    @Test
    @Covers("1.2.1")
    void aRequestAboveTheLimitCostsTheConnectionAndNotTheSession() throws Exception {
        var session = client.getSessionId();
        client.createText(base + "/kept", "", CreateMode.EPHEMERAL);

        assertThat(failure(() ->
                        client.create(base + "/huge", new byte[1_048_576], OfficialClient.OPEN, CreateMode.PERSISTENT)))
                .isEqualTo(Code.CONNECTIONLOSS);

        client.awaitConnected();
        assertThat(client.getSessionId()).isEqualTo(session);
        await().ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                .untilAsserted(() -> {
                    assertThat(client.exists(base + "/kept", false)).isNotNull();
                    assertThat(client.exists(base + "/huge", false)).isNull();
                });
    }

    @Test
    @Covers({"2.5.4", "2.4.6"})
    void aContainerTakesChildrenAndIsNoEphemeral() throws Exception {
        var stat = new Stat();
        client.create(base + "/container", new byte[0], OfficialClient.OPEN, CreateMode.CONTAINER, stat);
        client.createText(base + "/container/child", "", CreateMode.PERSISTENT);

        assertThat(stat.getEphemeralOwner()).isZero();
        assertThat(client.getChildren(base + "/container", false)).containsExactly("child");
        assertThat(client.stat(base + "/container").getNumChildren()).isEqualTo(1);
    }

    @Test
    @Covers("2.3.1")
    void theNodesOfTheEnsembleItselfAreThere() throws Exception {
        assertThat(client.getChildren("/", false)).contains("zookeeper");
        assertThat(client.getChildren("/zookeeper", false)).containsExactlyInAnyOrder("config", "quota");
    }

    @Test
    void theConfigurationNodeListsEveryServer(EnsembleProcesses ensemble) throws Exception {
        var lines = new String(client.getConfig(false, null), UTF_8).lines().toList();

        for (var server : ensemble.servers()) {
            assertThat(lines)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("server." + server.id() + "=")
                            .contains(":participant;")
                            .endsWith(":" + server.address().clientPort()));
        }
        assertThat(lines).anyMatch(line -> line.matches("version=[0-9a-f]+"));
    }

    @Test
    @Covers("2.8.1")
    void aWriteThroughOneServerIsSeenThroughAnotherAfterSync(EnsembleProcesses ensemble) throws Exception {
        for (var server : ensemble.servers()) {
            try (var other = OfficialClient.connect(server.address().clientAddress())) {
                var path = client.createText(base + "/via-" + server.id(), "", CreateMode.PERSISTENT);
                other.syncAll();
                assertThat(other.stat(path)).isEqualTo(client.stat(path));
            }
        }
    }

    private int delete(String path, int version) throws KeeperException, InterruptedException {
        client.delete(path, version);
        return version;
    }

    private static Code failure(Callable<?> action) {
        return catchThrowableOfType(KeeperException.class, action::call).code();
    }
}
