package io.troupe.app.clientport.jute;

import io.troupe.request.Operation;
import java.util.List;

/**
 * What of a request must be remembered to encode its reply.
 *
 * @param type the request type as sent
 * @param subTypes of a multi: the type of each operation's result where the result itself has no body; else empty
 */
public record RequestShape(int xid, int type, List<Integer> subTypes) {
    /** The shape of a decoded frame. */
    public static RequestShape of(ClientFrame frame) {
        if (frame.body() instanceof ClientFrame.Write write && write.operation() instanceof Operation.Multi multi) {
            return new RequestShape(
                    frame.xid(),
                    frame.type(),
                    multi.ops().stream()
                            .map(op -> op instanceof Operation.Check ? OpCode.CHECK : OpCode.DELETE)
                            .toList());
        }
        return new RequestShape(frame.xid(), frame.type(), List.of());
    }
}
