package io.troupe.request;

import java.util.Optional;

/** The kinds of znode a client can create; {@link #flags} is the wire value (contract 2.5). */
public enum CreateMode {
    PERSISTENT(0),
    EPHEMERAL(1),
    PERSISTENT_SEQUENTIAL(2),
    EPHEMERAL_SEQUENTIAL(3),
    CONTAINER(4),
    PERSISTENT_WITH_TTL(5),
    PERSISTENT_SEQUENTIAL_WITH_TTL(6);

    private final int flags;

    CreateMode(int flags) {
        this.flags = flags;
    }

    /** The number on the wire. */
    public int flags() {
        return flags;
    }

    /** Whether the server appends a sequence number to the name. */
    public boolean sequential() {
        return this == PERSISTENT_SEQUENTIAL || this == EPHEMERAL_SEQUENTIAL || this == PERSISTENT_SEQUENTIAL_WITH_TTL;
    }

    /** Whether the znode dies with its session. */
    public boolean ephemeral() {
        return this == EPHEMERAL || this == EPHEMERAL_SEQUENTIAL;
    }

    /** Whether the znode dies when it is left alone for its time to live. */
    public boolean ttl() {
        return this == PERSISTENT_WITH_TTL || this == PERSISTENT_SEQUENTIAL_WITH_TTL;
    }

    /** The mode of a wire value, empty for a number that is none. */
    public static Optional<CreateMode> of(int flags) {
        return flags >= 0 && flags < values().length ? Optional.of(values()[flags]) : Optional.empty();
    }
}
