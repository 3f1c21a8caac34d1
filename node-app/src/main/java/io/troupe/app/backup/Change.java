package io.troupe.app.backup;

import io.troupe.request.Acl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of what makes a live tree the one of a backup. Versions are those seen: where they have changed, the step is refused. */
public sealed interface Change {
    /** The znode. */
    String path();

    /** Data it carries, in bytes. */
    default int bytes() {
        return 0;
    }

    /**
     * The znode comes back.
     *
     * @param owner its kind, as {@link io.troupe.tree.state.EphemeralOwner} encodes it: no session's
     */
    record Create(String path, byte @Nullable [] data, List<Acl> acl, long owner) implements Change {
        @Override
        public int bytes() {
            return data == null ? 0 : data.length;
        }
    }

    /** Its data is another. */
    record SetData(String path, byte @Nullable [] data, int version) implements Change {
        @Override
        public int bytes() {
            return data == null ? 0 : data.length;
        }
    }

    /** Its access control list is another. */
    record SetAcl(String path, List<Acl> acl, int aversion) implements Change {}

    /** It is not in the backup. */
    record Delete(String path, int version) implements Change {}
}
