package io.troupe.client.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import io.troupe.request.Stat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an {@link Ask} came to. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t", defaultImpl = Answer.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Answer.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Answer.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Answer.Created.class, name = "created"),
    @JsonSubTypes.Type(value = Answer.Found.class, name = "found"),
    @JsonSubTypes.Type(value = Answer.Data.class, name = "data"),
    @JsonSubTypes.Type(value = Answer.Children.class, name = "children"),
    @JsonSubTypes.Type(value = Answer.AclFound.class, name = "acl"),
    @JsonSubTypes.Type(value = Answer.Count.class, name = "count"),
    @JsonSubTypes.Type(value = Answer.Paths.class, name = "paths"),
    @JsonSubTypes.Type(value = Answer.Who.class, name = "who"),
    @JsonSubTypes.Type(value = Answer.Resumed.class, name = "resumed"),
    @JsonSubTypes.Type(value = Answer.SaslToken.class, name = "sasl"),
    @JsonSubTypes.Type(value = Answer.Many.class, name = "many")
})
public sealed interface Answer {
    /** Of a kind that this client does not know. */
    record Unknown() implements Answer {}

    /** Success that says nothing more. */
    record Done() implements Answer {}

    /** Refused; nothing was changed. {@code code} is ZooKeeper's. */
    record Failed(int code) implements Answer {}

    record Created(String path, Stat stat) implements Answer {}

    /** To exists, setData and setAcl. */
    record Found(Stat stat) implements Answer {}

    record Data(byte[] data, Stat stat) implements Answer {}

    /** {@code stat} is null for children read together with others. */
    record Children(List<String> names, @Nullable Stat stat) implements Answer {
        /** Spelled out, because Java 17 loses what annotates the parameters of the short form. */
        public Children(List<String> names, @Nullable Stat stat) {
            this.names = List.copyOf(names);
            this.stat = stat;
        }
    }

    record AclFound(List<Acl> acl, Stat stat) implements Answer {
        public AclFound {
            acl = List.copyOf(acl);
        }
    }

    record Count(int total) implements Answer {}

    record Paths(List<String> paths) implements Answer {
        public Paths {
            paths = List.copyOf(paths);
        }
    }

    record Who(List<Identity> identities) implements Answer {
        public Who {
            identities = List.copyOf(identities);
        }
    }

    /** Whether everything since was told, rather than some of it forgotten by the node. */
    record Resumed(boolean complete) implements Answer {}

    /** To a round of SASL; null where the node's mechanism has nothing more to say, or the node has none. */
    record SaslToken(byte @Nullable [] token) implements Answer {
        /** Spelled out, because Java 17 loses what annotates the parameters of the short form. */
        public SaslToken(byte @Nullable [] token) {
            this.token = token;
        }
    }

    /** To multi and multiRead: one for each, in their order. */
    record Many(List<Answer> answers) implements Answer {
        public Many {
            answers = List.copyOf(answers);
        }
    }
}
