package io.troupe.app.zookeeper;

import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Session;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;
import java.util.Arrays;
import java.util.Optional;

/** Whether what was written is what was to be written: znode by znode, and session by session. */
final class TreeComparison {
    private TreeComparison() {}

    /** The first difference, in words; the znode that lists the members is not compared, for it is never moved. */
    static Optional<String> difference(DataTree expected, DataTree found) {
        if (expected.lastZxid() != found.lastZxid() || expected.znodes() != found.znodes()) {
            return Optional.of("%d znodes at %x instead of %d at %x"
                    .formatted(found.znodes(), found.lastZxid(), expected.znodes(), expected.lastZxid()));
        }
        for (Session session : expected.sessions().all()) {
            Session other = found.sessions().get(session.id());
            if (other == null || other.timeoutMillis() != session.timeoutMillis()) {
                return Optional.of("session 0x" + Long.toHexString(session.id()) + " is " + other);
            }
        }
        if (expected.sessions().count() != found.sessions().count()) {
            return Optional.of(found.sessions().count() + " sessions instead of "
                    + expected.sessions().count());
        }
        String[] first = new String[1];
        TreeWalk.walk(expected, (path, node) -> {
            Znode other = found.get(path);
            if (first[0] == null && !path.equals(ZnodePath.CONFIG)) {
                if (other == null) {
                    first[0] = path + " is missing";
                } else if (!same(expected.image(node), found.image(other))) {
                    first[0] = path + " differs";
                }
            }
        });
        return Optional.ofNullable(first[0]);
    }

    private static boolean same(ZnodeImage a, ZnodeImage b) {
        return Arrays.equals(a.data(), b.data())
                && a.acl().equals(b.acl())
                && a.owner() == b.owner()
                && a.childCreates() == b.childCreates()
                && a.stat(0).equals(b.stat(0));
    }
}
