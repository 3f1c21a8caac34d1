package io.troupe.request;

import java.util.Objects;

/** Who a client is, or whom an ACL entry names (contract 4.4). */
public record Identity(String scheme, String id) {
    /** The identity that everybody has. */
    public static final Identity ANYONE = new Identity("world", "anyone");

    public Identity {
        Objects.requireNonNull(scheme);
        Objects.requireNonNull(id);
    }
}
