package io.troupe.node;

import akka.actor.typed.ActorRef;
import io.troupe.election.ElectionActor;
import io.troupe.node.NodeProtocol.Command;

/** What a node does about that which its election actor finds out about the node itself. */
final class ElectionFindings implements ElectionActor.Listener {
    private final ActorRef<Command> guardian;
    private final NodeGuardian.Listener listener;

    ElectionFindings(ActorRef<Command> guardian, NodeGuardian.Listener listener) {
        this.guardian = guardian;
        this.listener = listener;
    }

    @Override
    public void onIsolated() {
        guardian.tell(new NodeProtocol.ProbePeers());
    }

    @Override
    public void onCutOff(String cause) {
        listener.onUnheard();
        guardian.tell(new NodeProtocol.StartAgain(cause, 0));
    }

    @Override
    public void onHeard() {
        listener.onHeard();
    }

    @Override
    public void onOutdated(long known) {
        guardian.tell(new NodeProtocol.StartAgain(
                "it has run as incarnation " + known + " before, which its lost disk and its clock know nothing of",
                known + 1));
    }
}
