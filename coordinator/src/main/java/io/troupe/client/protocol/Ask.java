package io.troupe.client.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client can ask for in its session; what it means is ZooKeeper's contract, section 2. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t", defaultImpl = Ask.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Ask.Ping.class, name = "ping"),
    @JsonSubTypes.Type(value = Ask.CloseSession.class, name = "close"),
    @JsonSubTypes.Type(value = Ask.Create.class, name = "create"),
    @JsonSubTypes.Type(value = Ask.Delete.class, name = "delete"),
    @JsonSubTypes.Type(value = Ask.SetData.class, name = "setData"),
    @JsonSubTypes.Type(value = Ask.Check.class, name = "check"),
    @JsonSubTypes.Type(value = Ask.SetAcl.class, name = "setAcl"),
    @JsonSubTypes.Type(value = Ask.Multi.class, name = "multi"),
    @JsonSubTypes.Type(value = Ask.Exists.class, name = "exists"),
    @JsonSubTypes.Type(value = Ask.GetData.class, name = "getData"),
    @JsonSubTypes.Type(value = Ask.GetChildren.class, name = "getChildren"),
    @JsonSubTypes.Type(value = Ask.MultiRead.class, name = "multiRead"),
    @JsonSubTypes.Type(value = Ask.GetAcl.class, name = "getAcl"),
    @JsonSubTypes.Type(value = Ask.GetEphemerals.class, name = "ephemerals"),
    @JsonSubTypes.Type(value = Ask.CountDescendants.class, name = "count"),
    @JsonSubTypes.Type(value = Ask.WhoAmI.class, name = "who"),
    @JsonSubTypes.Type(value = Ask.AddAuth.class, name = "auth"),
    @JsonSubTypes.Type(value = Ask.Sasl.class, name = "sasl"),
    @JsonSubTypes.Type(value = Ask.Reconfigure.class, name = "reconfigure"),
    @JsonSubTypes.Type(value = Ask.Sync.class, name = "sync"),
    @JsonSubTypes.Type(value = Ask.AddWatch.class, name = "watch"),
    @JsonSubTypes.Type(value = Ask.RemoveWatch.class, name = "unwatch"),
    @JsonSubTypes.Type(value = Ask.ResumeWatches.class, name = "resume")
})
public sealed interface Ask {
    /** Whether it changes nothing that a repetition could change again: asked once more, it comes to the same. */
    default boolean repeatable() {
        return !(this instanceof Write)
                && !(this instanceof Multi)
                && !(this instanceof SetAcl)
                && !(this instanceof Reconfigure)
                && !(this instanceof Sasl);
    }

    /** What a transaction may consist of. */
    sealed interface Write extends Ask {}

    /** What a read of several may consist of. */
    sealed interface Read extends Ask {}

    /** Of a kind that this node does not know. */
    record Unknown() implements Ask {}

    /** The client is there; answered like a read. */
    record Ping() implements Ask {}

    record CloseSession() implements Ask {}

    /**
     * @param ttlMillis of modes with a time to live, else -1
     */
    record Create(String path, byte[] data, List<Acl> acl, CreateMode mode, long ttlMillis) implements Write {
        public Create {
            acl = List.copyOf(acl);
        }
    }

    /** Version -1 matches any. */
    record Delete(String path, int version) implements Write {}

    /** Version -1 matches any. */
    record SetData(String path, byte[] data, int version) implements Write {}

    /** Only in a transaction. Version -1 matches any. */
    record Check(String path, int version) implements Write {}

    /** Version -1 matches any. */
    record SetAcl(String path, List<Acl> acl, int version) implements Ask {
        public SetAcl {
            acl = List.copyOf(acl);
        }
    }

    /** All or nothing. */
    record Multi(List<Write> writes) implements Ask {
        public Multi {
            writes = List.copyOf(writes);
        }
    }

    record Exists(String path) implements Ask {}

    record GetData(String path) implements Read {}

    record GetChildren(String path) implements Read {}

    /** Each has an answer of its own. */
    record MultiRead(List<Read> reads) implements Ask {
        public MultiRead {
            reads = List.copyOf(reads);
        }
    }

    record GetAcl(String path) implements Ask {}

    /** Paths of the session's own ephemerals below a prefix, "/" for all. */
    record GetEphemerals(String prefix) implements Ask {}

    record CountDescendants(String path) implements Ask {}

    record WhoAmI() implements Ask {}

    record AddAuth(String scheme, byte[] data) implements Ask {}

    /**
     * One round of logging in by SASL, of which there may be several; answered by {@link Answer.SaslToken}. It counts for this connection
     * alone.
     *
     * @param token of the client's mechanism, empty where it has none to begin with
     */
    record Sasl(byte[] token) implements Ask {}

    /**
     * Other members. Lines are {@code server.N=host:port:port:participant;host:port}, as ZooKeeper's tools write them. Answered by the
     * data of {@code /zookeeper/config}.
     *
     * @param joining added, or put in the place of members with the same ids
     * @param leaving ids of those that go
     * @param members all there shall be, null where the other two say what changes
     * @param version that the configuration in force must have, -1 for any
     */
    record Reconfigure(
            List<String> joining,
            List<Integer> leaving,
            @Nullable List<String> members,
            long version) implements Ask {
        /** Spelled out, because Java 17 loses what annotates the parameters of the short form. */
        public Reconfigure(List<String> joining, List<Integer> leaving, @Nullable List<String> members, long version) {
            this.joining = List.copyOf(joining);
            this.leaving = List.copyOf(leaving);
            this.members = members == null ? null : List.copyOf(members);
            this.version = version;
        }
    }

    /** Answered once this node has executed whatever had committed when it was asked. */
    record Sync(String path) implements Ask {}

    /** Until it is removed: of the node and its children, or of the node and all below. */
    record AddWatch(String path, boolean recursive) implements Ask {}

    record RemoveWatch(String path, boolean recursive) implements Ask {}

    /**
     * The watches of an earlier connection. What they would have told of since comes before the answer, as long as the node
     * remembers it.
     *
     * @param since the zxid up to which the client was told everything
     */
    record ResumeWatches(long since, List<String> paths, List<String> recursive) implements Ask {
        public ResumeWatches {
            paths = List.copyOf(paths);
            recursive = List.copyOf(recursive);
        }
    }
}
