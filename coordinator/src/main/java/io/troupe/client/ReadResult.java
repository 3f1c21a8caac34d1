package io.troupe.client;

import java.util.List;

/** What one of several reads came to, see {@link Session#readAll}. */
public sealed interface ReadResult {
    /** A znode's data. */
    record Data(ZnodeData data) implements ReadResult {}

    /** The names of a znode's children. */
    record Names(List<String> names) implements ReadResult {
        public Names {
            names = List.copyOf(names);
        }
    }

    /** There is no such znode, or it may not be read. */
    record Failed(CoordinatorException.Refused cause) implements ReadResult {}
}
