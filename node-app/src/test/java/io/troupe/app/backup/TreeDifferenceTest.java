package io.troupe.app.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.app.backup.Change.Create;
import io.troupe.app.backup.Change.Delete;
import io.troupe.app.backup.Change.SetAcl;
import io.troupe.app.backup.Change.SetData;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.request.Acl;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.EphemeralOwner;
import io.troupe.tree.state.Session;
import io.troupe.tree.state.ZnodeImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a restoration does to a tree that runs: all that differs, nothing else, and in an order in which it can be done. */
class TreeDifferenceTest {
    private static final long SESSION = 0x101;

    private final DataTree backup = tree();
    private final DataTree live = tree();

    private static DataTree tree() {
        DataTree tree = DataTree.founding(new Membership("e", 0, List.of(new Member(1, "a", 1, "a", 2, 3)), null));
        tree.putSession(new Session(SESSION, 4_000, 1));
        return tree;
    }

    private static void put(DataTree tree, String path, String text, long owner, List<Acl> acl) {
        tree.put(path, ZnodeImage.created(7, 5, owner, bytes(text), acl));
    }

    private static void put(DataTree tree, String path, String text) {
        put(tree, path, text, EphemeralOwner.PERSISTENT, Acl.OPEN);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private TreeDifference difference(String prefix) {
        return TreeDifference.between(backup, live, prefix);
    }

    private List<String> steps(String prefix) {
        List<String> steps = new ArrayList<>();
        for (Change change : difference(prefix).changes()) {
            steps.add(change.getClass().getSimpleName() + " " + change.path());
        }
        return steps;
    }

    @Test
    void equalTreesNeedNothingWhateverTheirZxids() {
        put(backup, "/a", "1");
        live.put("/a", ZnodeImage.created(99, 77, EphemeralOwner.PERSISTENT, bytes("1"), Acl.OPEN));

        assertThat(steps("/")).isEmpty();
    }

    @Test
    void parentsComeBeforeChildrenAndGoBehindThem() {
        put(backup, "/a", "");
        put(backup, "/a/b", "");
        put(live, "/x", "");
        put(live, "/x/y", "");

        assertThat(steps("/")).containsExactly("Create /a", "Create /a/b", "Delete /x/y", "Delete /x");
    }

    @Test
    void aStepNamesTheVersionThatWasSeen() {
        put(backup, "/a", "old", EphemeralOwner.PERSISTENT, Acl.READ_ONLY);
        live.put(
                "/a",
                ZnodeImage.created(7, 5, EphemeralOwner.PERSISTENT, bytes("older"), Acl.OPEN)
                        .withData(bytes("new"), 9, 6));

        List<Change> changes = difference("/").changes();

        assertThat(changes).hasSize(2);
        assertThat(((SetData) changes.get(0)).version()).isEqualTo(1);
        assertThat(((SetData) changes.get(0)).data()).isEqualTo(bytes("old"));
        assertThat(changes.get(1)).isEqualTo(new SetAcl("/a", Acl.READ_ONLY, 0));
    }

    @Test
    void kindsComeBackAndAZnodeOfAnotherKindIsReplacedWithAllBelow() {
        put(backup, "/c", "", EphemeralOwner.CONTAINER, Acl.OPEN);
        put(backup, "/c/d", "");
        put(backup, "/t", "", EphemeralOwner.ttl(60_000), Acl.OPEN);
        put(live, "/c", "");
        put(live, "/c/other", "");

        assertThat(steps("/")).containsExactly("Delete /c/other", "Delete /c", "Create /c", "Create /c/d", "Create /t");
        assertThat(((Create) difference("/").changes().get(2)).owner()).isEqualTo(EphemeralOwner.CONTAINER);
    }

    @Test
    void ephemeralsOfTheBackupStayAwayAndThoseOfLiveSessionsStayHere() {
        put(backup, "/a", "");
        put(backup, "/a/gone", "", SESSION, Acl.OPEN);
        put(live, "/a", "");
        put(live, "/a/here", "", SESSION, Acl.OPEN);
        put(live, "/new", "");
        put(live, "/new/below", "");
        put(live, "/new/lock", "", SESSION, Acl.OPEN);

        TreeDifference difference = difference("/");

        assertThat(difference.changes()).containsExactly(new Delete("/new/below", 0));
        assertThat(difference.kept()).containsExactly("/new");
        assertThat(difference.ephemeralsLeftOut()).isEqualTo(1);
        assertThat(difference.conflicts()).isEmpty();
    }

    @Test
    void anEphemeralInThePlaceOfAZnodeIsAConflictAndNoneOfItsSessionsLoss() {
        put(backup, "/a", "wanted");
        put(live, "/a", "", SESSION, Acl.OPEN);

        assertThat(difference("/").changes()).isEmpty();
        assertThat(difference("/").conflicts()).containsExactly("/a");
    }

    @Test
    void aPartBringsItsAncestorsAndTouchesNothingBesideIt() {
        put(backup, "/a", "");
        put(backup, "/a/b", "");
        put(backup, "/a/b/c", "");
        put(backup, "/a/beside", "");
        put(live, "/x", "");

        assertThat(steps("/a/b")).containsExactly("Create /a", "Create /a/b", "Create /a/b/c");
    }

    @Test
    void quotasGoFirstAndComeLastAndTheUsageIsTheEnsemblesOwn() {
        put(backup, "/zookeeper/quota/q", "");
        put(backup, "/zookeeper/quota/q/zookeeper_limits", "count=9");
        put(backup, "/zookeeper/quota/q/zookeeper_stats", "count=1");
        put(backup, "/z", "");
        put(live, "/zookeeper/quota/q", "");
        put(live, "/zookeeper/quota/q/zookeeper_limits", "count=2");
        put(live, "/zookeeper/quota/q/zookeeper_stats", "count=2");
        put(live, "/zookeeper/quota/p", "");

        assertThat(steps("/"))
                .containsExactly(
                        "Delete /zookeeper/quota/p", "Create /z", "SetData /zookeeper/quota/q/zookeeper_limits");
    }

    @Test
    void theListOfMembersIsLeftAlone() {
        backup.put("/zookeeper/config", ZnodeImage.created(1, 1, 0, bytes("server.1=others"), Acl.OPEN));

        assertThat(steps("/")).isEmpty();
    }

    @Test
    void transactionsAreBoundedInStepsAndBytes() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            changes.add(new Delete("/" + i, 0));
        }
        changes.add(new Create("/large", new byte[300 << 10], Acl.OPEN, 0));
        changes.add(new SetAcl("/a", Acl.OPEN, 0));
        changes.add(new Delete("/last", 0));

        assertThat(Restoration.transactions(changes)).extracting(List::size).containsExactly(200, 200, 100, 1, 1, 1);
    }
}
