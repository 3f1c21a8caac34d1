package io.troupe.request;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request or a read came to. Lists and arrays are never changed after construction. */
public sealed interface Result {

    /** Success without a body: delete, check, closeSession, setWatches, removeWatches, ping. */
    record Done() implements Result {
        public static final Done INSTANCE = new Done();
    }

    /** Refused; nothing was changed. */
    record Failed(ErrorCode error) implements Result {}

    /** A create; {@code stat} is null for the opcode whose reply has none. */
    record Created(String path, @Nullable Stat stat) implements Result {}

    /** exists, setData, setACL. */
    record Found(Stat stat) implements Result {}

    /** getData. */
    record Data(byte @Nullable [] data, Stat stat) implements Result {}

    /** getChildren; {@code stat} is null for the opcode whose reply has none. */
    record Children(NameList names, @Nullable Stat stat) implements Result {
        /** With a list of its own. */
        public Children(List<String> names, @Nullable Stat stat) {
            this(NameList.copyOf(names), stat);
        }
    }

    /** getACL. */
    record AclFound(List<Acl> acl, Stat stat) implements Result {}

    /** getAllChildrenNumber. */
    record Count(int total) implements Result {}

    /** getEphemerals. */
    record Paths(List<String> paths) implements Result {}

    /** sync; the path is echoed. */
    record Synced(String path) implements Result {}

    /** addWatch. */
    record WatchAdded() implements Result {
        public static final WatchAdded INSTANCE = new WatchAdded();
    }

    /** To watches taken up again: whether everything since was told, rather than some of it forgotten. */
    record Resumed(boolean complete) implements Result {}

    /** whoAmI. */
    record Who(List<Identity> identities) implements Result {
        public Who {
            identities = List.copyOf(identities);
        }
    }

    /** multi and multiRead: one result for each sub-operation, in order. */
    record Many(List<Result> results) implements Result {
        public Many {
            results = List.copyOf(results);
        }
    }

    /** A failure with this code. */
    static Result failed(ErrorCode error) {
        return new Failed(error);
    }

    /** The error of a failure, {@link ErrorCode#OK} otherwise. */
    default ErrorCode error() {
        return this instanceof Failed failed ? failed.error() : ErrorCode.OK;
    }
}
