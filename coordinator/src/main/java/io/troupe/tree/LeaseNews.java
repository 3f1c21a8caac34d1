package io.troupe.tree;

import akka.actor.typed.ActorRef;
import io.troupe.tree.DataTreeProtocol.SessionsChanged;
import io.troupe.tree.state.DataTree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells whoever ends sessions which there are. */
final class LeaseNews {
    private @Nullable ActorRef<SessionsChanged> listener;

    /** From now on this one is told. */
    void listener(ActorRef<SessionsChanged> to) {
        listener = to;
    }

    /** What is known of an earlier tree is void. */
    void tellAll(DataTree tree) {
        if (listener != null) {
            listener.tell(new SessionsChanged(true, tree.sessions().all(), List.of()));
        }
    }

    /** What has been executed since may have opened or closed some. */
    void tellChanges(BatchExecution execution) {
        if (listener != null && execution.leasesChanged()) {
            listener.tell(execution.takeLeases());
        }
    }
}
