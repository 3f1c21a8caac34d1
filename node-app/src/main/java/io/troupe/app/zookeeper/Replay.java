package io.troupe.app.zookeeper;

import io.troupe.request.Acl;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.EphemeralOwner;
import io.troupe.tree.state.Session;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.jute.Record;
import org.apache.zookeeper.txn.CloseSessionTxn;
import org.apache.zookeeper.txn.CreateContainerTxn;
import org.apache.zookeeper.txn.CreateSessionTxn;
import org.apache.zookeeper.txn.CreateTTLTxn;
import org.apache.zookeeper.txn.CreateTxn;
import org.apache.zookeeper.txn.DeleteTxn;
import org.apache.zookeeper.txn.MultiTxn;
import org.apache.zookeeper.txn.SetACLTxn;
import org.apache.zookeeper.txn.SetDataTxn;
import org.apache.zookeeper.txn.Txn;
import org.apache.zookeeper.txn.TxnHeader;
import org.jspecify.annotations.Nullable;

/**
 * What ZooKeeper's transactions do to a tree. They are outcomes, not requests, and the snapshot before them may show some of
 * them already: what exists is not created again, what is gone not deleted, and a parent's counters only go forward (contract 8.3).
 */
final class Replay {
    private final DataTree tree;

    Replay(DataTree tree) {
        this.tree = tree;
    }

    /** Applies one transaction as a whole and moves the tree there. */
    void apply(LogEntry entry) throws IOException {
        apply(entry.header(), entry.header().getType(), entry.transaction());
        tree.executed(entry.header().getZxid());
    }

    private void apply(TxnHeader header, int type, @Nullable Record transaction) throws IOException {
        if (transaction instanceof CreateTxn create) {
            long owner = create.getEphemeral() ? header.getClientId() : EphemeralOwner.PERSISTENT;
            create(
                    create.getPath(),
                    create.getParentCVersion(),
                    image(header, owner, create.getData(), create.getAcl()));
        } else if (transaction instanceof CreateContainerTxn create) {
            create(
                    create.getPath(),
                    create.getParentCVersion(),
                    image(header, EphemeralOwner.CONTAINER, create.getData(), create.getAcl()));
        } else if (transaction instanceof CreateTTLTxn create) {
            create(
                    create.getPath(),
                    create.getParentCVersion(),
                    image(header, EphemeralOwner.ttl(create.getTtl()), create.getData(), create.getAcl()));
        } else if (transaction instanceof DeleteTxn delete) {
            delete(delete.getPath(), header.getZxid());
        } else if (transaction instanceof SetDataTxn set) {
            setData(set, header);
        } else if (transaction instanceof SetACLTxn set) {
            setAcl(set);
        } else if (transaction instanceof CreateSessionTxn session) {
            tree.putSession(new Session(header.getClientId(), session.getTimeOut(), 0));
        } else if (type == LogEntry.CLOSE_SESSION) {
            closeSession(header, transaction instanceof CloseSessionTxn close ? close.getPaths2Delete() : List.of());
        } else if (transaction instanceof MultiTxn multi) {
            multi(header, multi);
        }
        // An error, or a check that held, changes nothing.
    }

    private static ZnodeImage image(
            TxnHeader header, long owner, byte @Nullable [] data, @Nullable List<org.apache.zookeeper.data.ACL> acl) {
        return ZnodeImage.created(header.getZxid(), header.getTime(), owner, data, SnapshotReader.acl(acl));
    }

    private void multi(TxnHeader header, MultiTxn multi) throws IOException {
        List<Txn> parts = multi.getTxns();
        if (parts.stream().anyMatch(part -> part.getType() == LogEntry.ERROR)) {
            return;
        }
        for (Txn part : parts) {
            apply(header, part.getType(), LogEntry.part(part.getType(), part.getData()));
        }
    }

    private void create(String path, int parentCreates, ZnodeImage image) {
        String parentPath = ZnodePath.parent(path);
        Znode parent = tree.get(parentPath);
        if (parent == null) {
            return;
        }
        int creates = parentCreates == LogEntry.NEXT ? parent.childCreates() + 1 : parentCreates;
        if (creates > parent.childCreates()) {
            tree.put(parentPath, withChildren(tree.image(parent), creates, image.czxid()));
        }
        Znode existing = tree.get(path);
        tree.put(path, existing == null ? image : withAcl(tree.image(existing), image.acl(), existing.aversion()));
    }

    private void delete(String path, long zxid) {
        String parentPath = ZnodePath.parent(path);
        Znode parent = tree.get(parentPath);
        if (parent == null) {
            return;
        }
        if (zxid > parent.pzxid()) {
            tree.put(parentPath, withChildren(tree.image(parent), parent.childCreates(), zxid));
        }
        Znode node = tree.get(path);
        if (node != null) {
            removeWithAllBelow(path, node);
        }
    }

    /** What stands below in a snapshot came later than this, and is created again by what follows. */
    private void removeWithAllBelow(String path, Znode node) {
        List<String> doomed = new ArrayList<>(List.of(path));
        for (int i = 0; i < doomed.size(); i++) {
            String next = doomed.get(i);
            Znode parent = i == 0 ? node : tree.get(next);
            if (parent != null) {
                tree.childNames(parent).forEach(name -> doomed.add(ZnodePath.child(next, name)));
            }
        }
        Collections.reverse(doomed);
        doomed.forEach(tree::remove);
    }

    private void setData(SetDataTxn set, TxnHeader header) {
        Znode node = tree.get(set.getPath());
        if (node != null) {
            tree.put(
                    set.getPath(),
                    tree.image(node).withData(set.getData(), set.getVersion(), header.getZxid(), header.getTime()));
        }
    }

    private void setAcl(SetACLTxn set) {
        Znode node = tree.get(set.getPath());
        if (node != null) {
            tree.put(set.getPath(), withAcl(tree.image(node), SnapshotReader.acl(set.getAcl()), set.getVersion()));
        }
    }

    private void closeSession(TxnHeader header, List<String> listed) {
        listed.forEach(path -> delete(path, header.getZxid()));
        endSession(header.getClientId(), header.getZxid());
    }

    /** Removes a session, if there is one of this id, and all that it owns. */
    void endSession(long sessionId, long zxid) {
        tree.sessions().ephemeralsOf(sessionId).forEach(path -> delete(path, zxid));
        if (tree.sessions().get(sessionId) != null) {
            tree.removeSession(sessionId);
        }
    }

    private static ZnodeImage withChildren(ZnodeImage i, int creates, long pzxid) {
        return new ZnodeImage(
                i.czxid(),
                i.mzxid(),
                pzxid,
                i.ctime(),
                i.mtime(),
                i.version(),
                creates,
                i.aversion(),
                i.owner(),
                i.data(),
                i.acl());
    }

    private static ZnodeImage withAcl(ZnodeImage i, List<Acl> acl, int aversion) {
        return new ZnodeImage(
                i.czxid(),
                i.mzxid(),
                i.pzxid(),
                i.ctime(),
                i.mtime(),
                i.version(),
                i.childCreates(),
                aversion,
                i.owner(),
                i.data(),
                acl);
    }
}
