package io.troupe.client.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a node has for a session, in the order in which its client must see it: an event before the answer that shows its cause. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t", defaultImpl = Delivery.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Delivery.Reply.class, name = "r"),
    @JsonSubTypes.Type(value = Delivery.Fired.class, name = "e"),
    @JsonSubTypes.Type(value = Delivery.Ended.class, name = "end")
})
public sealed interface Delivery {
    /** Of a kind that this client does not know, and does without. */
    record Unknown() implements Delivery {}

    /**
     * The answer to a call.
     *
     * @param zxid last one that the node had executed
     */
    record Reply(int xid, long zxid, Answer answer) implements Delivery {}

    /**
     * A watch has fired.
     *
     * @param type 1 created, 2 deleted, 3 data changed, 4 children changed
     * @param zxid of the change
     */
    record Fired(int type, String path, long zxid) implements Delivery {}

    /** Nothing more comes on this connection. */
    record Ended(End reason) implements Delivery {}

    /** Why a connection ends. */
    enum End {
        /** The client has closed its session. */
        CLOSED,
        /** The session has expired. */
        EXPIRED,
        /** The client has opened another connection for its session. */
        MOVED,
        /** The client takes less than it is due. */
        UNREAD,
        /** What the client sent is against the protocol, or too long. */
        MISTAKE,
        /** The client has not been heard of for the time of its session. */
        SILENT,
        /** The node stops, or starts again, or cannot tell any more what became of the calls. */
        STOPPING
    }
}
