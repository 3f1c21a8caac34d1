package io.troupe.tree.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import io.troupe.request.Stat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The predefined tree (contract 2.3), counts, and the bookkeeping beside the znodes. */
class DataTreeTest {
    private static final Member A = new Member(1, "a", 7001, "a", 2181, 11);
    private static final Member B = new Member(2, "b", 7001, "b", 2181, 12);
    private static final Membership PAIR = new Membership("e", 0, List.of(A, B), null);

    private final DataTree tree = DataTree.founding(PAIR);

    private Znode node(String path) {
        return Objects.requireNonNull(tree.get(path), path);
    }

    private static ZnodeImage image(long zxid, long owner, String data, List<Acl> acl) {
        return ZnodeImage.created(zxid, 50, owner, data.getBytes(StandardCharsets.UTF_8), acl);
    }

    @Test
    @Covers("2.3.1")
    void aFreshTreeIsAsTheContractSays() {
        assertThat(node("/").stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, -1, 0, 0, 0, 1, 0));
        assertThat(node("/zookeeper").stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, -2, 0, 0, 0, 2, 0));
        assertThat(node("/zookeeper/quota").stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        byte[] config = PAIR.toConfigText().getBytes(StandardCharsets.UTF_8);
        assertThat(node("/zookeeper/config").data()).isEqualTo(config);
        assertThat(node("/zookeeper/config").stat()).isEqualTo(new Stat(0, 0, 0, 0, -1, 0, -1, 0, config.length, 0, 0));
        assertThat(tree.acl(node("/zookeeper/config"))).isEqualTo(Acl.READ_ONLY);
        assertThat(tree.acl(node("/"))).isEqualTo(Acl.OPEN);
        assertThat(node("/").data()).isEmpty();
        assertThat(tree.znodes()).isEqualTo(5);
        assertThat(tree.descendants(node("/"))).isEqualTo(3);
        assertThat(tree.lastZxid()).isZero();
    }

    @Test
    void theConfigOfALoneNodeIsEmpty() {
        DataTree alone = DataTree.founding(new Membership("e", 0, List.of(A), null));
        Znode config = Objects.requireNonNull(alone.get("/zookeeper/config"));
        assertThat(config.stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0));
        assertThat(config.data()).isEmpty();
    }

    @Test
    void illFormedPathsNameNothing() {
        assertThat(tree.get("/")).isSameAs(tree.get(""));
        for (String path : List.of("x", "zookeeper", "/zookeeper/", "//zookeeper", "/zookeeper//quota", "//", "/é")) {
            assertThat(tree.get(path)).as(path).isNull();
        }
    }

    @Test
    void countsWhatThereIs() {
        long bytes = tree.approximateDataBytes();
        long digest = tree.digest();
        tree.putSession(new Session(9, 1000, 1));
        tree.put("/c", image(1, EphemeralOwner.CONTAINER, "abc", Acl.OPEN));
        tree.put("/c/t", image(2, EphemeralOwner.ttl(5), "", Acl.READ_ONLY));
        tree.put("/c/é", image(3, 9, "x", List.of(new Acl(3, new Identity("digest", "a:b")))));
        assertThat(tree.znodes()).isEqualTo(8);
        assertThat(tree.ephemerals()).isEqualTo(1);
        assertThat(tree.containers()).containsExactly("/c");
        assertThat(tree.ttlNodes()).containsExactly("/c/t");
        assertThat(tree.sessions().ephemeralsOf(9)).containsExactly("/c/é");
        assertThat(tree.childNames(node("/c"))).containsExactlyInAnyOrder("t", "é");
        assertThat(tree.descendants(node("/c"))).isEqualTo(2);
        assertThat(tree.descendants(node("/"))).isEqualTo(6);
        assertThat(tree.approximateDataBytes()).isEqualTo(bytes + 2 + 3 + 4 + 4 + 1);
        assertThat(tree.aclLists()).isEqualTo(3);

        assertThatThrownBy(() -> tree.remove("/c")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tree.removeSession(9)).isInstanceOf(IllegalStateException.class);
        tree.remove("/c/é");
        tree.remove("/c/t");
        tree.remove("/c");
        tree.removeSession(9);
        assertThat(tree.znodes()).isEqualTo(5);
        assertThat(tree.ephemerals()).isZero();
        assertThat(tree.containers()).isEmpty();
        assertThat(tree.ttlNodes()).isEmpty();
        assertThat(tree.approximateDataBytes()).isEqualTo(bytes);
        assertThat(tree.aclLists()).isEqualTo(2);
        assertThat(tree.digest()).isEqualTo(digest);
    }

    @Test
    void theDigestSeesEveryReplicatedField() {
        ZnodeImage i = image(7, 0, "abc", Acl.OPEN);
        tree.put("/x", i);
        List<ZnodeImage> others = List.of(
                new ZnodeImage(8, 7, 7, 50, 50, 0, 0, 0, 0, i.data(), i.acl()),
                new ZnodeImage(7, 8, 7, 50, 50, 0, 0, 0, 0, i.data(), i.acl()),
                new ZnodeImage(7, 7, 8, 50, 50, 0, 0, 0, 0, i.data(), i.acl()),
                new ZnodeImage(7, 7, 7, 51, 50, 0, 0, 0, 0, i.data(), i.acl()),
                new ZnodeImage(7, 7, 7, 50, 51, 0, 0, 0, 0, i.data(), i.acl()),
                new ZnodeImage(7, 7, 7, 50, 50, 1, 0, 0, 0, i.data(), i.acl()),
                new ZnodeImage(7, 7, 7, 50, 50, 0, 1, 0, 0, i.data(), i.acl()),
                new ZnodeImage(7, 7, 7, 50, 50, 0, 0, 1, 0, i.data(), i.acl()),
                new ZnodeImage(7, 7, 7, 50, 50, 0, 0, 0, EphemeralOwner.CONTAINER, i.data(), i.acl()),
                new ZnodeImage(7, 7, 7, 50, 50, 0, 0, 0, 0, null, i.acl()),
                new ZnodeImage(7, 7, 7, 50, 50, 0, 0, 0, 0, new byte[0], i.acl()),
                new ZnodeImage(7, 7, 7, 50, 50, 0, 0, 0, 0, new byte[] {'a', 'b', 'd'}, i.acl()),
                new ZnodeImage(7, 7, 7, 50, 50, 0, 0, 0, 0, i.data(), Acl.READ_ONLY));
        long digest = tree.digest();
        for (ZnodeImage other : others) {
            tree.put("/x", other);
            assertThat(tree.digest()).as("%s", other).isNotEqualTo(digest);
            tree.put("/x", i);
            assertThat(tree.digest()).as("back from %s", other).isEqualTo(digest);
        }
    }

    @Test
    @Shows("S38")
    void theDigestSeesWhatTheEnsembleKeepsForItself() {
        long digest = tree.digest();
        tree.put("/zookeeper/quota/a", image(3, 0, "", Acl.OPEN));
        long below = tree.digest();
        tree.put("/zookeeper/quota/a/zookeeper_limits", image(4, 0, "count=5", Acl.OPEN));
        long limits = tree.digest();
        tree.put("/zookeeper/quota/a/zookeeper_limits", image(4, 0, "count=6", Acl.OPEN));
        assertThat(List.of(digest, below, limits, tree.digest())).doesNotHaveDuplicates();
    }

    @Test
    void theDigestSeesSessionsOriginsAndVoters() {
        long digest = tree.digest();
        tree.putSession(new Session(9, 1000, 1));
        long session = tree.digest();
        tree.putSession(new Session(9, 1000, 2));
        long attached = tree.digest();
        tree.putOrigin(1, new Origins.Position(4, 1));
        long origin = tree.digest();
        tree.changeMembership(PAIR.committed(List.of(A), 3));
        assertThat(List.of(digest, session, attached, origin, tree.digest())).doesNotHaveDuplicates();
    }

    @Test
    void theDigestDoesNotDependOnTheOrderOfChanges() {
        DataTree other = DataTree.founding(PAIR);
        tree.put("/a", image(1, 0, "a", Acl.OPEN));
        tree.put("/b", image(2, 0, "b", Acl.OPEN));
        other.put("/b", image(2, 0, "b", Acl.OPEN));
        other.put("/c", image(9, 0, "c", Acl.OPEN));
        other.put("/a", image(1, 0, "a", Acl.OPEN));
        other.remove("/c");
        assertThat(other.digest()).isEqualTo(tree.digest());
        other.remove("/a");
        other.remove("/b");
        other.put("/a", image(2, 0, "b", Acl.OPEN));
        other.put("/b", image(1, 0, "a", Acl.OPEN));
        assertThat(other.digest()).isNotEqualTo(tree.digest());
    }
}
