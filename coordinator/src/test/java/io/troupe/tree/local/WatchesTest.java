package io.troupe.tree.local;

import static io.troupe.edge.WatchEvent.Type.CHILDREN_CHANGED;
import static io.troupe.edge.WatchEvent.Type.CREATED;
import static io.troupe.edge.WatchEvent.Type.DATA_CHANGED;
import static io.troupe.edge.WatchEvent.Type.DELETED;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.WatchEvent;
import io.troupe.metrics.Metrics;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import io.troupe.tree.local.RecordingSink.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchesTest {
    private static final int CHILDREN = 1;
    private static final int DATA = 2;
    private static final int ANY = 3;
    private static final int PERSISTENT = 4;
    private static final int RECURSIVE = 5;
    private static final Identity ALICE = new Identity("digest", "alice:hash");
    private static final List<Acl> FOR_ALICE = List.of(new Acl(Acl.READ, ALICE));

    private final Metrics metrics = new Metrics();
    private final Watches watches = new Watches(metrics);
    private final RecordingSink sink = new RecordingSink();
    private final LocalSession session = session(1, sink);
    private long zxid = 100;

    private static LocalSession session(long id, RecordingSink sink, Identity... who) {
        return new LocalSession(new SessionHandle(id, 1), sink, List.of(who), false);
    }

    private void created(String path) {
        watches.created(path, Acl.OPEN, Acl.OPEN, ++zxid);
    }

    private void deleted(String path) {
        watches.deleted(path, Acl.OPEN, Acl.OPEN, ++zxid);
    }

    private void changed(String path) {
        watches.dataChanged(path, Acl.OPEN, ++zxid);
    }

    private void changeEverything() {
        created("/a/b");
        changed("/a/b");
        created("/a/b/c");
        changed("/a/b/c");
        deleted("/a/b/c");
        deleted("/a/b");
    }

    private static Event event(WatchEvent.Type type, String path, long at) {
        return new Event(type, path, at);
    }

    @Test
    void howManyWatchesAnEventFiresIsMeasured() {
        watches.watchData(session, "/a/b");
        watches.watchData(session(2, sink), "/a/b");
        watches.watchChildren(session, "/a");
        watches.watchRecursively(session(3, sink), "/a");
        created("/a/b");
        changed("/a/b");
        created("/elsewhere");

        assertThat(metrics.summary("node_created_watch_count").sum()).isEqualTo(3);
        assertThat(metrics.summary("node_created_watch_count").count()).isEqualTo(1);
        assertThat(metrics.summary("node_changed_watch_count").sum()).isEqualTo(1);
        assertThat(metrics.summary("node_children_watch_count").sum()).isEqualTo(1);
        assertThat(metrics.summary("node_deleted_watch_count").count()).isZero();
    }

    // ---- kinds ----

    @Test
    @Covers("3.1.1")
    void aDataWatchIsSpentByTheFirstChangeOfTheNode() {
        watches.watchData(session, "/a/b");
        changeEverything();

        assertThat(sink.take()).containsExactly(event(CREATED, "/a/b", 101));
        assertThat(watches.count()).isZero();
    }

    @Test
    void aDataWatchHearsOfDataAndOfDeletion() {
        watches.watchData(session, "/a/b");
        changed("/a/b");
        watches.watchData(session, "/a/b");
        deleted("/a/b");

        assertThat(sink.take()).containsExactly(event(DATA_CHANGED, "/a/b", 101), event(DELETED, "/a/b", 102));
    }

    @Test
    void aChildWatchHearsOfChildrenAndOfDeletionButNotOfDataNorOfGrandchildren() {
        watches.watchChildren(session, "/a");
        changed("/a");
        created("/a/b/c");
        changed("/a/b");
        assertThat(sink.take()).isEmpty();

        created("/a/b");
        created("/a/c");
        assertThat(sink.take()).containsExactly(event(CHILDREN_CHANGED, "/a", 104));
        watches.watchChildren(session, "/a");
        deleted("/a/c");
        assertThat(sink.take()).containsExactly(event(CHILDREN_CHANGED, "/a", 106));
        watches.watchChildren(session, "/a");
        deleted("/a");
        assertThat(sink.take()).containsExactly(event(DELETED, "/a", 107));
    }

    @Test
    @Covers("3.1.1")
    void aPersistentWatchHearsOfNodeAndChildrenAndStays() {
        watches.watchPersistently(session, "/a/b");
        changeEverything();

        assertThat(sink.take())
                .containsExactly(
                        event(CREATED, "/a/b", 101),
                        event(DATA_CHANGED, "/a/b", 102),
                        event(CHILDREN_CHANGED, "/a/b", 103),
                        event(CHILDREN_CHANGED, "/a/b", 105),
                        event(DELETED, "/a/b", 106));
        created("/a/b");
        assertThat(sink.take()).containsExactly(event(CREATED, "/a/b", 107));
    }

    @Test
    @Covers("3.3.1")
    @Shows("S30")
    void aRecursiveWatchHearsOfEverythingBelowAndNeverOfChildren() {
        watches.watchRecursively(session, "/a");
        changeEverything();
        created("/ab");

        assertThat(sink.take())
                .containsExactly(
                        event(CREATED, "/a/b", 101),
                        event(DATA_CHANGED, "/a/b", 102),
                        event(CREATED, "/a/b/c", 103),
                        event(DATA_CHANGED, "/a/b/c", 104),
                        event(DELETED, "/a/b/c", 105),
                        event(DELETED, "/a/b", 106));
    }

    @Test
    void aRecursiveWatchOfTheRootHearsOfEverything() {
        watches.watchRecursively(session, "/");
        created("/x");
        changed("/");

        assertThat(sink.take()).containsExactly(event(CREATED, "/x", 101), event(DATA_CHANGED, "/", 102));
    }

    @Test
    void childrenOfTheRootAreWatchedToo() {
        watches.watchChildren(session, "/");
        created("/x");

        assertThat(sink.take()).containsExactly(event(CHILDREN_CHANGED, "/", 101));
    }

    // ---- several at once ----

    @Test
    @Covers("3.1.2")
    void watchesOfAllKindsOnOnePathAreOneEventEach() {
        watches.watchData(session, "/a");
        watches.watchChildren(session, "/a");
        watches.watchPersistently(session, "/a");
        watches.watchRecursively(session, "/a");
        watches.watchRecursively(session, "/");
        changed("/a");
        created("/a/b");
        deleted("/a/b");
        deleted("/a");

        assertThat(sink.take())
                .containsExactly(
                        event(DATA_CHANGED, "/a", 101),
                        event(CREATED, "/a/b", 102),
                        event(CHILDREN_CHANGED, "/a", 102),
                        event(DELETED, "/a/b", 103),
                        event(CHILDREN_CHANGED, "/a", 103),
                        event(DELETED, "/a", 104));
    }

    @Test
    @Covers("3.1.2")
    void registeringTwiceChangesNothing() {
        watches.watchData(session, "/a");
        watches.watchData(session, "/a");
        watches.watchRecursively(session, "/a");
        watches.watchRecursively(session, "/a");
        assertThat(watches.count()).isEqualTo(1);

        assertThat(watches.remove(session, "/a", RECURSIVE)).isTrue();
        changed("/a/b");
        assertThat(sink.take()).isEmpty();
        changed("/a");
        changed("/a");
        assertThat(sink.take()).containsExactly(event(DATA_CHANGED, "/a", 102));
    }

    @Test
    @Covers("3.3.1")
    void theEventOfTheNodeComesBeforeThatOfItsParent() {
        watches.watchChildren(session, "/a");
        watches.watchData(session, "/a/b");
        watches.watchChildren(session, "/a/b");
        deleted("/a/b");

        assertThat(sink.take()).containsExactly(event(DELETED, "/a/b", 101), event(CHILDREN_CHANGED, "/a", 101));
    }

    @Test
    void everySessionIsToldOnItsOwn() {
        RecordingSink otherSink = new RecordingSink();
        LocalSession other = session(2, otherSink);
        watches.watchData(session, "/a");
        watches.watchPersistently(other, "/a");

        assertThat(watches.dataChanged("/a", Acl.OPEN, 101)).containsExactly(session, other);
        assertThat(watches.dataChanged("/a", Acl.OPEN, 102)).containsExactly(other);
        assertThat(sink.take()).hasSize(1);
        assertThat(otherSink.take()).hasSize(2);
    }

    // ---- who may know ----

    @Test
    @Covers("3.3.2")
    @Shows("S26")
    void isSpentSilentlyWhenItsOwnerMayNotReadTheNode() {
        watches.watchData(session, "/a");
        watches.watchChildren(session, "/");

        assertThat(watches.deleted("/a", FOR_ALICE, FOR_ALICE, 101)).isEmpty();
        assertThat(sink.take()).isEmpty();
        assertThat(watches.count()).isZero();
    }

    @Test
    @Covers("3.3.2")
    void asksForTheParentsPermissionWhereTheEventIsTheParents() {
        RecordingSink aliceSink = new RecordingSink();
        LocalSession alice = session(2, aliceSink, ALICE);
        watches.watchChildren(session, "/");
        watches.watchChildren(alice, "/");
        watches.watchData(session, "/a");
        watches.watchData(alice, "/a");
        watches.created("/a", Acl.OPEN, FOR_ALICE, 101);

        assertThat(sink.take()).containsExactly(event(CREATED, "/a", 101));
        assertThat(aliceSink.take()).containsExactly(event(CREATED, "/a", 101), event(CHILDREN_CHANGED, "/", 101));
    }

    // ---- removing, counting ----

    @Test
    @Covers("3.6.1")
    void removesWhatItsTypeNamesAndNothingElse() {
        record Case(int type, List<Integer> left) {}
        List<Case> cases = List.of(
                new Case(CHILDREN, List.of(DATA, PERSISTENT, RECURSIVE)),
                new Case(DATA, List.of(CHILDREN, PERSISTENT, RECURSIVE)),
                new Case(PERSISTENT, List.of(CHILDREN, DATA, RECURSIVE)),
                new Case(RECURSIVE, List.of(CHILDREN, DATA, PERSISTENT)),
                new Case(ANY, List.of()));
        for (Case c : cases) {
            watches.watchData(session, "/a");
            watches.watchChildren(session, "/a");
            watches.watchPersistently(session, "/a");
            watches.watchRecursively(session, "/a");
            assertThat(watches.has(session, "/a", c.type())).isTrue();

            assertThat(watches.remove(session, "/a", c.type())).isTrue();

            assertThat(List.of(CHILDREN, DATA, PERSISTENT, RECURSIVE))
                    .as("type %d", c.type())
                    .filteredOn(type -> watches.has(session, "/a", type))
                    .containsExactlyElementsOf(c.left());
            assertThat(watches.remove(session, "/a", c.type())).isFalse();
            watches.remove(session);
            assertThat(watches.count()).isZero();
        }
    }

    @Test
    @Covers("3.6.1")
    void hasNothingToRemoveOfAnotherSessionOrPath() {
        watches.watchData(session, "/a");

        assertThat(watches.remove(session(2, new RecordingSink()), "/a", ANY)).isFalse();
        assertThat(watches.remove(session, "/b", ANY)).isFalse();
        assertThat(watches.has(session, "/a", 0)).isFalse();
        assertThat(watches.has(session, "/a", DATA)).isTrue();
    }

    @Test
    @Covers("3.7.1")
    void countsPairsOfSessionAndPathInBothTables() {
        watches.watchData(session, "/a");
        watches.watchChildren(session, "/a");
        watches.watchPersistently(session, "/b");
        watches.watchRecursively(session, "/c");
        watches.watchData(session(2, new RecordingSink()), "/a");
        assertThat(watches.count()).isEqualTo(6);

        watches.remove(session);

        assertThat(watches.count()).isEqualTo(1);
        assertThat(session.watchedPaths()).isEmpty();
    }

    @Test
    void tellsNobodyOnceItsOwnersConnectionIsGone() {
        watches.watchPersistently(session, "/a");
        watches.watchRecursively(session, "/");
        watches.remove(session);
        changeEverything();

        assertThat(sink.take()).isEmpty();
    }
}
