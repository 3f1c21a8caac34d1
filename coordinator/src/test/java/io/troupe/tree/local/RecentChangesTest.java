package io.troupe.tree.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.metrics.Metrics;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import io.troupe.request.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session that comes from another node is told of what its watches have missed. */
class RecentChangesTest {
    private static final List<Acl> SECRET = List.of(new Acl(Acl.ALL, new Identity("digest", "ada")));

    private final List<String> told = new ArrayList<>();

    private LocalSession session(long id) {
        return new LocalSession(
                new SessionHandle(id, 1),
                new SessionSink() {
                    @Override
                    public void connected(SessionHandle handle, int timeoutMillis, boolean readOnly) {
                        throw new AssertionError("it is connected");
                    }

                    @Override
                    public void reply(int xid, long zxid, Result result) {
                        throw new AssertionError("nothing was asked");
                    }

                    @Override
                    public void event(WatchEvent event, long zxid) {
                        told.add(zxid + " " + event.type() + " " + event.path());
                    }

                    @Override
                    public void end(End reason) {
                        throw new AssertionError("it goes on");
                    }

                    @Override
                    public void flush() {
                        // Nothing is buffered.
                    }
                },
                List.of(),
                false);
    }

    /** Each request brings lists of its own, which would be all that is kept. */
    @Test
    void accessListsTakeOfTheMemory() {
        RecentChanges recent = new RecentChanges(0, 80_000);
        for (int zxid = 1; zxid <= 10_000; zxid++) {
            recent.add(zxid, WatchEvent.Type.CREATED, "/a", List.of(new Acl(zxid, Identity.ANYONE)), Acl.OPEN);
        }

        assertThat(recent.since(10_000 - 80_000 / 128 * 2)).isEmpty();
        assertThat(recent.since(9_900).orElseThrow())
                .hasSize(100)
                .allSatisfy(change -> assertThat(change.acl().get(0).perms()).isEqualTo((int) change.zxid()));
    }

    @Test
    void pathsLongerThanAnyPieceAreKeptToo() {
        RecentChanges recent = new RecentChanges(0, 5_000);
        String path = "/" + "ä".repeat(1_000);
        for (int zxid = 1; zxid <= 20; zxid++) {
            recent.add(zxid, WatchEvent.Type.DELETED, path, SECRET, zxid % 2 == 0 ? List.of() : SECRET);
        }

        assertThat(recent.since(17)).isEmpty();
        assertThat(recent.since(18).orElseThrow())
                .containsExactly(
                        new RecentChanges.Change(19, WatchEvent.Type.DELETED, path, SECRET, SECRET),
                        new RecentChanges.Change(20, WatchEvent.Type.DELETED, path, SECRET, List.of()));

        recent.add(21, WatchEvent.Type.DELETED, path.repeat(3), SECRET, SECRET);
        assertThat(recent.since(20)).isEmpty();
        assertThat(recent.since(21).orElseThrow()).isEmpty();
    }

    /** Nobody finds fewer changes than there were, whatever has been forgotten. */
    @Test
    void whatIsToldIsWhole() {
        RecentChanges recent = new RecentChanges(100, 2_000);
        for (int zxid = 101; zxid <= 1_000; zxid++) {
            recent.add(zxid, WatchEvent.Type.DATA_CHANGED, "/node-" + zxid, Acl.OPEN, List.of());
            for (long since = Math.max(100, zxid - 200); since <= zxid; since++) {
                int missed = zxid - (int) since;
                recent.since(since).ifPresent(changes -> assertThat(changes).hasSize(missed));
            }
            assertThat(recent.since(zxid - 1)).isPresent();
        }
        assertThat(recent.since(1_000 - 40)).isPresent();
        assertThat(recent.since(1_000 - 80)).isEmpty();
    }

    private static Watches watches(long historyBytes) {
        Watches watches = new Watches(new Metrics(), 10, historyBytes);
        watches.created("/a", Acl.OPEN, Acl.OPEN, 11);
        watches.created("/a/b", Acl.OPEN, Acl.OPEN, 12);
        watches.dataChanged("/a/b", Acl.OPEN, 13);
        watches.created("/a/s", SECRET, Acl.OPEN, 14);
        watches.deleted("/a/b", Acl.OPEN, Acl.OPEN, 15);
        return watches;
    }

    @Test
    void itIsToldWhatTheWatchesWouldHaveTold() {
        assertThat(watches(10_000).resume(session(1), 11, List.of("/a"), List.of("/a/b")))
                .isTrue();

        assertThat(told)
                .containsExactly(
                        "12 CREATED /a/b",
                        "12 CHILDREN_CHANGED /a",
                        "13 DATA_CHANGED /a/b",
                        "14 CHILDREN_CHANGED /a",
                        "15 DELETED /a/b",
                        "15 CHILDREN_CHANGED /a");
    }

    @Test
    void itIsNotToldWhatItMayNotRead() {
        watches(10_000).resume(session(1), 13, List.of("/a/s"), List.of());

        assertThat(told).isEmpty();
    }

    @Test
    void theWatchesGoOn() {
        Watches watches = watches(10_000);
        watches.resume(session(1), 15, List.of(), List.of("/a"));

        watches.dataChanged("/a/c", Acl.OPEN, 16);

        assertThat(told).containsExactly("16 DATA_CHANGED /a/c");
        assertThat(watches.count()).isEqualTo(1);
    }

    @Test
    void whatIsForgottenIsSaid() {
        Watches watches = watches(60);

        assertThat(watches.resume(session(1), 12, List.of("/a"), List.of())).isFalse();
        assertThat(told).isEmpty();
        assertThat(watches.resume(session(2), 13, List.of("/a"), List.of())).isTrue();
        assertThat(told).containsExactly("14 CHILDREN_CHANGED /a", "15 CHILDREN_CHANGED /a");
        assertThat(watches(10_000).resume(session(3), 9, List.of("/a"), List.of()))
                .isFalse();
    }
}
