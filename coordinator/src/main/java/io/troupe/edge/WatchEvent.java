package io.troupe.edge;

/** A change a client asked to be told of (contract 3.2). */
public record WatchEvent(Type type, String path) {
    /** The four events a server sends. */
    public enum Type {
        CREATED(1),
        DELETED(2),
        DATA_CHANGED(3),
        CHILDREN_CHANGED(4);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }
    }
}
