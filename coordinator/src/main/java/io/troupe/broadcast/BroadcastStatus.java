package io.troupe.broadcast;

import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;

/**
 * What broadcast publishes about this node.
 *
 * @param phase the phase's own word, more precise than the role
 * @param serving whether clients are served in this phase
 * @param leaderId 0 for none
 * @param lastLoggedZxid end of the log, committed or not
 */
public record BroadcastStatus(
        int nodeId,
        Role role,
        String phase,
        boolean serving,
        int leaderId,
        long epoch,
        long lastLoggedZxid,
        long commitZxid,
        int syncedFollowers,
        int syncedObservers,
        int proposals,
        Membership membership) {}
