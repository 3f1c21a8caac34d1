package io.troupe.client;

import java.util.Optional;

/** What a watch tells, in the order of the changes. */
public sealed interface Event {
    /** A change of a watched znode. */
    record Change(Kind kind, String path, long zxid) implements Event {}

    /**
     * Changes with zxids above {@code after} and up to {@code upTo} may be missing here: the session was away for longer than the
     * nodes remember, or events were not taken fast enough. Whoever keeps a picture of what it watches must read it anew.
     */
    record Gap(long after, long upTo) implements Event {
        /** In place of an event. */
        static Gap of(Event event) {
            return event instanceof Change change
                    ? new Gap(change.zxid() - 1, change.zxid())
                    : new Gap(((Gap) event).after, ((Gap) event).upTo);
        }

        /** In place of an event besides. */
        Gap including(Event event) {
            return new Gap(after, of(event).upTo);
        }
    }

    /** What has changed. */
    enum Kind {
        CREATED(1),
        DELETED(2),
        DATA_CHANGED(3),
        /** A child was created or deleted; not told by recursive watches, which tell of the child itself. */
        CHILDREN_CHANGED(4);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        static Optional<Kind> of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }
}
