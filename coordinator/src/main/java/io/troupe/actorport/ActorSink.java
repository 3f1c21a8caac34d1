package io.troupe.actorport;

import akka.actor.typed.ActorRef;
import io.troupe.actorport.ConnectionProtocol.Connected;
import io.troupe.actorport.ConnectionProtocol.Delivered;
import io.troupe.actorport.ConnectionProtocol.Fired;
import io.troupe.actorport.ConnectionProtocol.FromNode;
import io.troupe.actorport.ConnectionProtocol.Over;
import io.troupe.actorport.ConnectionProtocol.Replied;
import io.troupe.edge.Audit;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Request;
import io.troupe.request.Result;
import java.util.ArrayList;
import java.util.List;

/** The side of a connection that the node's thread sees. It gathers what is delivered; {@link #flush} hands it over. */
final class ActorSink implements SessionSink {
    private final ActorRef<ConnectionProtocol.Command> connection;
    private final Backlog backlog;
    private final Audit audit;
    private final Audit.Client client;
    private List<Delivered> gathered = new ArrayList<>();
    private boolean overrun;

    ActorSink(ActorRef<ConnectionProtocol.Command> connection, Backlog backlog, Audit audit, Audit.Client client) {
        this.connection = connection;
        this.backlog = backlog;
        this.audit = audit;
        this.client = client;
    }

    /** What follows on something that is left out would be out of place. */
    private void gather(Delivered delivered) {
        if (!overrun) {
            overrun = !backlog.add(delivered.bytes());
            gathered.add(overrun ? new Over(End.UNREAD) : delivered);
        }
    }

    @Override
    public void connected(SessionHandle handle, int timeoutMillis, boolean readOnly) {
        audit.connected(client, handle.sessionId());
        gather(new Connected(handle, timeoutMillis));
    }

    @Override
    public void reply(int xid, long zxid, Result result) {
        gather(new Replied(xid, zxid, result));
    }

    @Override
    public void decided(Request request, Result result) {
        audit.decided(client, request, result);
    }

    @Override
    public void denied(long sessionId, ReadOperation operation, List<Identity> who, ErrorCode error) {
        audit.denied(client, sessionId, operation, who, error);
    }

    @Override
    public void event(WatchEvent event, long zxid) {
        gather(new Fired(event, zxid));
    }

    @Override
    public boolean takesMore() {
        return backlog.takesMore();
    }

    @Override
    public void end(End reason) {
        gather(new Over(reason));
    }

    @Override
    public void flush() {
        if (!gathered.isEmpty()) {
            List<Delivered> burst = gathered;
            gathered = new ArrayList<>();
            connection.tell(new FromNode(burst));
        }
    }
}
