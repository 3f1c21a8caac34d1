package io.troupe.app.clientport.jute;

import io.troupe.edge.ReadOperation;
import io.troupe.request.Operation;
import org.jspecify.annotations.Nullable;

/**
 * One decoded frame of an open session.
 *
 * @param type the request type as sent, see {@link OpCode}
 */
public record ClientFrame(int xid, int type, Body body) {

    /** What it asks for. */
    public sealed interface Body {}

    /** To be replicated. */
    public record Write(Operation operation) implements Body {}

    /** To be answered by this node, refusals included. */
    public record Read(ReadOperation operation) implements Body {}

    /** An unknown request type: answered in order, then the connection is closed. */
    public record Unknown() implements Body {}

    /** An auth packet: answered at once. */
    public record Authenticate(@Nullable String scheme, byte @Nullable [] data) implements Body {}

    /** A step of a SASL exchange: answered as soon as it is done. */
    public record Sasl(byte @Nullable [] token) implements Body {}

    /** An auth packet or a SASL step that cannot be read. */
    public record BrokenAuthentication() implements Body {}
}
