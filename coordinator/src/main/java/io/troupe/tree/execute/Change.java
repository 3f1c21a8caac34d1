package io.troupe.tree.execute;

import io.troupe.ensemble.Membership;
import io.troupe.request.Acl;
import java.util.List;

/** One step of what a request did to the state; watches, connections and leases follow from these. */
public sealed interface Change {

    /**
     * @param acl of the node at this step: who may be told
     * @param parentAcl of its parent at this step: who may be told that the parent's children changed
     */
    record NodeCreated(String path, List<Acl> acl, List<Acl> parentAcl) implements Change {}

    /**
     * @param acl what the node had when it was deleted: who may be told
     * @param parentAcl of its parent at this step
     */
    record NodeDeleted(String path, List<Acl> acl, List<Acl> parentAcl) implements Change {}

    /**
     * @param acl of the node at this step: who may be told
     */
    record NodeDataChanged(String path, List<Acl> acl) implements Change {}

    /**
     * @param attach the zxid of the request; names the lease
     * @param token the origin's own mark of the connection that waits
     */
    record SessionOpened(long sessionId, long attach, int timeoutMillis, long token) implements Change {}

    /** The session now belongs to the connection behind {@code token}; requests of earlier attaches are refused. */
    record SessionAttached(long sessionId, long attach, int timeoutMillis, long token) implements Change {}

    /** Follows the deletion of the session's ephemerals. */
    record SessionClosed(long sessionId) implements Change {}

    record MembersChanged(Membership membership) implements Change {}
}
